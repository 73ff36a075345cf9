package typeset

import "secretariat/reports/document"

// table is a table ready to be painted: widths are known, cells are broken into lines.
type table struct {
	*tableShape
	rows      []row
	continued bool // a part that does not begin the table
}

// tableShape is what all parts of a table share.
type tableShape struct {
	columns []tableColumn
	width   float64
	pad     float64 // between the edge of a column and its text
	head    row
	title   text             // "Joint Action Plan (continued)"
	again   func(at int) row // the group row of the document at that place, as it stands over its rows on the next page
}

type tableColumn struct {
	x, w  float64 // of the text, without padding
	align document.Align
	block float64 // AlignDecimal: width of the widest number
	whole float64 // and of its part before the decimal mark
}

// row is a row of cells with its height.
type row struct {
	kind  document.RowKind
	cells []cell
	high  float64
	zebra bool
	at    int // among the rows of the document
}

const cellPadY = 4.5

// table builds a table: its note and, without rows, the words that stand instead.
func (s *setter) table(b document.Table, parent int, w float64) []item {
	s.embed(b)
	if len(b.Rows) == 0 || len(b.Columns) == 0 {
		return s.emptyTable(b, parent, w)
	}
	node := s.tree.add(parent, "Table")
	s.tree.nodes[node].Alt, _ = clean(b.Caption)
	build := tableBuilder{s: s, doc: b, node: node, width: w}
	t := build.table()
	items := []item{{box: t, gap: gapBlock * 0.75, whole: t.height() < s.room/4}}
	if b.Note != "" {
		n := s.text(b.Note, look{face: faceRegular, size: sizeSmall, color: muted}, s.tree.add(parent, "P"))
		items[0].keepNext = true
		items = append(items, item{box: paragraph{t: n, ls: n.wrap(w), w: w, align: startOf(n, s.right)}, gap: 5})
	}
	return items
}

func (s *setter) emptyTable(b document.Table, parent int, w float64) []item {
	words := b.Empty
	if words == "" {
		words = b.Note
	}
	if words == "" {
		return nil
	}
	t := s.text(words, look{face: faceRegular, size: sizeBody, color: muted, leading: leadingBody}, s.tree.add(parent, "P"))
	body := paragraph{t: t, ls: t.wrap(w - 42), w: w - 42, align: startOf(t, s.right)}
	return []item{{box: framed{body, toneOf(document.ToneMute), w, true}, gap: gapBlock * 0.75}}
}

func (t table) headHeight() float64 {
	h := t.head.high
	if t.continued && t.title.prepared != nil {
		h += t.title.lineHeight()*float64(len(t.titleLines())) + 4
	}
	return h
}

func (t table) titleLines() []line { return t.title.wrap(t.width) }

func (t table) height() float64 {
	h := t.headHeight()
	for i := range t.rows {
		h += t.rows[i].high
	}
	return h
}

// split takes whole rows; a group row stays with the row after it and a total with the row before. A row that is taller
// than a page is split itself.
func (t table) split(room float64, force bool) (box, box) {
	h, n := t.headHeight(), 0
	for n < len(t.rows) && h+t.rows[n].high <= room+epsilon {
		h += t.rows[n].high
		n++
	}
	if n == len(t.rows) {
		return t, nil
	}
	fit := n
	n = t.parting(n)
	if n == 0 && force {
		if n = fit; n == 0 {
			return t.tear(room - t.headHeight())
		}
	}
	if n == 0 || n < t.least() && !force && len(t.rows) > 3 {
		return nil, t
	}
	first := t
	first.rows = t.rows[:n]
	return first, t.from(n, t.rows[n:])
}

// parting is the place at or before n where the table may be parted: a group row goes with the row after it, a total with
// the one before, and no row goes to the next page alone.
func (t table) parting(n int) int {
	if n == len(t.rows)-1 && n > 2 {
		n--
	}
	for n > 0 && (t.rows[n-1].kind == document.RowGroup || t.rows[n].kind == document.RowTotal) {
		n--
	}
	return n
}

// least is how many rows begin a table at the end of a page.
func (t table) least() int {
	if len(t.rows) > 4 && t.rows[0].kind == document.RowGroup {
		return 3
	}
	return 2
}

// from is the part of the table that goes on on the next page with rows, before which n stand on this one. In the middle of
// a group it says again which.
func (t table) from(n int, rows []row) table {
	rest := t
	rest.continued, rest.rows = true, rows
	if rows[0].kind == document.RowGroup {
		return rest
	}
	for i := n - 1; i >= 0; i-- {
		if t.rows[i].kind == document.RowGroup {
			rest.rows = append([]row{t.again(t.rows[i].at)}, rows...)
			break
		}
	}
	return rest
}

// tear splits the first row between lines.
func (t table) tear(room float64) (box, box) {
	upper, lower, ok := t.rows[0].tear(room)
	if !ok {
		upper, lower = t.rows[0], row{}
	}
	first := t
	first.rows = []row{upper}
	rest := t.rows[1:]
	if ok {
		rest = append([]row{lower}, rest...)
	}
	if len(rest) == 0 {
		return first, nil
	}
	return first, t.from(0, rest)
}

func (t table) paint(c *canvas, x, y float64) {
	if t.continued && t.title.prepared != nil {
		lines := t.titleLines()
		c.lines(t.title, lines, x, y, t.width, document.AlignStart)
		y += float64(len(lines))*t.title.lineHeight() + 4
	}
	t.paintHead(c, x, y)
	y += t.head.high
	for i := range t.rows {
		t.rows[i].paint(c, t.tableShape, x, y)
		y += t.rows[i].high
	}
	c.rule(x, y, x+t.width, y, pen{stroke: &rule, width: 0.7, node: Artifact})
}

// paintHead paints the heads of the columns: as content above the first part, as an artifact above the others, or a screen
// reader would read them again and again.
func (t table) paintHead(c *canvas, x, y float64) {
	c.rounded(x, y, t.width, t.head.high, corners{3, 3, 0, 0}, pen{fill: &navy, node: Artifact})
	head := t.head
	if t.continued {
		head.cells = append([]cell(nil), head.cells...)
		for i := range head.cells {
			head.cells[i].text.spans = []spanLook{{color: white, node: Artifact}}
		}
	}
	for i := range head.cells {
		col := &t.columns[i]
		cell := &head.cells[i]
		h := float64(len(cell.lines)) * cell.text.lineHeight()
		align := col.align
		if align == document.AlignDecimal {
			align = document.AlignEnd
		}
		c.lines(cell.text, cell.lines, x+col.x, y+head.high-cellPadY-h, col.w, align)
	}
}

// repeatTitle is what stands over the part of a table on the next page, in two lines at most: the section has its title
// whole.
func (s *setter) repeatTitle(width float64) text {
	if s.doc.Meta.Continued == "" || s.section == "" {
		return text{}
	}
	l := look{face: faceRegular, size: sizeSmall, color: muted}
	whole := s.text(s.section+" "+s.doc.Meta.Continued, l, Artifact)
	if len(whole.wrap(width)) <= 2 {
		return whole
	}
	return s.fitted(s.section, l, Artifact, width, 2, func() string { return "… " + s.doc.Meta.Continued })
}
