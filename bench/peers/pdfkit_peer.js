// Sets content.json with pdfkit. Usage: node pdfkit_peer.js FOLDER OUT N; NODE_PATH leads to where pdfkit is installed.
const fs = require('fs')
const PDFDocument = require('pdfkit')

const fonts = __dirname + '/../../templates/fonts/NotoSans-'
const [folder, out, n] = process.argv.slice(2)
const content = JSON.parse(fs.readFileSync(folder + '/content.json'))
const blue = '#1f4e79'

function chart(p, c) {
  const step = 300 / c.values.length
  const sum = c.values.reduce((a, b) => a + b)
  let angle = 0
  p.fontSize(8)
  c.values.forEach((v, i) => {
    const y = 190 + i * step
    if (c.kind === 'line') {
      const x = 40 + i * 500 / c.values.length
      p.circle(x, 480 - v * 2.8, 2).fill(blue).text(String(i + 1), x, 495, { lineBreak: false })
      if (i) p.moveTo(x - 500 / c.values.length, 480 - c.values[i - 1] * 2.8).lineTo(x, 480 - v * 2.8).stroke(blue)
    } else if (c.kind === 'donut') {
      const to = angle + v / sum * 2 * Math.PI
      const at = a => `${370 + 140 * Math.cos(a)} ${340 + 140 * Math.sin(a)}`
      p.path(`M370 340L${at(angle)}A140 140 0 0 1 ${at(to)}Z`).fill(`rgb(40,${40 + i * 40},120)`)
      p.fillColor('#222').text(c.labels[i], 40, 190 + i * 16, { lineBreak: false })
      angle = to
    } else {
      p.fillColor('#222').text(c.labels[i], 40, y, { lineBreak: false })
      p.rect(190 + (c.from ? c.from[i] : 0) * 2.5, y, v * 2.5, step * 0.8).fill(blue)
    }
  })
}

function table(p, page, t) {
  const widths = [30, 165, 105, 80, 50, 45, 35]
  let y = 999
  t.rows.forEach((row, i) => {
    if (y > 770) {
      page()
      y = 40
      if (i === 0) {
        p.font('bold').fontSize(16).text(t.title, 40, y)
        y += 28
      }
      p.rect(40, y, 510, 20).fill(blue)
      line(t.head, 'bold', '#fff')
      y += 20
    }
    if (i % 2) p.rect(40, y, 510, 24).fill('#f2f5f9')
    line(row, 'regular', '#222')
    y += 24
  })
  function line(cells, font, color) {
    let x = 40
    p.font(font).fontSize(8).fillColor(color)
    cells.forEach((text, k) => {
      p.text(text, x + 2, y + 4, { width: widths[k] - 4, height: 20 })
      x += widths[k]
    })
  }
}

function build() {
  return new Promise(done => {
    const p = new PDFDocument({ size: 'A4', margin: 40, autoFirstPage: false })
    const chunks = []
    p.on('data', c => chunks.push(c))
    p.on('end', () => done(Buffer.concat(chunks)))
    p.registerFont('regular', fonts + 'Regular.ttf')
    p.registerFont('bold', fonts + 'Bold.ttf')
    let number = 0
    const page = () => {
      p.addPage({ margin: 20, size: 'A4' })
      p.font('regular').fontSize(8).fillColor('#222').text('Page ' + ++number, 500, 800, { lineBreak: false })
    }
    for (const c of content.charts) {
      page()
      p.font('bold').fontSize(16).text(c.title, 40, 40)
      p.font('regular').fontSize(10).text(content.intro, 40, 70, { width: 500 })
      chart(p, c)
    }
    for (const t of content.tables) table(p, page, t)
    p.end()
  })
}

(async () => {
  for (let i = 0; i < Number(n); i++) fs.writeFileSync(out, await build())
})()
