package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// table writes rows in columns under their headings; Flush ends it.
type table struct{ *tabwriter.Writer }

func (a *app) table(heads ...string) table { return newTable(a.out, heads...) }

func newTable(out io.Writer, heads ...string) table {
	t := table{tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)}
	if len(heads) > 0 {
		fmt.Fprintln(t, strings.TrimRight(strings.Join(heads, "\t"), "\t"))
	}
	return t
}

// row writes a row: its cells as fmt.Print shows them, on one line whatever they hold.
func (t table) row(cells ...any) {
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i] = oneLine.Replace(fmt.Sprint(c))
	}
	fmt.Fprintln(t, strings.TrimRight(strings.Join(texts, "\t"), "\t"))
}

var oneLine = strings.NewReplacer("\t", " ", "\r\n", " ", "\n", " ", "\v", " ", "\f", " ")
