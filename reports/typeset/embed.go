package typeset

import (
	"bytes"
	"encoding/csv"
	"path"
	"slices"
	"strconv"
	"strings"

	"secretariat/reports/document"
)

// embed adds the rows of a table as a CSV file in UTF-8 (RFC 4180: CRLF, quoted where needed).
func (s *setter) embed(t document.Table) {
	if len(t.Data) == 0 || t.Name == "" {
		return
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for _, record := range t.Data {
		valid := make([]string, len(record))
		for i, field := range record {
			valid[i] = strings.ToValidUTF8(field, "\uFFFD")
		}
		_ = w.Write(valid) // a bytes.Buffer takes everything
	}
	w.Flush()
	s.files = append(s.files, File{Name: s.fileName(t.Name), Type: "text/csv", Description: cleaned(t.Caption), Bytes: b.Bytes()})
}

// fileName is the name of the file, made unlike the others by a number.
func (s *setter) fileName(name string) string {
	name = path.Base(cleaned(name))
	for n := 1; ; n++ {
		full := name + ".csv"
		if n > 1 {
			full = name + "-" + strconv.Itoa(n) + ".csv"
		}
		if !slices.ContainsFunc(s.files, func(f File) bool { return f.Name == full }) {
			return full
		}
	}
}
