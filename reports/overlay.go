package reports

import (
	"fmt"
	"maps"
	"slices"
)

// overlay is a report in another language: headings and prose by section, and labels. Blocks are inherited.
type overlay struct {
	file     string
	sections map[string]*overlaySection
	labels   labels
}

type overlaySection struct {
	title, aside *text
	prose        []*text
	place        place
}

// parseOverlay reads <name>.<lang>.md and compares it with the definition.
func parseOverlay(d *Definition, file, source string) (*overlay, *reader) {
	p := &reader{file: file}
	o := &overlay{file: file, sections: map[string]*overlaySection{}, labels: labels{}}
	front, line, pieces := p.split(source)
	if line > 0 {
		p.fault(place{file, 1, 1}, fmt.Sprintf("an overlay has no front matter (%d bytes): titles and subjects by language stand in %s", len(front), d.File))
	}
	current := &overlaySection{place: place{file, 1, 1}}
	o.sections[""] = current
	for _, one := range pieces {
		switch one.kind {
		case "heading":
			current = p.overlaySection(d, o, one)
		case "prose":
			current.prose = append(current.prose, p.compile(one.text, one.place, markdownText))
		case "labels":
			p.labels(o.labels, one)
		default:
			p.fault(one.place, fmt.Sprintf("a block of kind %q has no place in an overlay: blocks are inherited from %s", one.kind, d.File))
		}
	}
	p.translated(d, o)
	return o, p
}

func (p *reader) overlaySection(d *Definition, o *overlay, one piece) *overlaySection {
	s := &overlaySection{place: one.place}
	if base := d.section(one.heading.id); base == nil {
		p.fault(one.place, fmt.Sprintf("no section {#%s} in %s%s", one.heading.id, d.File, didYouMean(one.heading.id, d.sectionIDs())))
	}
	read := p.section(one)
	s.title, s.aside = read.Title, read.Aside
	o.sections[one.heading.id] = s
	return s
}

// translated says what the overlay lacks.
func (p *reader) translated(d *Definition, o *overlay) {
	for _, s := range d.Sections {
		runs := 0
		for _, part := range s.Parts {
			if part.Prose != nil {
				runs++
			}
		}
		own := o.sections[s.ID]
		switch {
		case own == nil:
			p.fault(place{p.file, 1, 1}, fmt.Sprintf("section {#%s} of %s:%d is not translated", s.ID, d.File, s.place.line))
		case len(own.prose) != runs:
			p.fault(own.place, fmt.Sprintf("section {#%s} has %d runs of prose here and %d in %s:%d", s.ID, len(own.prose), runs, d.File, s.place.line))
		case s.Aside != nil && own.aside == nil:
			p.fault(own.place, fmt.Sprintf("the short text behind the heading of {#%s} is not translated", s.ID))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(d.labels)) {
		if o.labels[key] == nil {
			p.fault(place{p.file, 1, 1}, fmt.Sprintf("label %q of %s:%d is not translated", key, d.File, d.labels[key].place.line))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(o.labels)) {
		if d.labels[key] == nil {
			p.fault(o.labels[key].place, fmt.Sprintf("no label %q in %s%s", key, d.File, didYouMean(key, slices.Collect(maps.Keys(d.labels)))))
		}
	}
}

func (d *Definition) section(id string) *Section {
	for _, s := range d.Sections {
		if s.ID == id {
			return s
		}
	}
	return nil
}

func (d *Definition) sectionIDs() []string {
	var ids []string
	for _, s := range d.Sections {
		if s.ID != "" {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// words are the headings, prose and labels of a definition in one language.
type words struct {
	d       *Definition
	overlay *overlay // nil for the definition's own language
}

func (d *Definition) words(language string) words { return words{d, d.overlays[language]} }

func (w words) heading(s *Section) (title, aside *text) {
	if w.overlay != nil {
		if own := w.overlay.sections[s.ID]; own != nil {
			return own.title, own.aside
		}
	}
	return s.Title, s.Aside
}

// prose returns the n-th run of prose of a section.
func (w words) prose(s *Section, n int, fallback *text) *text {
	if w.overlay != nil {
		if own := w.overlay.sections[s.ID]; own != nil && n < len(own.prose) {
			return own.prose[n]
		}
	}
	return fallback
}

func (w words) label(key string) *text {
	if w.overlay != nil && w.overlay.labels[key] != nil {
		return w.overlay.labels[key]
	}
	return w.d.labels[key]
}
