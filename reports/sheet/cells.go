package sheet

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"secretariat/reports/document"
)

// styles are the looks of cells.
type styles struct{ head, text, day, moment, instant, note int }

func newStyles(f *excelize.File) (s styles, err error) {
	wrap := &excelize.Alignment{Vertical: "top", WrapText: true}
	day, moment, instant := "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", `yyyy-mm-dd hh:mm:ss "UTC"`
	for _, e := range []struct {
		id    *int
		style excelize.Style
	}{
		{&s.head, excelize.Style{Font: &excelize.Font{Bold: true, Color: "FFFFFF"}, Alignment: wrap,
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F4E79"}}}},
		{&s.text, excelize.Style{Alignment: wrap}},
		{&s.note, excelize.Style{Font: &excelize.Font{Italic: true}}},
		{&s.day, excelize.Style{Alignment: wrap, CustomNumFmt: &day}},
		{&s.moment, excelize.Style{Alignment: wrap, CustomNumFmt: &moment}},
		{&s.instant, excelize.Style{Alignment: wrap, CustomNumFmt: &instant}},
	} {
		style := e.style
		if *e.id, err = f.NewStyle(&style); err != nil {
			return s, err
		}
	}
	return s, nil
}

// writeSheet writes head and rows as a stream, the head frozen and with a filter, and below them what is said under the table.
func writeSheet(f *excelize.File, name string, t document.Table, s styles, rightToLeft bool) error {
	rows := t.Data[:min(len(t.Data), maxRows)]
	if err := prepare(f, name, len(rows[0]), len(rows), rightToLeft); err != nil {
		return err
	}
	w, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	for i, width := range widths(rows) {
		if err := w.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	for n, row := range rows {
		values := make([]any, len(row))
		for i, text := range row {
			if values[i] = cell(text, s); n == 0 {
				values[i] = excelize.Cell{StyleID: s.head, Value: plain(text)}
			}
		}
		at, err := excelize.CoordinatesToCellName(1, n+1)
		if err != nil {
			return err
		}
		if err := w.SetRow(at, values); err != nil {
			return err
		}
	}
	if t.Note != "" && len(rows) < maxRows-1 { // below an empty row, where neither filter nor sorting takes it for data
		at, err := excelize.CoordinatesToCellName(1, len(rows)+2)
		if err != nil {
			return err
		}
		if err := w.SetRow(at, []any{excelize.Cell{StyleID: s.note, Value: plain(t.Note)}}); err != nil {
			return err
		}
	}
	return w.Flush()
}

// prepare sets what belongs to the whole sheet: its direction and the filter of the head. The stream takes it over, so it
// comes first.
func prepare(f *excelize.File, name string, columns, rows int, rightToLeft bool) error {
	if err := f.SetSheetView(name, 0, &excelize.ViewOptions{RightToLeft: &rightToLeft}); err != nil || columns == 0 {
		return err
	}
	last, err := excelize.CoordinatesToCellName(columns, rows)
	if err != nil {
		return err
	}
	return f.AutoFilter(name, "A1:"+last, nil)
}

// cell types a text: a number when writing it as one loses nothing, a day, a moment, truth; else text. A text never
// becomes a formula.
func cell(text string, s styles) excelize.Cell {
	switch text {
	case "":
		return excelize.Cell{StyleID: s.text}
	case "true", "false":
		return excelize.Cell{StyleID: s.text, Value: text == "true"}
	}
	if v, ok := number(text); ok {
		return excelize.Cell{StyleID: s.text, Value: v}
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil && day.Year() >= 1901 {
		return excelize.Cell{StyleID: s.day, Value: day}
	}
	if moment, err := time.Parse("2006-01-02 15:04:05", text); err == nil && moment.Year() >= 1901 {
		return excelize.Cell{StyleID: s.moment, Value: moment}
	}
	if instant, err := time.Parse(time.RFC3339, text); err == nil && instant.Year() >= 1901 && instant.Year() < 9999 {
		return excelize.Cell{StyleID: s.instant, Value: instant.UTC()}
	}
	return excelize.Cell{StyleID: s.text, Value: plain(text)}
}

// number reads a decimal number of at most 15 digits, which is what a sheet keeps exactly. "007" and "+998…" are names
// that look like numbers and stay text.
func number(text string) (any, bool) {
	body := strings.TrimPrefix(text, "-")
	whole, fraction, point := strings.Cut(body, ".")
	if whole == "" || point && fraction == "" || len(whole)+len(fraction) > 15 || len(whole) > 1 && whole[0] == '0' {
		return nil, false
	}
	for _, c := range whole + fraction {
		if c < '0' || c > '9' {
			return nil, false
		}
	}
	if !point {
		v, err := strconv.ParseInt(text, 10, 64)
		return v, err == nil
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}

// plain makes a text fit a cell: valid, without control characters. One that is longer than a cell may be ends with dots;
// the CSV has it whole.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	if short := cut(text, maxText); short != text {
		return cut(text, maxText-1) + "…"
	}
	return text
}

// widths are the columns' widths by their longest text of the first thousand rows.
func widths(rows [][]string) []float64 {
	var out []float64
	for _, row := range rows[:min(len(rows), 1000)] {
		for i, text := range row {
			if i == len(out) {
				out = append(out, narrowest)
			}
			out[i] = max(out[i], float64(min(utf8.RuneCountInString(text)+2, widest)))
		}
	}
	return out
}
