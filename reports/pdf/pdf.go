// Package pdf draws a display list with gofpdf and finishes the file: structure tree, metadata, fonts, bookmarks, links,
// embedded files. The same display list gives the same bytes, on every machine, at every time, in every zone.
//
// gofpdf writes the content of pages and nothing else. Its Unicode fonts, attachments, bookmarks, links, aliases, text
// flow and metadata have faults that no check of the file shows, so all of these are written here.
//
// The files are tagged and made along the lines of PDF/A and PDF/UA; they do not claim to conform to either.
package pdf

import (
	"fmt"

	"secretariat/reports/typeset"
)

// Draw makes a PDF file of a display list. It fails on a list that cannot be drawn as it is: a number that is none, a rune
// that its face does not have, a link to nowhere; and it never panics.
func Draw(l *typeset.Layout, fonts Fonts) (b []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			b, err = nil, fmt.Errorf("draw pages: %v", r)
		}
	}()
	if err := check(l); err != nil {
		return nil, fmt.Errorf("draw pages: %w", err)
	}
	faces := make(map[typeset.Face]*face, len(l.Runes))
	extra := turnedRunes(l)
	for name, runes := range l.Runes {
		if len(runes) == 0 {
			continue
		}
		if faces[name], err = cuts.face(fonts[name], runes, extra[name]); err != nil {
			return nil, fmt.Errorf("cut face %s: %w", name, err)
		}
	}
	f := newFinisher(newCanvas(l, faces))
	if err := f.canvas.drawPages(f.takeContent); err != nil {
		return nil, fmt.Errorf("draw pages: %w", err)
	}
	if b, err = f.file(); err != nil {
		return nil, fmt.Errorf("finish file: %w", err)
	}
	return b, nil
}
