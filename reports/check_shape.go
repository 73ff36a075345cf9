package reports

import (
	"fmt"
	"slices"
	"strings"
)

// drawnNumbers is how many columns of numbers a view needs behind the first column.
var drawnNumbers = map[string]int{"bars": 1, "stacked": 1, "donut": 1, "line": 1, "area": 1, "heat": 1, "burnup": 2, "bullet": 2}

// shape checks that a query has what its view draws: an author would else wonder at an empty place.
func (c *checker) shape(b *Block, columns, types []string) {
	if need := drawnNumbers[b.As]; need > 0 {
		if shown, has := numbersOf(b, columns, types); has < need {
			c.fault(b.options["as"], fmt.Sprintf("block %q: as=%s draws %s of numbers behind the first column, and %q has %d", b.Name, b.As, columnsOf(need), strings.Join(shown, ", "), has))
		}
	}
	if b.As == "timeline" && !slices.Contains(columns, "due_on") && !slices.Contains(columns, "met_on") {
		c.fault(b.options["as"], fmt.Sprintf("block %q: as=timeline draws the column due_on, which it has not (it has %s)", b.Name, strings.Join(columns, ", ")))
	}
}

func columnsOf(n int) string {
	if n == 1 {
		return "a column"
	}
	return fmt.Sprintf("%d columns", n)
}

// numbersOf names the columns that a view shows, and counts the numbers among those behind the first.
func numbersOf(b *Block, columns, types []string) (shown []string, n int) {
	for i, name := range columns {
		look := ""
		if b.Columns != nil {
			at := slices.IndexFunc(b.Columns, func(s columnSpec) bool { return s.Name == name })
			if at < 0 || b.Columns[at].Type == "hidden" {
				continue
			}
			look = b.Columns[at].Type
		}
		shown = append(shown, name)
		if len(shown) > 1 && slices.Contains(numbers, types[i]) && (look == "" || slices.Equal(looks[look], numbers)) {
			n++
		}
	}
	return shown, n
}

// trends checks that a block of earlier moments has a column that the tiles show: its other columns draw nothing.
func (c *checker) trends(b *Block) {
	earlier, ok := c.columns[b.Options["trend"]]
	mine := c.columns[b.Name]
	if b.Options["trend"] == "" || !ok || mine == nil || slices.ContainsFunc(mine, func(name string) bool { return slices.Contains(earlier, name) }) {
		return
	}
	c.fault(b.options["trend"], fmt.Sprintf("trend: block %q has none of the columns of %q: %s", b.Options["trend"], b.Name, strings.Join(mine, ", ")))
}
