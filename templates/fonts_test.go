package templates_test

import (
	"bytes"
	"os"
	"testing"

	"secretariat/reports/typeset"
	"secretariat/templates"
)

// Every face has a TrueType file with outlines that gofpdf and the font cutter read, and its licence beside it.
func TestFonts(t *testing.T) {
	for _, face := range typeset.Faces {
		if b := templates.Font(string(face)); !bytes.HasPrefix(b, []byte{0, 1, 0, 0}) {
			t.Errorf("font %s is not TrueType (%d bytes)", face, len(b))
		}
	}
	if templates.Font("wingdings") != nil {
		t.Error("a face that does not exist has a font")
	}
	for _, name := range []string{"fonts/OFL.txt", "fonts/Apache-2.0.txt"} {
		if b, err := os.ReadFile(name); err != nil || len(b) < 4000 {
			t.Errorf("licence %s: %d bytes, error %v", name, len(b), err)
		}
	}
}
