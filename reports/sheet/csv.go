package sheet

import (
	"bytes"
	"encoding/csv"
	"strings"

	"secretariat/reports/document"
)

// CSV returns the rows of a table as RFC 4180 has it: commas, CR LF, column names first, UTF-8 with a byte order mark, by
// which spreadsheet programs know the encoding. A text that such a program would take for a formula gets an apostrophe
// before it; numbers below zero do not.
func CSV(t document.Table) []byte {
	out := bytes.NewBufferString("\uFEFF")
	w := csv.NewWriter(out)
	w.UseCRLF = true
	for _, row := range t.Data {
		safe := make([]string, len(row))
		for i, text := range row {
			safe[i] = defused(strings.ToValidUTF8(text, "\uFFFD"))
		}
		w.Write(safe) // a bytes.Buffer takes everything
	}
	w.Flush()
	return out.Bytes()
}

// defused keeps a text from being run: =, +, -, @, tab and CR begin a formula (OWASP, CSV injection).
func defused(text string) string {
	if text == "" || !strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return text
	}
	if _, ok := number(text); ok {
		return text
	}
	return "'" + text
}
