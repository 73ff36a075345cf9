package pdf

import (
	"strings"
	"testing"
)

// Should another version of gofpdf write another shape, drawing fails and says where, instead of making a broken file.
func TestSourceOfAnotherShape(t *testing.T) {
	good := "%PDF-1.3\n1 0 obj\n<<>>\nendobj\n4 0 obj\n<</Length 3>>\nstream\nq Q\nendstream\nendobj\nxref\n0 5\n" +
		"0000000000 65535 f \n0000000009 00000 n \n0000000009 00000 n \n0000000009 00000 n \n0000000032 00000 n \ntrailer\nstartxref\n88\n%%EOF\n"
	good = strings.Replace(good, "\n88\n", "\n"+itoa(strings.Index(good, "xref\n"))+"\n", 1)
	good = strings.Replace(good, "0000000032", "00000000"+itoa(strings.Index(good, "4 0 obj")), 1)
	for _, row := range []struct{ name, old, new, want string }{
		{"as expected", "", "", ""},
		{"no table", "startxref", "startxxxx", "no startxref"},
		{"a table elsewhere", "startxref\n", "startxref\nx", "startxref"},
		{"an offset that is none", "0000000009 00000 n", "00000000x9 00000 n", "cross-reference"},
		{"an object elsewhere", "4 0 obj", "5 0 obj", "not at its place"},
		{"a compressed page", "<</Length", "<</Filter", "no content stream"},
		{"a wrong length", "/Length 3", "/Length 4", "has length"},
	} {
		s, err := readSource([]byte(strings.Replace(good, row.old, row.new, 1)))
		if err == nil {
			_, err = s.content(0)
		}
		if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
			t.Errorf("%s: got %v, want %q", row.name, err, row.want)
		}
	}
	if _, err := (&source{}).content(0); err == nil {
		t.Error("no error without pages")
	}
}
