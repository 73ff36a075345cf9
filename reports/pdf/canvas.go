package pdf

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/jung-kurt/gofpdf"

	"secretariat/reports/typeset"
)

// canvas draws pages with gofpdf and notes what belongs to which structure element.
//
// gofpdf is given no fonts, so that it passes text through as bytes: the canvas chooses the font and writes two-byte codes,
// and the finisher puts the fonts in. gofpdf's own Unicode fonts would cost more than a millisecond per face and document,
// draw empty boxes and share bytes between documents.
type canvas struct {
	pdf    *gofpdf.Fpdf
	layout *typeset.Layout
	faces  map[typeset.Face]*face
	page   int
	height float64
	state  state
	saved  []state // of the clips around
	open   int     // node whose marks are open, or noMark
	marks  [][]int // by page: the node of each marked content identifier
	buf    []byte
	before typeset.Text // what was drawn last on the page

	fonts   map[typeset.Face]string  // names in the dictionary of resources
	colours map[typeset.Color]string // as they are written
	alphas  map[float64]string       // names in the dictionary of resources
}

// noMark says that no marked content is open.
const noMark = -2

// state is what the graphics state was last set to. set is false when it is not known.
type state struct {
	face        typeset.Face
	size        float64
	fill, line  typeset.Color
	fillSet     bool
	lineSet     bool
	width       float64
	dash        []float64
	alpha       float64
	knownFormat bool // width and dash
}

func newCanvas(l *typeset.Layout, faces map[typeset.Face]*face) *canvas {
	c := &canvas{layout: l, faces: faces, open: noMark, marks: make([][]int, len(l.Pages)),
		fonts: map[typeset.Face]string{}, colours: map[typeset.Color]string{}, alphas: map[float64]string{}}
	for i, face := range slices.Sorted(maps.Keys(faces)) {
		c.fonts[face] = "/F" + strconv.Itoa(i+1)
	}
	return c
}

// batch is the number of pages that one gofpdf document holds. gofpdf keeps all pages until the end and then copies them;
// in batches a long report needs no more memory for that than a short one.
const batch = 16

// drawPages draws all pages and calls each with the content of one after another.
func (c *canvas) drawPages(each func(page int, content []byte)) error {
	for from := 0; from < len(c.layout.Pages); from += batch {
		to := min(from+batch, len(c.layout.Pages))
		c.pdf = gofpdf.New("P", "pt", "A4", "")
		c.pdf.SetCompression(false)
		c.pdf.SetCreationDate(time.Unix(0, 0)) // thrown away; without it gofpdf asks the clock
		c.pdf.SetModificationDate(time.Unix(0, 0))
		c.pdf.SetAutoPageBreak(false, 0)
		c.pdf.SetMargins(0, 0, 0)
		for n := from; n < to; n++ {
			if err := c.drawPage(n); err != nil {
				return err
			}
		}
		var raw taker
		if err := c.pdf.Output(&raw); err != nil {
			return err
		}
		src, err := readSource(raw)
		if err != nil {
			return err
		}
		for n := from; n < to; n++ {
			content, err := src.content(n - from)
			if err != nil {
				return err
			}
			each(n, content)
		}
	}
	return nil
}

// taker keeps what it is given instead of copying it. gofpdf hands over its whole buffer at once and does not use it again.
type taker []byte

func (t *taker) Write(b []byte) (int, error) {
	if *t == nil {
		*t = b
	} else {
		*t = append(*t, b...)
	}
	return len(b), nil
}

// drawPage draws one page. The display list has been checked.
func (c *canvas) drawPage(n int) error {
	page := c.layout.Pages[n]
	c.page, c.height = n, page.Height
	c.pdf.AddPageFormat("P", gofpdf.SizeType{Wd: page.Width, Ht: page.Height})
	c.state, c.saved, c.before = state{alpha: 1}, c.saved[:0], typeset.Text{}
	for i, op := range page.Ops {
		var err error
		switch op := op.(type) {
		case typeset.Text:
			err = c.text(op)
		case typeset.Path:
			c.path(op)
		case typeset.ClipStart:
			c.mark(noMark)
			c.pdf.ClipRect(op.X, op.Y, op.Width, op.Height, false)
			c.saved = append(c.saved, c.state)
		case typeset.ClipEnd:
			c.endClip()
		}
		if err != nil {
			return fmt.Errorf("page %d, operation %d: %w", n+1, i, err)
		}
	}
	c.mark(noMark)
	return c.pdf.Error()
}

// endClip goes back to the graphics state before the clip; what is drawn next sets its own anew.
func (c *canvas) endClip() {
	c.mark(noMark)
	c.pdf.ClipEnd()
	alpha := c.saved[len(c.saved)-1].alpha
	c.saved = c.saved[:len(c.saved)-1]
	c.state = state{alpha: alpha}
}

// mark opens the marked content of a node unless it is open; noMark closes what is open.
func (c *canvas) mark(node int) {
	if node == c.open {
		return
	}
	if c.open != noMark {
		c.pdf.RawWriteStr("EMC")
	}
	c.open = node
	switch {
	case node == typeset.Artifact:
		c.pdf.RawWriteStr("/Artifact BMC")
	case node >= 0:
		var s syntax
		s.name(c.layout.Nodes[node].Role).raw(" <</MCID ").int(len(c.marks[c.page])).raw(">> BDC")
		c.pdf.RawWriteStr(string(s.b))
		c.marks[c.page] = append(c.marks[c.page], node)
	}
}

// fill sets the colour of areas and text. gofpdf is not told of colours: it would wrap each text whose colour differs from
// that of areas in q and Q, and format the numbers each time.
func (c *canvas) fill(color typeset.Color) {
	if !c.state.fillSet || c.state.fill != color {
		c.pdf.RawWriteStr(c.colour(color) + " rg")
		c.state.fill, c.state.fillSet = color, true
	}
}

// colour returns the three numbers of a colour.
func (c *canvas) colour(color typeset.Color) string {
	text, ok := c.colours[color]
	if !ok {
		text = fmt.Sprintf("%.3f %.3f %.3f", float64(color.R)/255, float64(color.G)/255, float64(color.B)/255)
		c.colours[color] = text
	}
	return text
}

// alpha sets the opacity through a graphics state that the finisher writes.
func (c *canvas) alpha(a float64) {
	if c.state.alpha == a {
		return
	}
	if c.alphas[a] == "" {
		c.alphas[a] = "/A" + strconv.Itoa(len(c.alphas)+1)
	}
	c.pdf.RawWriteStr(c.alphas[a] + " gs")
	c.state.alpha = a
}

func (c *canvas) path(p typeset.Path) {
	c.mark(p.Node)
	c.alpha(p.Alpha)
	end := "n"
	if p.Fill != nil {
		c.fill(*p.Fill)
		end = "f"
	}
	if p.Stroke != nil {
		c.pen(p)
		if end = "S"; p.Fill != nil {
			end = "B"
		}
	}
	s := syntax{c.buf[:0]}
	for _, seg := range p.Segments {
		n, operator := 2, "l\n"
		switch seg.Kind {
		case 'M':
			operator = "m\n"
		case 'C':
			n, operator = 6, "c\n"
		case 'Z':
			n, operator = 0, "h\n"
		}
		for i := 0; i < n; i += 2 {
			s.num(seg.Points[i]).raw(" ").num(c.height - seg.Points[i+1]).raw(" ")
		}
		s.raw(operator)
	}
	c.pdf.RawWriteStr(string(s.raw(end).b))
	c.buf = s.b
}

// pen sets colour, width and dashes of lines.
func (c *canvas) pen(p typeset.Path) {
	if color := *p.Stroke; !c.state.lineSet || c.state.line != color {
		c.pdf.RawWriteStr(c.colour(color) + " RG")
		c.state.line, c.state.lineSet = color, true
	}
	if !c.state.knownFormat || c.state.width != p.LineWidth || !slices.Equal(c.state.dash, p.Dash) {
		c.pdf.SetLineWidth(p.LineWidth)
		c.pdf.SetDashPattern(p.Dash, 0)
		c.state.width, c.state.dash, c.state.knownFormat = p.LineWidth, p.Dash, true
	}
}
