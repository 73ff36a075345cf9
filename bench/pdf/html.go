package main

import (
	"fmt"
	"html/template"
	"io"
	"math"
)

// page is the content for programs that print HTML, charts as SVG.
var page = template.Must(template.New("page").Funcs(template.FuncMap{"svg": svg}).Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{{.Title}}</title>
<style>
@page { size: A4; margin: 18mm; @bottom-right { content: counter(page) " / " counter(pages); font: 8pt "Noto Sans" } }
body { font: 10pt "Noto Sans"; color: #222 } h1 { font-size: 16pt } section { break-after: page }
table { border-collapse: collapse; width: 100%; font-size: 8pt } th { background: #1f4e79; color: #fff; text-align: left }
td, th { padding: 4px 3px } tr { break-inside: avoid } tr:nth-child(even) td { background: #f2f5f9 }
</style>
{{range .Charts}}<section><h1>{{.Title}}</h1><p>{{$.Intro}}</p>{{svg .}}</section>
{{end}}{{range .Tables}}<section><h1>{{.Title}}</h1><table><thead><tr>{{range .Head}}<th>{{.}}</th>{{end}}</tr></thead>
<tbody>{{range .Rows}}<tr>{{range .}}<td>{{.}}</td>{{end}}</tr>
{{end}}</tbody></table></section>
{{end}}`))

func writeHTML(w io.Writer, c content) error { return page.Execute(w, c) }

// svg draws a chart: bars for every kind but the line and the donut.
func svg(c chart) template.HTML {
	s := `<svg width="640" height="400" viewBox="0 0 640 400" font-family="Noto Sans" font-size="11">`
	n := float64(len(c.Values))
	angle := 0.0
	for i, v := range c.Values {
		label := template.HTMLEscapeString(c.Labels[i])
		y := 400 / n * float64(i)
		switch c.Kind {
		case "line":
			x := 640 / n * float64(i)
			s += fmt.Sprintf(`<circle cx="%.1f" cy="%.1f" r="3" fill="#2e86ab"/><text x="%.1f" y="395">%d</text>`, x, 380-v*3.5, x, i+1)
			if i > 0 {
				s += fmt.Sprintf(`<path d="M%.1f %.1fL%.1f %.1f" stroke="#2e86ab"/>`, x-640/n, 380-c.Values[i-1]*3.5, x, 380-v*3.5)
			}
		case "donut":
			to := angle + v/total(c.Values)*2*math.Pi
			s += fmt.Sprintf(`<path d="M400 200L%.1f %.1fA180 180 0 0 1 %.1f %.1fZ" fill="hsl(%d 60%% 40%%)"/><text x="0" y="%.1f">%s</text>`,
				400+180*math.Cos(angle), 200+180*math.Sin(angle), 400+180*math.Cos(to), 200+180*math.Sin(to), i*80, y+20, label)
			angle = to
		default:
			from := 0.0
			if c.From != nil {
				from = c.From[i]
			}
			s += fmt.Sprintf(`<text x="0" y="%.1f">%s</text><rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="#1f4e79"/>`,
				y+14, label, 200+from*3.5, y, v*3.5, 320/n)
		}
	}
	return template.HTML(s + "</svg>")
}

func total(values []float64) (sum float64) {
	for _, v := range values {
		sum += v
	}
	return sum
}
