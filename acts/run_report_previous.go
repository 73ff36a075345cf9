package acts

import (
	"context"
	"fmt"

	"secretariat/reports"
	"secretariat/store"
)

// previous is the last delivered run for an audience, unpacked once for all languages; nil where there is none.
func (w *runWork) previous(audience string) (p *reports.Previous, err error) {
	p, known := w.before[audience]
	if !known && w.state.before != nil {
		p, err = previousOf(*w.state.before, w.state.snapshots[audience])
		w.before[audience] = p
	}
	return p, err
}

// previousOf is a run as the next report compares with it, nil when it kept nothing for the audience.
func previousOf(r store.Run, rows store.RunSnapshot) (*reports.Previous, error) {
	if rows == nil {
		return nil, nil
	}
	kept, err := reports.DecodeSnapshot(rows)
	if err != nil {
		return nil, fmt.Errorf("run %d: %w", r.ID, err)
	}
	return &reports.Previous{AsOf: r.AsOf, Since: r.Since, Until: r.Until, Snapshot: kept}, nil
}

// recheck reads what tells tracked rows that are gone from those that a reader only no longer sees, where rows are missing.
// It is a session of its own: what it may see is more than what the report may show.
func (a *Acts) recheck(ctx context.Context, d *reports.Definition, in reports.Input) error {
	queries, err := d.Recheck(in)
	if err != nil {
		return &blockFault{err}
	}
	if len(queries) == 0 {
		return nil
	}
	options := store.SnapshotOptions{Ceiling: "confidential", Timezone: in.Parameters.Programme.Timezone.String(), BuiltIn: a.Reports.Builtin(d.Name)}
	return a.Store.Snapshot(ctx, options, func(read func(store.Query) store.Rows) error {
		for _, q := range queries {
			in.Rows[q.Name] = readQuery(read, q)
		}
		return nil
	})
}
