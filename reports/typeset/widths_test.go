package typeset

import (
	"testing"

	"secretariat/reports/document"
)

func TestShare(t *testing.T) {
	fixed, weighted := document.Column{}, document.Column{Weight: 1}
	for _, c := range []struct {
		columns        []document.Column
		natural, least []float64
		room           float64
		want           []float64
		fits           bool
		why            string
	}{
		{[]document.Column{fixed, weighted}, []float64{50, 400}, []float64{20, 60}, 300, []float64{50, 250}, true, "the weighted column takes the rest"},
		{[]document.Column{fixed, fixed}, []float64{50, 100}, []float64{20, 60}, 300, []float64{100, 200}, true, "without weights what is left goes by width"},
		{[]document.Column{fixed, weighted}, []float64{280, 400}, []float64{100, 60}, 300, []float64{174, 126}, true, "a crowded table leaves the weighted column its share"},
		{[]document.Column{fixed, fixed}, []float64{400, 400}, []float64{200, 200}, 300, []float64{150, 150}, false, "words do not fit: a smaller size is tried, then they are broken"},
		{[]document.Column{weighted, {Weight: 3}}, []float64{1000, 1000}, []float64{10, 10}, 400, []float64{100, 300}, true, "by weight"},
		{[]document.Column{weighted, {Weight: 3}}, []float64{20, 1000}, []float64{10, 10}, 400, []float64{20, 380}, true, "nobody gets more than it needs while another lacks"},
	} {
		got, fits := share(c.columns, append([]float64(nil), c.natural...), append([]float64(nil), c.least...), c.room)
		for i := range got {
			if d := got[i] - c.want[i]; d > 1 || d < -1 || fits != c.fits {
				t.Errorf("%s: widths %.0f, fits %v; want %.0f, %v", c.why, got, fits, c.want, c.fits)
				break
			}
		}
	}
}
