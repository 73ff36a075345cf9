// Sends the same letter n times through nodemailer's pool: node run.mjs HOST PORT N CONNECTIONS
import { readFileSync, existsSync } from 'node:fs'
import nodemailer from 'nodemailer'

const [host, port, n, maxConnections] = [process.argv[2], ...process.argv.slice(3).map(Number)]
const transport = nodemailer.createTransport({ host, port, pool: true, maxConnections, maxMessages: Infinity, secure: false, ignoreTLS: true })
const text = readFileSync('text', 'utf8'), html = readFileSync('html', 'utf8')
const attachments = existsSync('file.pdf') ? [{ filename: 'report.pdf', contentType: 'application/pdf', content: readFileSync('file.pdf') }] : []
let next = 0
async function sender() {
  while (next < n) {
    const i = next++
    await transport.sendMail({ from: 'secretariat@isrs.example', to: 'anna@un.example', subject: 'Weekly report', text, html, attachments,
      messageId: `<node.${i}@isrs.example>` })
  }
}
await Promise.all(Array.from({ length: 2 * maxConnections }, sender))
transport.close()
