package reports

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"secretariat/reports/document"
)

// labelled parts the columns of a chart: the first one names the row, the others are numbers.
func (c *composer) labelled(b *Block, r *result) (name columnSpec, numbers []columnSpec) {
	columns := c.columnsOf(b, r)
	if len(columns) == 0 {
		return columnSpec{}, nil
	}
	for _, spec := range columns[1:] {
		if spec.Type == "int" || spec.Type == "num" || spec.Type == "pct" || spec.Type == "bar" || spec.Type == "money" {
			numbers = append(numbers, spec)
		}
	}
	return columns[0], numbers
}

// number for drawing; what is none is zero.
func drawn(v any) float64 {
	f, ok := float(v)
	if !ok || math.IsInf(f, 0) {
		return 0
	}
	return f
}

// bars shows the second column as a bar per row; values below zero go to the other side.
func (c *composer) bars(b *Block, r *result) document.Block {
	name, numbers := c.labelled(b, r)
	if len(numbers) == 0 {
		return nil
	}
	spec := numbers[0]
	var out document.Bars
	var alt []string
	if spec.Type == "pct" || spec.Type == "bar" {
		out.Max = 100
	}
	for _, row := range r.rows {
		v := row[spec.Name]
		s := document.Share{Label: c.format(name, row[name.Name], row), Value: drawn(v), Text: c.format(spec, v, row), Tone: spec.toneOf(v)}
		out.Rows = append(out.Rows, s)
		alt = append(alt, c.l.Labelled(s.Label, s.Text))
	}
	out.Alt = c.l.Semicolons(alt...)
	return out
}

// stacked shows the numbers of a row as parts of one bar, in the order of the columns. The text behind a bar is the first part
// out of all. donut=col adds a ring of the sums with the share of that column in its middle.
func (c *composer) stacked(b *Block, r *result) document.Block {
	name, numbers := c.labelled(b, r)
	if len(numbers) == 0 {
		return nil
	}
	var out document.Stacked
	for i, spec := range numbers {
		out.Legend = append(out.Legend, document.Status{Word: c.label(b.Name, spec.Name), Tone: partTone(numbers, i)})
	}
	sums := make([]float64, len(numbers))
	var alt []string
	for _, row := range r.rows {
		one := document.StackedRow{Label: c.format(name, row[name.Name], row)}
		total := 0.0
		var words []string
		for i, spec := range numbers {
			f := max(drawn(row[spec.Name]), 0)
			one.Parts = append(one.Parts, f)
			sums[i] += f
			total += f
			words = append(words, out.Legend[i].Word+" "+c.format(spec, row[spec.Name], row))
		}
		one.Text = c.number(one.Parts[0]) + " / " + c.number(total)
		out.Rows = append(out.Rows, one)
		alt = append(alt, c.l.Labelled(one.Label, c.l.Commas(words...)))
	}
	out.Alt = c.l.Semicolons(alt...)
	if middle := b.Options["donut"]; middle != "" {
		out.Donut = c.ring(b, numbers, sums, middle)
	}
	return out
}

// apart are the tones of parts that have none of their own, so that neighbours can be told apart.
var apart = [...]document.Tone{document.ToneAccent, document.ToneNeutral, document.ToneMute, document.ToneGood, document.ToneWarn, document.ToneBad}

// partTone is the tone of a part: that of its column, else, where no column has one, one of its own.
func partTone(numbers []columnSpec, i int) document.Tone {
	if slices.ContainsFunc(numbers, func(s columnSpec) bool { return s.Tone != "" }) {
		return tones[numbers[i].Tone]
	}
	return apart[i%len(apart)]
}

// ring is a donut of sums; its middle is the share of one of them.
func (c *composer) ring(b *Block, numbers []columnSpec, sums []float64, middle string) *document.Donut {
	d := &document.Donut{}
	total, part := 0.0, 0.0
	var alt []string
	for i, spec := range numbers {
		s := document.Share{Label: c.label(b.Name, spec.Name), Value: sums[i], Text: c.number(sums[i]), Tone: partTone(numbers, i)}
		d.Parts = append(d.Parts, s)
		total += sums[i]
		if spec.Name == middle {
			part, d.Label = sums[i], s.Label
		}
		alt = append(alt, s.Label+" "+s.Text)
	}
	d.Center = c.l.Percent("0")
	if total > 0 {
		d.Center = c.percent(100*part/total, 0)
	}
	d.Alt = c.l.Labelled(d.Center+" "+d.Label, c.l.Commas(alt...))
	return d
}

// donut shows a row per part: the first column names it, the second is its size; a column of type rag gives its tone.
func (c *composer) donut(b *Block, r *result) document.Block {
	name, numbers := c.labelled(b, r)
	if len(numbers) == 0 {
		return nil
	}
	var out document.Donut
	total := 0.0
	var alt []string
	for _, row := range r.rows {
		s := document.Share{Label: c.format(name, row[name.Name], row), Value: max(drawn(row[numbers[0].Name]), 0),
			Text: c.format(numbers[0], row[numbers[0].Name], row)}
		s.Tone = apart[len(out.Parts)%len(apart)]
		for _, spec := range c.columnsOf(b, r) {
			if spec.Type == "rag" {
				s.Tone = c.status(spec, row[spec.Name]).Tone
			}
		}
		total += s.Value
		out.Parts = append(out.Parts, s)
		alt = append(alt, s.Label+" "+s.Text)
	}
	if total > 0 {
		out.Center, out.Label = c.percent(100*out.Parts[0].Value/total, 0), out.Parts[0].Label
	}
	out.Alt = c.l.Commas(alt...)
	return out
}

// line shows the numbers of each row over the first column; NULL is a gap. area fills what lies under the lines. burnup is
// what was planned, dashed, and what has come to be, filled: the first number and the others.
func (c *composer) line(b *Block, r *result) document.Block {
	name, numbers := c.labelled(b, r)
	if len(numbers) == 0 {
		return nil
	}
	out := document.Line{Area: b.As != "line" || len(numbers) == 1}
	for _, spec := range numbers {
		s := document.Series{Name: c.label(b.Name, spec.Name), Tone: tones[spec.Tone]}
		if b.As == "burnup" {
			s.Dashed = len(out.Series) == 0
			if spec.Tone == "" && !s.Dashed {
				s.Tone = document.ToneAccent
			}
		}
		out.Series = append(out.Series, s)
	}
	low, high := 0.0, 0.0
	var alt []string
	for _, row := range r.rows {
		label := c.format(name, row[name.Name], row)
		out.Labels = append(out.Labels, label)
		var words []string
		for i, spec := range numbers {
			f, ok := float(row[spec.Name])
			if !ok {
				f = math.NaN()
			} else {
				low, high = min(low, f), max(high, f)
			}
			out.Series[i].Values = append(out.Series[i].Values, f)
			said := c.format(spec, row[spec.Name], row)
			if len(numbers) > 1 {
				said = out.Series[i].Name + " " + said
			}
			words = append(words, said)
		}
		alt = append(alt, c.l.Labelled(label, c.l.Commas(words...)))
	}
	for _, v := range ticks(low, high) {
		out.Ticks = append(out.Ticks, document.Tick{Value: v, Text: c.tick(v)})
	}
	out.Alt = c.l.Semicolons(alt...)
	return out
}

// ticks returns four to seven round values that hold low and high.
func ticks(low, high float64) []float64 {
	if high <= low {
		high = low + 1
	}
	if math.IsInf(high-low, 0) || high-low <= math.Abs(high+low)*1e-12 { // no round numbers lie between
		return []float64{low, high}
	}
	step := math.Pow(10, math.Floor(math.Log10((high-low)/5)))
	for _, f := range []float64{1, 2, 2.5, 5, 10} {
		if (high-low)/(step*f) <= 5 {
			step *= f
			break
		}
	}
	var out []float64
	for i := math.Floor(low / step); ; i++ {
		out = append(out, i*step)
		if i*step >= high {
			return out
		}
	}
}

// tick is a value of an axis; one of more digits than a reader can count is written as a power of ten.
func (c *composer) tick(v float64) string {
	if math.Abs(v) < 1e15 {
		return c.number(v)
	}
	power := int(math.Floor(math.Log10(math.Abs(v))))
	digits := strings.Map(func(r rune) rune { return []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[r-'0'] }, strconv.Itoa(power))
	return c.number(v/math.Pow(10, float64(power))) + "·10" + digits
}

// heat shows the second column as a strip of cells, the greatest value darkest.
func (c *composer) heat(b *Block, r *result) document.Block {
	name, numbers := c.labelled(b, r)
	if len(numbers) == 0 {
		return nil
	}
	out := document.Heat{Title: c.optional(b, "caption")}
	greatest := 0.0
	var alt []string
	for _, row := range r.rows {
		v := max(drawn(row[numbers[0].Name]), 0)
		greatest = max(greatest, v)
		out.Labels = append(out.Labels, c.format(name, row[name.Name], row))
		out.Values = append(out.Values, v)
		alt = append(alt, c.l.Labelled(out.Labels[len(out.Labels)-1], c.format(numbers[0], row[numbers[0].Name], row)))
	}
	for i := range out.Values {
		if greatest > 0 {
			out.Values[i] /= greatest
		}
	}
	out.Alt = c.l.Semicolons(alt...)
	return out
}

// bullet shows a value against its target: the second and the third column, each row by its own measure.
func (c *composer) bullet(b *Block, r *result) document.Block {
	name, numbers := c.labelled(b, r)
	if len(numbers) < 2 {
		return nil
	}
	value, target := numbers[0], numbers[1]
	out := document.Bullet{Legend: [2]string{c.label(b.Name, value.Name), c.label(b.Name, target.Name)}}
	var alt []string
	for _, row := range r.rows {
		one := document.BulletRow{Label: c.format(name, row[name.Name], row), Value: measured(row[value.Name]), Target: measured(row[target.Name]), Tone: value.toneOf(row[value.Name])}
		one.Text = c.format(value, row[value.Name], row) + " " + c.l.T("report.of", map[string]any{"total": c.format(target, row[target.Name], row)})
		out.Rows = append(out.Rows, one)
		alt = append(alt, c.l.Labelled(one.Label, one.Text))
	}
	out.Alt = c.l.Semicolons(alt...)
	return out
}

// measured is a number for drawing, NaN for what is none.
func measured(v any) float64 {
	if f, ok := float(v); ok {
		return f
	}
	return math.NaN()
}
