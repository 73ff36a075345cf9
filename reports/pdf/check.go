package pdf

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"secretariat/reports/typeset"
)

// maxLength bounds every length and place on a page, in points: viewers refuse pages beyond 14,400 (PDF 32000-1, annex C).
const maxLength = 14400

// check refuses a display list that would become a broken file: gofpdf writes NaN as a word, and no common checker sees it.
func check(l *typeset.Layout) error {
	if len(l.Pages) == 0 {
		return errors.New("layout has no pages")
	}
	if err := checkTree(l.Nodes, len(l.Pages)); err != nil {
		return err
	}
	for n, page := range l.Pages {
		if !finite(page.Width, page.Height) || page.Width <= 0 || page.Height <= 0 {
			return fmt.Errorf("page %d: size %v × %v", n+1, page.Width, page.Height)
		}
		clips := 0
		for i, op := range page.Ops {
			if err := checkOp(op, len(l.Nodes), &clips); err != nil {
				return fmt.Errorf("page %d, operation %d: %w", n+1, i, err)
			}
		}
		if clips != 0 {
			return fmt.Errorf("page %d: %d clips are not ended", n+1, clips)
		}
	}
	return nil
}

func finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.Abs(v) > maxLength {
			return false
		}
	}
	return true
}

func checkOp(op typeset.Op, nodes int, clips *int) error {
	node := typeset.Artifact
	switch op := op.(type) {
	case typeset.Text:
		if !finite(op.X, op.Y, op.Size, op.Spread) || op.Size <= 0 {
			return fmt.Errorf("text %q at %v, %v with size %v and spread %v", op.Runes, op.X, op.Y, op.Size, op.Spread)
		}
		node = op.Node
	case typeset.Path:
		if err := checkPath(op); err != nil {
			return err
		}
		node = op.Node
	case typeset.ClipStart:
		*clips++
		if !finite(op.X, op.Y, op.Width, op.Height) {
			return fmt.Errorf("clip at %v, %v of %v × %v", op.X, op.Y, op.Width, op.Height)
		}
	case typeset.ClipEnd:
		if *clips--; *clips < 0 {
			return errors.New("clip ends that did not start")
		}
	case typeset.Link:
		if !finite(op.X, op.Y, op.Width, op.Height) {
			return fmt.Errorf("link %q at %v, %v of %v × %v", op.Alt, op.X, op.Y, op.Width, op.Height)
		}
		node = op.Node
	case typeset.Anchor:
		if !finite(op.Y) {
			return fmt.Errorf("anchor %q at %v", op.Name, op.Y)
		}
	default:
		return fmt.Errorf("unknown operation %T", op)
	}
	if node != typeset.Artifact && (node < 0 || node >= nodes) {
		return fmt.Errorf("structure element %d of %d", node, nodes)
	}
	return nil
}

func checkPath(p typeset.Path) error {
	if !finite(p.LineWidth) || !finite(p.Dash...) || math.IsNaN(p.Alpha) || p.Alpha < 0 || p.Alpha > 1 {
		return fmt.Errorf("path with line width %v, dash %v and alpha %v", p.LineWidth, p.Dash, p.Alpha)
	}
	for i, s := range p.Segments {
		if !finite(s.Points[:]...) {
			return fmt.Errorf("path segment %d at %v", i, s.Points)
		}
		if i == 0 && s.Kind != 'M' {
			return fmt.Errorf("path begins with %q", s.Kind)
		}
		if !slices.Contains([]byte("MLCZ"), s.Kind) {
			return fmt.Errorf("path segment %d of kind %q", i, s.Kind)
		}
	}
	return nil
}

// checkTree makes sure that every element but the first is a child of its parent, once, so that nothing drawn is lost to
// a screen reader.
func checkTree(nodes []typeset.Node, pages int) error {
	if len(nodes) == 0 {
		return errors.New("layout has no structure tree")
	}
	seen := make([]bool, len(nodes))
	reached := 0
	var walk func(n int) error
	walk = func(n int) error {
		seen[n] = true
		reached++
		if p := nodes[n].Page; nodes[n].Role == "Figure" && (p < 0 || p >= pages || !finite(nodes[n].BBox[:]...)) {
			return fmt.Errorf("figure %d stands at %v of page %d", n, nodes[n].BBox, p+1)
		}
		for _, child := range nodes[n].Children {
			if child <= 0 || child >= len(nodes) || seen[child] || nodes[child].Parent != n {
				return fmt.Errorf("structure element %d (%s) has the wrong child %d", n, nodes[n].Role, child)
			}
			if err := walk(child); err != nil {
				return err
			}
		}
		return nil
	}
	if err := walk(0); err != nil {
		return err
	}
	if reached < len(nodes) {
		n := slices.Index(seen, false)
		return fmt.Errorf("structure element %d (%s) is not in the tree", n, nodes[n].Role)
	}
	return nil
}
