// Package sheet gives the tables of a report as a workbook (XLSX) and as CSV, from the rows of the queries and not from
// what was set on pages: every row and every column, with numbers as numbers and days as days.
package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"secretariat/reports/document"
)

// MediaType is that of a workbook.
const MediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// Limits of the file format (Microsoft, "Excel specifications and limits").
const (
	maxRows   = 1048576
	maxText   = 32767 // characters of a cell
	maxName   = 31    // characters of a sheet's name
	widest    = 60    // our own bound of a column's width, in characters
	narrowest = 8
)

// Workbook returns a workbook with one sheet per table that has data, in the order of the report. The same document gives
// the same bytes.
func Workbook(doc document.Document) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	styles, err := newStyles(f)
	if err != nil {
		return nil, fmt.Errorf("write workbook: %w", err)
	}
	names := namer{}
	for _, t := range Tables(doc) {
		name := names.name(t)
		if _, err := f.NewSheet(name); err != nil {
			return nil, fmt.Errorf("write sheet %q: %w", name, err)
		}
		if err := writeSheet(f, name, t, styles, doc.Meta.RightToLeft); err != nil {
			return nil, fmt.Errorf("write sheet %q: %w", name, err)
		}
	}
	if err := f.DeleteSheet("Sheet1"); err != nil { // that of a new file; it stays when the report has no tables
		return nil, fmt.Errorf("write workbook: %w", err)
	}
	f.SetActiveSheet(0)
	if err := setProperties(f, doc.Meta); err != nil {
		return nil, fmt.Errorf("write workbook: %w", err)
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		return nil, fmt.Errorf("write workbook: %w", err)
	}
	return settled(out.Bytes())
}

// Tables returns the tables with data of all sections in reading order, also those that stand side by side.
func Tables(doc document.Document) []document.Table {
	var found []document.Table
	var walk func(blocks []document.Block)
	walk = func(blocks []document.Block) {
		for _, b := range blocks {
			switch b := b.(type) {
			case document.Table:
				if len(b.Data) > 0 {
					found = append(found, b)
				}
			case document.Columns:
				for _, item := range b.Items {
					walk(item.Blocks)
				}
			}
		}
	}
	for _, s := range doc.Sections {
		walk(s.Blocks)
	}
	return found
}

// namer makes names of sheets: no marks that the format forbids, at most 31 characters, each once whatever its case.
type namer map[string]bool

func (n namer) name(t document.Table) string {
	base := strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`:\/?*[]`, r) {
			return ' '
		}
		return r
	}, t.Name))
	base = strings.Trim(base, "'")
	if base == "" || strings.EqualFold(base, "Sheet1") {
		base = "table"
	}
	for i := 1; ; i++ {
		suffix := ""
		if i > 1 {
			suffix = fmt.Sprintf("-%d", i)
		}
		name := cut(base, maxName-len(suffix)) + suffix
		if key := strings.ToLower(name); !n[key] {
			n[key] = true
			return name
		}
	}
}

// cut shortens a text to n characters.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n])
}

func setProperties(f *excelize.File, m document.Meta) error {
	created := m.AsOf.UTC().Format("2006-01-02T15:04:05Z")
	return f.SetDocProps(&excelize.DocProperties{Title: m.Title, Subject: m.Subject, Creator: m.Author, LastModifiedBy: m.Author,
		Language: m.Language, Created: created, Modified: created})
}
