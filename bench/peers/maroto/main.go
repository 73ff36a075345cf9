// Command maroto sets content.json with maroto. Usage: maroto FOLDER OUT N FONTS
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/johnfercher/maroto/v2"
	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/components/page"
	"github.com/johnfercher/maroto/v2/pkg/components/row"
	"github.com/johnfercher/maroto/v2/pkg/components/text"
	"github.com/johnfercher/maroto/v2/pkg/config"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"
	"github.com/johnfercher/maroto/v2/pkg/repository"
)

type content struct {
	Intro  string
	Charts []struct {
		Title  string
		Labels []string
		Values []float64
	}
	Tables []struct {
		Title string
		Head  []string
		Rows  [][]string
	}
}

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(folder, out, times string) error {
	n, err := strconv.Atoi(times)
	if err != nil {
		return err
	}
	b, err := os.ReadFile(filepath.Join(folder, "content.json"))
	if err != nil {
		return err
	}
	var c content
	if err := json.Unmarshal(b, &c); err != nil {
		return err
	}
	for range n {
		b, err := build(c)
		if err != nil {
			return err
		}
		if err := os.WriteFile(out, b, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// build sets the content. maroto has no vector charts: bars are coloured columns of its grid of twelve.
func build(c content) ([]byte, error) {
	list, err := repository.New().AddUTF8Font("noto", fontstyle.Normal, os.Args[4]+"/NotoSans-Regular.ttf").
		AddUTF8Font("noto", fontstyle.Bold, os.Args[4]+"/NotoSans-Bold.ttf").Load()
	if err != nil {
		return nil, err
	}
	m := maroto.New(config.NewBuilder().WithCustomFonts(list).WithDefaultFont(&props.Font{Family: "noto", Size: 8}).
		WithPageNumber().Build())
	for _, ch := range c.Charts {
		rows := []core.Row{heading(ch.Title), row.New(40).Add(text.NewCol(12, c.Intro, props.Text{Size: 10}))}
		for i, v := range ch.Values {
			wide := max(1, int(v/100*8))
			rows = append(rows, row.New(8).Add(text.NewCol(4, ch.Labels[i]),
				col.New(wide).WithStyle(&props.Cell{BackgroundColor: &props.Color{Red: 31, Green: 78, Blue: 121}}), col.New(8-wide)))
		}
		m.AddPages(page.New().Add(rows...))
	}
	for _, t := range c.Tables {
		rows := []core.Row{heading(t.Title), line(t.Head, fontstyle.Bold)}
		for _, r := range t.Rows {
			rows = append(rows, line(r, fontstyle.Normal))
		}
		m.AddPages(page.New().Add(rows...))
	}
	doc, err := m.Generate()
	if err != nil {
		return nil, err
	}
	return doc.GetBytes(), nil
}

func heading(title string) core.Row {
	return row.New(12).Add(text.NewCol(12, title, props.Text{Size: 16, Style: fontstyle.Bold}))
}

func line(cells []string, style fontstyle.Type) core.Row {
	r := row.New(9)
	for i, width := range []int{1, 4, 2, 2, 1, 1, 1} {
		r.Add(text.NewCol(width, cells[i], props.Text{Style: style}))
	}
	return r
}
