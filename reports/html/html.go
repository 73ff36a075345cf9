// Package html gives a document the form of a letter's body and of a web page, and the plain text that goes with a letter.
//
// The letter is one HTML page that needs nothing from outside: styles stand at the elements, pictures are not used, bars are
// table cells with a background. It holds in mail programs that know little CSS (Outlook sets it with Word), on a phone 390
// pixels wide, on paper, and where a program inverts colours: every coloured ground carries its own text colour.
package html

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"strings"

	"secretariat/reports/document"
)

// FootSection is the ID of a section that is set small, under a rule, at the end of a letter.
const FootSection = "foot"

//go:embed blocks.tmpl
var source string

var pages = template.Must(template.New("html").Funcs(template.FuncMap{
	"whole": whole, "form": form, "kind": kind, "href": href, "shown": shown, "ink": ink, "fill": fill, "sign": sign, "heat": heat,
	"percent": percent, "share": share, "greatest": greatest, "reached": reached, "has": has, "toneOf": toneOf,
	"align": align, "alignOf": alignOf, "titled": titled, "odd": odd, "drawing": drawing,
}).Parse(source))

// Letter returns a document as the HTML body of a letter and as the same in plain text: the same words in the same order,
// with the same links.
func Letter(doc document.Document) (html, text string, err error) {
	doc = cleaned(doc)
	html, err = execute("letter", doc)
	if err != nil {
		return "", "", fmt.Errorf("write letter %q as HTML: %w", doc.Meta.Title, err)
	}
	return html, plain(doc), nil
}

// Page returns a document as a page for the browser: as wide as its columns need, and fit to be printed.
func Page(doc document.Document) (string, error) {
	html, err := execute("page", cleaned(doc))
	if err != nil {
		return "", fmt.Errorf("write page %q as HTML: %w", doc.Meta.Title, err)
	}
	return html, nil
}

func execute(name string, doc document.Document) (string, error) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, doc); err != nil {
		return "", err
	}
	// Line breaks of the template carry no meaning; without the empty lines the source of a letter stays readable.
	var out strings.Builder
	out.Grow(b.Len())
	for line := range bytes.Lines(b.Bytes()) {
		if len(bytes.TrimSpace(line)) > 0 {
			out.Write(line)
		}
	}
	return out.String(), nil
}
