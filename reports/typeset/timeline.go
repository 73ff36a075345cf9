package typeset

import (
	"strings"
	"time"

	"secretariat/reports/document"
)

// timeline draws rows on a time axis with a band per month and a line for the present day. In a document from right to
// left the axis is mirrored with everything else: time then runs from right to left, as its readers read.
func (s *setter) timeline(b document.Timeline, parent int, w float64) box {
	axis, ok := newAxis(b)
	if !ok || len(b.Rows) == 0 {
		return stack{}
	}
	t := &timeline{s: s, doc: b, axis: axis, width: w}
	t.fig = s.figure(parent, timelineAlt(b))
	t.measure()
	out := bands{head: t.head(), least: 2, frame: t.frame, over: t.over, foot: t.legend()}
	for i := range b.Rows {
		out.rows = append(out.rows, t.row(i))
	}
	return out
}

func timelineAlt(b document.Timeline) string {
	var parts []string
	for _, r := range b.Rows {
		parts = append(parts, strings.TrimSpace(r.Label+": "+r.Text+" "+r.Status.Word))
	}
	return altOr(b.Alt, parts)
}

// timeAxis maps days to shares of its length.
type timeAxis struct {
	from, to time.Time
	months   []time.Time // first days of the months
}

func newAxis(b document.Timeline) (timeAxis, bool) {
	if b.From.IsZero() || b.To.IsZero() || b.To.Before(b.From) || b.To.Sub(b.From) > 100*366*24*time.Hour {
		return timeAxis{}, false
	}
	a := timeAxis{from: monthOf(b.From)}
	for m := a.from; !m.After(b.To); m = m.AddDate(0, 1, 0) {
		a.months = append(a.months, m)
	}
	a.to = a.months[len(a.months)-1].AddDate(0, 1, 0)
	return a, true
}

func monthOf(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC) }

// raw is the place of a moment as a share of the axis; it may lie before 0 or after 1.
func (a timeAxis) raw(t time.Time) float64 { return float64(t.Sub(a.from)) / float64(a.to.Sub(a.from)) }

// at is the place of a moment, confined to the axis; seen tells whether it lies on it.
func (a timeAxis) at(t time.Time) (share float64, seen bool) {
	share = a.raw(t)
	return unit(share), share >= 0 && share <= 1
}

type timeline struct {
	s                   *setter
	doc                 document.Timeline
	axis                timeAxis
	fig                 *figure
	width               float64
	labels, dates       []text
	words               []text
	labelLines          [][]line
	dateLines, statuses [][]line
	labelW, dateW       float64
	left, long          float64 // of the axis
}

func (t *timeline) measure() {
	for _, r := range t.doc.Rows {
		t.labels = append(t.labels, t.s.label(r.Label, look{face: faceRegular, size: sizeTable, color: ink}))
		t.dates = append(t.dates, t.s.label(r.Text, look{face: faceRegular, size: 7.3, color: ink, leading: 1.22}))
		t.words = append(t.words, t.s.label(r.Status.Word, look{face: faceRegular, size: 6.8, color: toneOf(r.Status.Tone).text, leading: 1.22}))
	}
	t.labelW, t.labelLines = columnOf(t.labels, t.width*0.29)
	dateW, _ := columnOf(t.dates, t.width*0.17)
	wordW, _ := columnOf(t.words, t.width*0.17-10)
	t.dateW = max(dateW, wordW+10)
	for i := range t.doc.Rows {
		t.dateLines = append(t.dateLines, t.dates[i].wrap(t.dateW))
		t.statuses = append(t.statuses, t.words[i].wrap(t.dateW-10))
	}
	t.left = t.labelW + labelGap
	t.long = t.width - t.left - t.dateW - labelGap
}

func (t *timeline) x(m time.Time) (float64, bool) {
	share, seen := t.axis.at(m)
	return t.left + t.long*share, seen
}

// head names the months; when they are too narrow for their names, every second, third … one.
func (t *timeline) head() solid {
	var months []text
	widest := 0.0
	for i := range t.axis.months {
		label := ""
		if i < len(t.doc.Months) {
			label = t.doc.Months[i]
		}
		m := t.s.label(label, look{face: faceRegular, size: sizeTiny, color: muted})
		months = append(months, m)
		widest = max(widest, m.naturalWidth())
	}
	each := t.long / float64(len(months))
	step := max(1, int((widest+6)/each+0.999))
	return solid{17, func(c *canvas, x, y float64) {
		node := t.fig.on(c, x, y, t.width, 17)
		t.bands(c, x, y, 17, node)
		for i := 0; i < len(months); i += step {
			from, _ := t.x(t.axis.months[i])
			until := t.left + t.long
			if i+step < len(months) {
				until, _ = t.x(t.axis.months[i+step])
			}
			m := months[i]
			m.spans = []spanLook{{color: muted, node: node}}
			if m.naturalWidth() > until-from-2 && i > 0 {
				continue
			}
			c.lines(m, m.wrap(1000), x+from, y+3.5, until-from, document.AlignCenter)
		}
	}}
}

func (t *timeline) bands(c *canvas, x, y, h float64, node int) {
	for i := 0; i < len(t.axis.months); i += 2 {
		from, _ := t.x(t.axis.months[i])
		to, _ := t.x(t.axis.months[i].AddDate(0, 1, 0))
		c.rect(x+from, y, to-from, h, pen{fill: &soft, node: node})
	}
}

func (t *timeline) frame(c *canvas, x, y, h float64) {
	t.bands(c, x, y, h+4, t.fig.on(c, x, y, t.width, h+4))
}

// over draws the line of the present day over the rows.
func (t *timeline) over(c *canvas, x, y, h float64) {
	at, seen := t.x(t.doc.Today)
	if t.doc.Today.IsZero() || !seen {
		return
	}
	node := t.fig.on(c, x, y, t.width, h)
	red := tones[document.ToneBad].fill
	c.rule(x+at, y, x+at, y+h+4, pen{stroke: &red, width: 0.9, dash: []float64{2.6, 2}, node: node})
	label := t.s.text(t.s.doc.Meta.Today, look{face: faceBold, size: 6.6, color: white}, node)
	if label.natural == 0 {
		return
	}
	wide := label.naturalWidth() + 9
	start := min(max(x+at-wide/2, x+t.left), x+t.left+t.long-wide)
	c.rounded(start, y+h+4, wide, 10.5, round(2.5), pen{fill: &red, node: node})
	c.word(label, start+4.5, y+h+11.7)
}

const timelineBar = 11.0

// row draws a bar or a milestone with its label at the start and its date and status at the end.
func (t *timeline) row(i int) solid {
	r := t.doc.Rows[i]
	right := float64(len(t.dateLines[i]))*t.dates[i].lineHeight() + float64(len(t.statuses[i]))*t.words[i].lineHeight()
	if r.Status.Word == "" {
		right = float64(len(t.dateLines[i])) * t.dates[i].lineHeight()
	}
	h := max(20, float64(len(t.labelLines[i]))*t.labels[i].lineHeight()+6, right+4.5)
	return solid{h, func(c *canvas, x, y float64) {
		node := t.fig.on(c, x, y, t.width, h)
		middle := y + h/2
		paintLabel(c, t.labels[i], t.labelLines[i], x, middle, t.labelW, document.AlignStart, node)
		if r.Milestone {
			t.milestone(c, r, x, middle, node)
		} else {
			t.bar(c, r, x, middle, node)
		}
		end := x + t.width - t.dateW
		top := middle - right/2
		t.dates[i].spans = []spanLook{{color: ink, node: node}}
		c.lines(t.dates[i], t.dateLines[i], end, top, t.dateW, document.AlignStart)
		if r.Status.Word == "" {
			return
		}
		top += float64(len(t.dateLines[i])) * t.dates[i].lineHeight()
		tone := toneOf(r.Status.Tone)
		c.mark(tone.shape, end+3, top+t.words[i].lineHeight()/2, 2.6, tone.text, node)
		t.words[i].spans = []spanLook{{color: tone.text, node: node}}
		c.lines(t.words[i], t.statuses[i], end+9, top, t.dateW-9, document.AlignStart)
	}}
}

// bar draws what is done filled, the rest lighter, and the first due day as a hollow mark with a line to the new one.
func (t *timeline) bar(c *canvas, r document.TimelineRow, x, middle float64, node int) {
	if r.From.IsZero() && r.To.IsZero() {
		return
	}
	from, to := r.From, r.To
	if from.IsZero() {
		from = to
	}
	if to.IsZero() || to.Before(from) {
		to = from
	}
	first, last := t.axis.raw(from), t.axis.raw(to.AddDate(0, 0, 1)) // the whole of the last day
	if last <= 0 || first >= 1 {
		return
	}
	start, end := t.left+t.long*unit(first), t.left+t.long*unit(last)
	end = max(end, start+3)
	ends := round(2.5) // square where the bar goes on beyond the axis
	if first < 0 {
		ends[0], ends[3] = 0, 0
	}
	if last > 1 {
		ends[1], ends[2] = 0, 0
	}
	color := toneOf(r.Status.Tone).fill
	y := middle - timelineBar/2
	c.rounded(x+start, y, end-start, timelineBar, ends, pen{fill: &color, alpha: 0.3, node: node})
	c.rounded(x+start, y, end-start, timelineBar, ends, pen{stroke: &color, width: 0.6, node: node})
	if done := (end - start) * unit(r.Progress); done > 0.5 { // of what is seen: the filled share is the progress
		c.rounded(x+start, y, done, timelineBar, ends, pen{fill: &color, node: node})
	}
	t.original(c, r, x, middle, x+end, node)
}

func (t *timeline) milestone(c *canvas, r document.TimelineRow, x, middle float64, node int) {
	day := r.To
	if day.IsZero() {
		day = r.From
	}
	at, seen := t.x(day.Add(12 * time.Hour))
	if day.IsZero() || !seen {
		return
	}
	t.original(c, r, x, middle, x+at, node)
	color := toneOf(r.Status.Tone).fill
	if r.Status.Tone == document.ToneMute {
		color = navy
	}
	if r.Met {
		c.diamond(x+at, middle, 6, pen{fill: &color, node: node})
	} else {
		c.diamond(x+at, middle, 5.4, pen{fill: &white, stroke: &color, width: 1.3, node: node})
	}
}

// original draws the first due day where it differs: a hollow circle and a thin line to the day that counts now.
func (t *timeline) original(c *canvas, r document.TimelineRow, x, middle, to float64, node int) {
	if r.Original.IsZero() {
		return
	}
	at, seen := t.x(r.Original.Add(12 * time.Hour))
	if !seen {
		return
	}
	c.rule(x+at, middle+timelineBar/2+2, to, middle+timelineBar/2+2, pen{stroke: &muted, width: 0.6, dash: []float64{1.4, 1.4}, node: node})
	c.circle(x+at, middle, 3, pen{fill: &white, stroke: &ink, width: 0.9, node: node})
}
