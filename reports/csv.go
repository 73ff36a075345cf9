package reports

import (
	"bytes"
	"encoding/csv"
	"fmt"

	"secretariat/reports/document"
)

// CSV writes the tables of a document one behind the other, each under a line with its name: RFC 4180, UTF-8 with a
// byte order mark, so that spreadsheets read its letters. A cell that a spreadsheet would compute gets a quote in front.
func CSV(doc document.Document) ([]byte, error) {
	out := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(out)
	w.UseCRLF = true
	first := true
	for _, s := range doc.Sections {
		for _, b := range s.Blocks {
			t, ok := b.(document.Table)
			if !ok || len(t.Data) == 0 {
				continue
			}
			if !first {
				w.Write(nil)
			}
			first = false
			w.Write([]string{t.Name})
			for _, row := range t.Data {
				w.Write(harmless(row))
			}
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return nil, fmt.Errorf("write CSV: %w", err)
	}
	return out.Bytes(), nil
}

// harmless keeps text from being taken for a formula; numbers stay numbers.
func harmless(row []string) []string {
	out := make([]string, len(row))
	for i, s := range row {
		out[i] = s
		if s != "" && bytes.IndexByte([]byte("=+-@\t\r"), s[0]) >= 0 && rat(s) == nil {
			out[i] = "'" + s
		}
	}
	return out
}
