package html

import (
	"fmt"
	"math"
	"strings"

	"secretariat/reports/document"
)

// chart is a line chart in pixels of a field of 640 by 200.
type chart struct {
	Alt    string
	Ticks  []mark
	Labels []mark
	Lines  []polyline
}

type mark struct {
	X, Y int
	Text string
}

type polyline struct {
	Points string
	Tone   document.Tone
	Dashed bool
}

// drawing places the lines of a chart between the least and the greatest of its values and ticks. A gap in the values is
// bridged; of the labels at most eight are printed.
func drawing(l document.Line) chart {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range values(l) {
		low, high = min(low, v), max(high, v)
	}
	c := chart{Alt: l.Alt}
	if !(high > low) { // also when there is no value
		low, high = low-1, low+1
	}
	y := func(v float64) int { return int(170 - 155*(v-low)/(high-low)) }
	x := func(i int) int { return 66 + 560*i/max(len(l.Labels)-1, 1) }
	for _, t := range l.Ticks {
		c.Ticks = append(c.Ticks, mark{Y: y(t.Value), Text: t.Text})
	}
	every := (len(l.Labels) + 7) / 8
	for i, text := range l.Labels {
		if i%every == 0 {
			c.Labels = append(c.Labels, mark{X: x(i), Text: text})
		}
	}
	for _, s := range l.Series {
		var points []string
		for i, v := range s.Values {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				points = append(points, fmt.Sprintf("%d,%d", x(i), y(v)))
			}
		}
		c.Lines = append(c.Lines, polyline{strings.Join(points, " "), s.Tone, s.Dashed})
	}
	return c
}

func values(l document.Line) (all []float64) {
	for _, t := range l.Ticks {
		all = append(all, t.Value)
	}
	for _, s := range l.Series {
		for _, v := range s.Values {
			if !math.IsNaN(v) && !math.IsInf(v, 0) {
				all = append(all, v)
			}
		}
	}
	return all
}
