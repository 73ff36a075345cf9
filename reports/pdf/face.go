package pdf

import (
	"container/list"
	"crypto/sha256"
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync"

	"secretariat/reports/typeset"
)

// Fonts is the font file of each face. The bytes are only read; they must not change while documents are drawn.
type Fonts map[typeset.Face][]byte

// face is a font cut to the runes of a document, with all that the file says of it already written and compressed.
type face struct {
	name       string // ABCDEF+NotoSans-Regular
	codes      [256]*[256]uint16
	turned     map[turned]uint16
	advances   []float64 // by code, in 1/1000 of the size
	program    []byte    // compressed
	length     int       // of the program before compression
	toUnicode  []byte    // compressed
	widths     string    // value of /W
	descriptor string    // entries of the font descriptor without the program
}

// code returns the two-byte code of a rune, 0 when the face was not cut for it.
func (f *face) code(r rune) uint16 {
	if r < 0 || r > 0xFFFF || f.codes[r>>8] == nil {
		return 0
	}
	return f.codes[r>>8][r&0xFF]
}

// maxCuts bounds the cache: a cut face of Latin and Cyrillic is about 20 KB, one of a Chinese report about 100 KB.
const maxCuts = 64

type cutKey struct {
	font         *byte // identifies the font file, and keeps it alive while the key stands
	runes, extra string
}

// cutCache keeps the faces cut last. It is filled from what documents need and never from each other, so that the bytes
// of a document do not depend on what was drawn before it.
type cutCache struct {
	mu    sync.Mutex
	order *list.List // of *cutEntry, last used first
	byKey map[cutKey]*list.Element
}

type cutEntry struct {
	key  cutKey
	face *face
}

// cuts is the one cache of the process, stated as an exception to "no state in packages": Render has no receiver.
var cuts = cutCache{order: list.New(), byKey: map[cutKey]*list.Element{}}

// face returns the font cut to the sorted runes; extra are those that need a code more. Two callers at once may both cut;
// the result is the same.
func (c *cutCache) face(font []byte, runes []rune, extra []turned) (*face, error) {
	if len(font) == 0 {
		return nil, fmt.Errorf("font file is missing")
	}
	key := cutKey{&font[0], string(runes), fmt.Sprint(extra)}
	c.mu.Lock()
	if e := c.byKey[key]; e != nil {
		c.order.MoveToFront(e)
		c.mu.Unlock()
		return e.Value.(*cutEntry).face, nil
	}
	c.mu.Unlock()
	f, err := newFace(font, runes, extra)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey[key] == nil {
		c.byKey[key] = c.order.PushFront(&cutEntry{key, f})
	}
	for c.order.Len() > maxCuts {
		last := c.order.Back()
		delete(c.byKey, last.Value.(*cutEntry).key)
		c.order.Remove(last)
	}
	return f, nil
}

func newFace(font []byte, runes []rune, extra []turned) (*face, error) {
	tt, err := parseTrueType(font)
	if err != nil {
		return nil, err
	}
	drawn := slices.Clone(runes)
	for _, t := range extra {
		drawn = append(drawn, t.drawn)
	}
	s, err := tt.cut(drawn)
	if err != nil {
		return nil, err
	}
	f := &face{
		name:     subsetTag(tt.postScript, drawn) + "+" + tt.postScript,
		advances: s.advances, length: len(s.program),
		widths: widthArray(s.advances),
	}
	for i, r := range runes {
		if f.codes[r>>8] == nil {
			f.codes[r>>8] = new([256]uint16)
		}
		f.codes[r>>8][r&0xFF] = uint16(i + 1)
	}
	f.turned = make(map[turned]uint16, len(extra))
	for i, t := range extra {
		f.turned[t] = uint16(len(runes) + i + 1)
	}
	f.descriptor = tt.descriptor(f.name)
	f.program = deflate(nil, s.program, bestSize)
	f.toUnicode = deflate(nil, toUnicode(runes, extra), bestSize)
	return f, nil
}

// subsetTag is six capitals that differ for different subsets of a font (PDF 32000-1, 9.6.4).
func subsetTag(name string, runes []rune) string {
	sum := sha256.Sum256([]byte(name + "\x00" + string(runes)))
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}

func widthArray(advances []float64) string {
	b := []byte("[1 [")
	for i, w := range advances[1:] {
		if i > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendFloat(b, math.Round(w*100)/100, 'f', -1, 64)
	}
	return string(append(b, "]]"...))
}

// descriptor describes the whole font, in 1/1000 of the size. Flag 4 (symbolic) is what a font without an encoding of its
// own has; 64 is italic. The thickness of stems is guessed from the weight as gofpdf does.
func (f *trueType) descriptor(name string) string {
	scale := func(v int) int { return int(math.Round(float64(v) * 1000 / float64(f.unitsPerEm))) }
	flags := 4
	if f.italicAngle != 0 {
		flags |= 64
	}
	head := f.tables["head"]
	box := [4]int{}
	for i := range box {
		box[i] = scale(int(int16(be.Uint16(head[36+2*i:]))))
	}
	return fmt.Sprintf("/Type /FontDescriptor /FontName /%s /Flags %d /FontBBox [%d %d %d %d] /ItalicAngle %s /Ascent %d /Descent %d /CapHeight %d /StemV %d",
		name, flags, box[0], box[1], box[2], box[3], strconv.FormatFloat(f.italicAngle, 'f', -1, 64),
		scale(f.ascent), scale(f.descent), scale(f.capital), 50+f.weight*f.weight/4225)
}
