package acts

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"secretariat/programme"
	"secretariat/store"
)

// letters names the renderings and decides who gets what.
func (w *runWork) letters(ctx context.Context) error {
	w.name()
	var addresses []string
	for _, r := range w.readers {
		addresses = append(addresses, r.letter.Address)
	}
	var unsubscribed map[string]string
	err := w.acts.Store.InTx(ctx, func(tx *store.Tx) (err error) {
		unsubscribed, err = tx.Unsubscribed(ctx, w.d.Name, addresses)
		return err
	})
	if err != nil {
		return err
	}
	sent := false
	for _, r := range w.readers {
		made, l := w.plan.Renderings[r.rendering], r.letter
		l.Variant, l.Subject = made.Variant, made.Subject
		switch {
		case made.send:
			sent = true
		case made.note:
			l.Kind, l.Subject = "nothing-to-report", ""
		default:
			continue
		}
		l.HeldBack = unsubscribed[strings.ToLower(l.Address)]
		w.plan.Letters = append(w.plan.Letters, l)
	}
	if !sent {
		w.plan.State, w.plan.Number, w.plan.Reason = store.RunNothing, 0, "the conditions of the report do not hold"
		if len(w.readers) == 0 {
			w.plan.Reason = "the report has no readers"
		}
	}
	return nil
}

// name gives every rendering its variant: <language>-<clearance> for the first of each, and behind that the zone and the
// other parameters that tell it apart. The programme's own zone comes first.
func (w *runWork) name() {
	list := w.plan.Renderings
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	home := w.state.zone.String()
	sort.SliceStable(order, func(i, j int) bool {
		a, b := list[order[i]], list[order[j]]
		if (a.Timezone == home) != (b.Timezone == home) {
			return a.Timezone == home
		}
		return a.Timezone+a.Variant < b.Timezone+b.Variant
	})
	day := programme.DateOf(w.plan.FireAt, w.state.zone)
	taken := map[string]bool{}
	for _, i := range order {
		r := &list[i]
		name := r.Language + "-" + r.Clearance
		if taken[name] {
			name += "-" + strings.NewReplacer("/", "-", "_", "-").Replace(r.Timezone)
		}
		if taken[name] {
			name += "-" + r.Variant
		}
		taken[name] = true
		r.Variant = name
		r.File = fmt.Sprintf("%s-%s-%s.pdf", w.d.Name, day, name)
	}
}
