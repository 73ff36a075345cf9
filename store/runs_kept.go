package store

import (
	"context"
	"encoding/hex"
	"fmt"
)

// RunArtefact is a file of a run: one per variant (audience) and format.
type RunArtefact struct {
	RunID   int64  `db:"run_id"`
	Variant string `db:"variant"`
	Format  string `db:"format"` // pdf, letter …
	Name    string `db:"name"`   // file name
	Pages   *int   `db:"pages"`
	SHA256  string `db:"sha256"` // hex
}

// PutRunArtefacts notes the files of a run.
func (tx *Tx) PutRunArtefacts(ctx context.Context, files []RunArtefact) error {
	for _, f := range files {
		sum, err := hex.DecodeString(f.SHA256)
		if err != nil {
			return fmt.Errorf("artefact %q: the name is not hexadecimal", f.SHA256)
		}
		_, err = tx.ExecContext(ctx, `insert into run_artefact (run_id, variant, format, name, pages, sha256) values ($1, $2, $3, $4, $5, $6)`,
			f.RunID, f.Variant, f.Format, f.Name, f.Pages, sum)
		if err != nil {
			return fmt.Errorf("note artefact %s of run %d: %w", f.Name, f.RunID, err)
		}
	}
	return nil
}

// RunArtefacts returns the files of a run by variant and format.
func (tx *Tx) RunArtefacts(ctx context.Context, run int64) (list []RunArtefact, err error) {
	err = tx.SelectContext(ctx, &list, `
		select run_id, variant, format, name, pages, encode(sha256, 'hex') as sha256 from run_artefact
		where run_id = $1 order by variant, format`, run)
	if err != nil {
		return nil, fmt.Errorf("list artefacts of run %d: %w", run, err)
	}
	return list, nil
}

// VariantArtefacts returns the files of one rendering of a run by format.
func (tx *Tx) VariantArtefacts(ctx context.Context, run int64, variant string) (list []RunArtefact, err error) {
	err = tx.SelectContext(ctx, &list, `
		select run_id, variant, format, name, pages, encode(sha256, 'hex') as sha256 from run_artefact
		where run_id = $1 and variant = $2 order by format`, run, variant)
	if err != nil {
		return nil, fmt.Errorf("list artefacts of run %d for %q: %w", run, variant, err)
	}
	return list, nil
}

// RunSnapshot holds the tracked rows of a run by block, as reports.Kept encodes them.
type RunSnapshot map[string][]byte

// PutRunSnapshot keeps the tracked rows of a run for an audience.
func (tx *Tx) PutRunSnapshot(ctx context.Context, run int64, audience string, blocks RunSnapshot) error {
	for block, rows := range blocks {
		_, err := tx.ExecContext(ctx, `insert into run_snapshot (run_id, audience, block, rows) values ($1, $2, $3, $4)`, run, audience, block, rows)
		if err != nil {
			return fmt.Errorf("keep snapshot of %s for %s: %w", block, audience, err)
		}
	}
	return nil
}

// RunSnapshots returns the tracked rows of a run by audience.
func (tx *Tx) RunSnapshots(ctx context.Context, run int64) (map[string]RunSnapshot, error) {
	var list []struct {
		Audience, Block string
		Rows            []byte
	}
	if err := tx.SelectContext(ctx, &list, `select audience, block, rows from run_snapshot where run_id = $1`, run); err != nil {
		return nil, fmt.Errorf("read snapshots of run %d: %w", run, err)
	}
	out := map[string]RunSnapshot{}
	for _, one := range list {
		if out[one.Audience] == nil {
			out[one.Audience] = RunSnapshot{}
		}
		out[one.Audience][one.Block] = one.Rows
	}
	return out, nil
}
