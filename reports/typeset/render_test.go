package typeset_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"secretariat/reports/pdf"
	"secretariat/reports/typeset"
	"secretariat/templates"
)

var pdfFolder = flag.String("pdf", "", "folder to write the sample reports to as PDF")

func fonts() pdf.Fonts {
	f := pdf.Fonts{}
	for _, name := range typeset.Faces {
		f[name] = templates.Font(string(name))
	}
	return f
}

// The samples can be drawn, which proves places, tree and rune sets; with -pdf they can be looked at.
func TestSamplesAreDrawn(t *testing.T) {
	for lang := range samples {
		t.Run(lang, func(t *testing.T) {
			l, err := typeset.Set(sample(lang, 61))
			if err != nil {
				t.Fatal(err)
			}
			b, err := pdf.Draw(l, fonts())
			if err != nil {
				t.Fatal(err)
			}
			writePDF(t, lang, b)
		})
	}
}

// writePDF writes a file to the folder named by -pdf, if any.
func writePDF(t *testing.T, name string, b []byte) {
	t.Helper()
	if *pdfFolder == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(*pdfFolder, strings.ReplaceAll(name, " ", "-")+".pdf"), b, 0o644); err != nil {
		t.Fatal(err)
	}
}
