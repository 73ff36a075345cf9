package typeset

import (
	"math"
	"slices"
	"unicode"

	"secretariat/reports/document"
)

// tableBuilder makes a table of a document's table.
type tableBuilder struct {
	s     *setter
	doc   document.Table
	node  int
	width float64
	setting
	cells [][]cell // by row, then column
	heads []cell
}

// setting is how close a table is set.
type setting struct{ size, pad, bar float64 }

// settings begin with the roomiest. The others are for tables whose words or sentences find no room in it.
var settings = [...]setting{{sizeTable, 5.5, 34}, {7.5, 4.2, 26}, {7, 4.2, 26}, {6.4, 4.2, 26}}

// table measures columns with the largest size of type that leaves words whole, and builds the rows.
func (b *tableBuilder) table() table {
	nodes := b.elements()
	b.setting = settings[0]
	b.prepare(nodes)
	var widths []float64
	for i, set := range settings {
		b.resize(set)
		room := b.width - float64(len(b.doc.Columns))*2*b.pad
		natural, least := b.demands(false)
		if crowded(b.doc.Columns, natural, room) {
			natural, least = b.demands(true)
		}
		var fits bool
		widths, fits = share(b.doc.Columns, natural, least, room)
		if fits && (i > 0 || !b.cramped(widths)) {
			break
		}
	}
	shape := &tableShape{width: b.width, pad: b.pad, title: b.s.repeatTitle(b.width)}
	shape.again = func(at int) row { return b.again(at, shape) }
	x := 0.0
	for i, w := range widths {
		shape.columns = append(shape.columns, tableColumn{x: x + b.pad, w: w, align: b.align(i)})
		x += w + 2*b.pad
	}
	b.decimals(shape)
	shape.head = b.row(document.RowBody, b.heads, shape)
	shape.head.high += 2
	rows := b.rows(shape)
	if shape.head.high > b.s.room/3 {
		rows = append([]row{b.tallHead(shape)}, rows...)
	}
	return table{tableShape: shape, rows: rows}
}

// tallHead turns heads that would crowd out the rows under them into a first row, which is said once and may be parted.
func (b *tableBuilder) tallHead(shape *tableShape) row {
	head := shape.head
	shape.head = row{}
	for i := range head.cells {
		t := &head.cells[i].text
		t.spans = []spanLook{{color: navy, node: t.spans[0].node}}
	}
	return head
}

// align is the alignment of a column. In a mirrored table numbers still line up at their last digit.
func (b *tableBuilder) align(i int) document.Align {
	a := b.doc.Columns[i].Align
	if b.s.right && a == document.AlignEnd {
		return document.AlignDecimal
	}
	return a
}

// elements makes the structure: heads, then the rows with their cells.
func (b *tableBuilder) elements() (rows []int) {
	tree := &b.s.tree
	head := tree.add(tree.add(b.node, "THead"), "TR")
	for range b.doc.Columns {
		tree.nodes[tree.add(head, "TH")].Scope = "Column"
	}
	rows = append(rows, head)
	body := tree.add(b.node, "TBody")
	columns := len(b.doc.Columns)
	tree.reserve(len(b.doc.Rows)*(columns+1), body, len(b.doc.Rows))
	for _, r := range b.doc.Rows {
		tr := tree.add(body, "TR")
		tree.reserve(0, tr, columns)
		rows = append(rows, tr)
		if r.Kind == document.RowGroup {
			th := tree.add(tr, "TH")
			tree.nodes[th].Scope = "Row"
			if columns > 1 {
				tree.nodes[th].ColSpan = columns
			}
			continue
		}
		for range b.doc.Columns {
			tree.add(tr, "TD")
		}
	}
	return rows
}

// prepare makes the texts of all cells.
func (b *tableBuilder) prepare(nodes []int) {
	tree := &b.s.tree
	b.heads = b.heads[:0]
	for i, c := range b.doc.Columns {
		l := look{face: faceBold, size: b.size, color: white}
		b.heads = append(b.heads, cell{text: b.s.text(c.Title, l, tree.nodes[nodes[0]].Children[i]), top: true})
	}
	b.cells = make([][]cell, len(b.doc.Rows))
	for i, r := range b.doc.Rows {
		elements := tree.nodes[nodes[i+1]].Children
		made := make([]cell, len(elements))
		for j := range made {
			if j < len(r.Cells) {
				made[j] = b.cell(r, r.Cells[j], elements[j])
			} else {
				made[j] = cell{text: b.s.text("", look{size: b.size}, elements[j])}
			}
		}
		b.cells[i] = made
	}
}

// cramped tells that the columns that take what is left have so little that their rows are more than two lines high on the
// average.
func (b *tableBuilder) cramped(widths []float64) bool {
	rows, lines := 0, 0.0
	for r, cells := range b.cells {
		if b.doc.Rows[r].Kind == document.RowGroup {
			continue
		}
		high := 1.0
		for i := range cells {
			if b.doc.Columns[i].Weight > 0 && widths[i] > 0 {
				high = max(high, math.Ceil(cells[i].natural()/widths[i]))
			}
		}
		rows, lines = rows+1, lines+high
	}
	return lines > 2*float64(rows)
}

// resize sets the texts as a setting wants them.
func (b *tableBuilder) resize(to setting) {
	by := to.size - b.size
	b.setting = to
	for i := range b.heads {
		b.heads[i].text.size += by
	}
	for _, r := range b.cells {
		for i := range r {
			r[i].text.size, r[i].long = r[i].text.size+by, to.bar
		}
	}
}

// demands are the natural and least widths of the columns; with broken heads, a head asks for its longest word only.
func (b *tableBuilder) demands(brokenHeads bool) (natural, least []float64) {
	natural, least = make([]float64, len(b.doc.Columns)), make([]float64, len(b.doc.Columns))
	take := func(i int, c *cell) {
		natural[i], least[i] = max(natural[i], c.natural()), max(least[i], c.least())
	}
	for i := range b.heads {
		word := b.heads[i].text.leastHead()
		natural[i], least[i] = word, word
		if !brokenHeads {
			natural[i] = b.heads[i].text.naturalWidth()
		}
	}
	for r := range b.cells {
		if b.doc.Rows[r].Kind == document.RowGroup {
			continue
		}
		for i := range b.cells[r] {
			take(i, &b.cells[r][i])
		}
	}
	return natural, least
}

// leastHead is the least width of a head: its longest word. Han text may be broken anywhere, so each of its characters is a
// word; it asks for a line of half its characters, lest a narrow column set it one below the other.
func (t text) leastHead() float64 {
	han := slices.ContainsFunc(t.glyphs, func(g glyph) bool { return unicode.Is(unicode.Han, g.r) })
	if !han {
		return t.leastWidth()
	}
	half := math.Ceil(float64(t.natural)/2000) * 1000
	return max(t.leastWidth(), min(t.naturalWidth(), t.points(int(max(half, 2000))), shortText))
}

// rows builds the rows of the body.
func (b *tableBuilder) rows(shape *tableShape) []row {
	rows := make([]row, 0, len(b.cells))
	stripe := false
	for i := range b.cells {
		kind := b.doc.Rows[i].Kind
		r := b.row(kind, b.cells[i], shape)
		r.at = i
		if kind == document.RowBody {
			r.zebra, stripe = stripe, !stripe
		} else {
			stripe = false
		}
		rows = append(rows, r)
	}
	return rows
}

// row breaks the cells of a row into lines.
func (b *tableBuilder) row(kind document.RowKind, cells []cell, shape *tableShape) row {
	r := row{kind: kind, cells: cells}
	for i := range cells {
		w := shape.columns[i].w
		if kind == document.RowGroup {
			w = shape.width - 2*b.pad
		}
		cells[i].wrap(w)
		r.high = max(r.high, cells[i].height())
	}
	r.high += 2 * cellPadY
	return r
}

// again makes the row that heads the rest of a group on the next page. It is an artifact, like the heads of the columns
// there: whoever listens has heard it once.
func (b *tableBuilder) again(at int, shape *tableShape) row {
	r := b.doc.Rows[at]
	var spans []document.Span
	if len(r.Cells) > 0 {
		spans = append(spans, r.Cells[0].Spans...)
	}
	if words := b.s.doc.Meta.Continued; words != "" {
		spans = append(spans, document.Span{Text: " " + words})
	}
	made := b.row(document.RowGroup, []cell{b.cell(r, document.Cell{Spans: spans}, Artifact)}, shape)
	made.at = at
	return made
}
