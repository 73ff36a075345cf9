package typeset_test

import (
	"fmt"
	"math"
	"reflect"
	"sort"
	"strings"
	"sync"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"secretariat/reports/document"
	"secretariat/reports/typeset"
)

const margin = 45.3

// checkLayout holds a layout to what is true of every one.
func checkLayout(t testing.TB, d document.Document, l *typeset.Layout) {
	t.Helper()
	checkRunes(t, d, l)
	for n, p := range l.Pages {
		var texts []typeset.Text
		for _, op := range p.Ops {
			switch op := op.(type) {
			case typeset.Text:
				texts = append(texts, op)
			case typeset.Path:
				checkPath(t, n, op)
			}
		}
		checkTexts(t, n, p, texts)
	}
	checkTree(t, l)
}

func checkPath(t testing.TB, page int, p typeset.Path) {
	t.Helper()
	for _, s := range p.Segments {
		for _, v := range s.Points {
			if math.IsNaN(v) || v < -1 || v > 850 {
				t.Fatalf("page %d: path at %v", page+1, s.Points)
			}
		}
	}
}

// inked is the part of a run that is not space at its ends, as left and right edge.
func inked(o typeset.Text) (float64, float64, bool) {
	if strings.TrimSpace(o.Runes) == "" {
		return 0, 0, false
	}
	left, right := o.X, o.X+o.Width
	gap := 0.26 * o.Size
	left += gap * float64(len(o.Runes)-len(strings.TrimLeft(o.Runes, " ")))
	right -= gap * float64(len(o.Runes)-len(strings.TrimRight(o.Runes, " ")))
	return left, right, true
}

func checkTexts(t testing.TB, n int, p typeset.Page, texts []typeset.Text) {
	t.Helper()
	type area struct {
		left, right, top, bottom float64
		text                     string
	}
	var areas []area
	for _, o := range texts {
		left, right, ok := inked(o)
		if !ok || o.Width == 0 {
			continue
		}
		if math.IsNaN(o.X+o.Y+o.Size) || o.Size <= 0 {
			t.Fatalf("page %d: %q at %v, %v, size %v", n+1, o.Runes, o.X, o.Y, o.Size)
		}
		if left < margin-1 || right > p.Width-margin+1 || o.Y < 20 || o.Y > p.Height-18 {
			t.Errorf("page %d: %.60q from %.1f to %.1f at %.1f is outside the margins", n+1, o.Runes, left, right, o.Y)
		}
		areas = append(areas, area{left + .3, right - .3, o.Y - o.Size*0.5, o.Y - o.Size*0.02, o.Runes})
	}
	sort.Slice(areas, func(i, j int) bool { return areas[i].top < areas[j].top })
	for i, a := range areas {
		for _, b := range areas[i+1:] {
			if b.top >= a.bottom {
				break
			}
			if a.left < b.right-.5 && b.left < a.right-.5 {
				t.Errorf("page %d: %.40q and %.40q overlap at %.1f, %.1f", n+1, a.text, b.text, a.left, a.top)
			}
		}
	}
}

// checkTree makes sure that headings leave out no level and that each element is where its parent says.
func checkTree(t testing.TB, l *typeset.Layout) {
	t.Helper()
	last := 0
	var walk func(n int)
	walk = func(n int) {
		node := l.Nodes[n]
		if len(node.Role) == 2 && node.Role[0] == 'H' {
			level := int(node.Role[1] - '0')
			if level > last+1 {
				t.Errorf("heading H%d follows H%d", level, last)
			}
			last = level
		}
		if node.Role == "Figure" && node.Alt == "" {
			t.Logf("figure %d has no words", n)
		}
		for _, c := range node.Children {
			if l.Nodes[c].Parent != n {
				t.Errorf("element %d is a child of %d and names %d", c, n, l.Nodes[c].Parent)
			}
			walk(c)
		}
	}
	walk(0)
}

// counted counts the characters of texts as a reader sees them: without spaces, controls and direction, letters undone from
// their Arabic forms. What has no glyph counts as a placeholder and is not compared.
func counted(texts ...string) map[rune]int {
	out := map[rune]int{}
	for _, s := range texts {
		for _, r := range norm.NFKC.String(strings.ToValidUTF8(s, "")) {
			if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r > 0xFFFF || r >= 0xFE00 && r <= 0xFE0F || r == 0x20E3 || strings.ContainsRune("()[]«»{}<>-", r) {
				continue
			}
			out[r]++
		}
	}
	return out
}

// checkRunes makes sure that no character of the blocks is lost between input and display list.
func checkRunes(t testing.TB, d document.Document, l *typeset.Layout) {
	t.Helper()
	var drawn []string
	for _, p := range l.Pages {
		for _, op := range p.Ops {
			if o, ok := op.(typeset.Text); ok {
				drawn = append(drawn, o.Runes)
			}
		}
	}
	have := counted(drawn...)
	for r, n := range counted(textsOf(reflect.ValueOf(d.Sections))...) {
		if !latinOrArabic(r) {
			continue // drawn as a placeholder where no face has it; TestUnshownCharacters counts these
		}
		if have[r] < n {
			t.Errorf("%q: %d in the input, %d drawn", r, n, have[r])
		}
	}
}

func latinOrArabic(r rune) bool {
	return r < 0x530 || r >= 0x620 && r <= 0x64A || unicode.Is(unicode.Han, r)
}

// textsOf collects the texts that blocks show: every string but names, links, alternatives and data.
func textsOf(v reflect.Value) (out []string) {
	switch v.Kind() {
	case reflect.String:
		return []string{v.String()}
	case reflect.Slice:
		for i := range v.Len() {
			out = append(out, textsOf(v.Index(i))...)
		}
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			return textsOf(v.Elem())
		}
	case reflect.Struct:
		switch b := v.Interface().(type) {
		case document.Timeline:
			if len(b.Rows) == 0 || b.From.IsZero() {
				return nil
			}
			b.Months = nil // thinned out when they are many
			if b.From.IsZero() {
				return nil
			}
			return append(textsOf(reflect.ValueOf(b.Rows)), textsOf(reflect.ValueOf(b.Legend))...)
		case document.Line:
			return nil // labels are thinned out
		case document.Heat:
			return []string{b.Title}
		case document.Table:
			if len(b.Columns) == 0 || len(b.Rows) == 0 {
				return []string{b.Empty}
			}
		case document.Stacked:
			if len(b.Rows) == 0 {
				return nil
			}
		}
		for i := range v.NumField() {
			switch f := v.Type().Field(i); f.Name {
			case "ID", "Alt", "Link", "Lang", "Name", "Caption", "Data", "Empty":
			case "Note":
				if v.Type().Name() == "Tile" && v.FieldByName("Delta").String() != "" {
					continue
				}
				out = append(out, textsOf(v.Field(i))...)
			case "Parts":
				if v.Type().Name() == "Donut" && v.FieldByName("Center").String() == "56 %" {
					continue // beside a stacked chart, which has the legend
				}
				out = append(out, textsOf(v.Field(i))...)
			default:
				if f.Type.Kind() != reflect.Struct || f.Type.Name() != "Time" {
					out = append(out, textsOf(v.Field(i))...)
				}
			}
		}
	}
	return out
}

func TestSamplesAreWellSet(t *testing.T) {
	for lang := range samples {
		t.Run(lang, func(t *testing.T) {
			d := sample(lang, 61)
			l, err := typeset.Set(d)
			if err != nil {
				t.Fatal(err)
			}
			checkLayout(t, d, l)
			if l.Unshown != 0 {
				t.Errorf("%d characters not shown, want none", l.Unshown)
			}
		})
	}
}

// The same document gives the same layout, also when many are set at once.
func TestSetIsDeterministicAndParallel(t *testing.T) {
	d := sample("ar", 40)
	want, err := typeset.Set(d)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			got, err := typeset.Set(d)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("another run differs (error %v)", err)
			}
		})
	}
	wg.Wait()
}

// No text, in whatever mixture of scripts, loses a character or leaves its column.
func TestNoCharacterIsLost(t *testing.T) {
	alphabet := []rune("abc XYZ 019 .,;:!?-–—/()«» \u00a0\u00adżёЖщ ʻʼ’ ابتلاهمنوي لا ،؟ 中文字。，《》（） \n")
	rapid.Check(t, func(r *rapid.T) {
		s := string(rapid.SliceOfN(rapid.SampledFrom(alphabet), rapid.IntRange(0, 80).Draw(r, "least"), 200).Draw(r, "text"))
		d := oneBlock(para(strings.Repeat(s+" ", 6)), textTable([][]string{{s, s}, {"a", s}}))
		d.Meta.RightToLeft = rapid.Bool().Draw(r, "right to left")
		l, err := typeset.Set(d)
		if err != nil {
			r.Fatal(err)
		}
		var problems collector
		checkLayout(&problems, d, l)
		if len(problems.lines) > 0 {
			r.Fatalf("%q: %s", s, strings.Join(problems.lines, "\n"))
		}
	})
}

// collector takes the faults that a check reports.
type collector struct {
	testing.TB
	lines []string
}

func (c *collector) Helper()                   {}
func (c *collector) Logf(string, ...any)       {}
func (c *collector) Errorf(f string, a ...any) { c.lines = append(c.lines, fmt.Sprintf(f, a...)) }
func (c *collector) Fatalf(f string, a ...any) { c.Errorf(f, a...) }
