package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lib/pq"
)

// Run is one making of a report for its readers. Number is nil for a run that carries none.
type Run struct {
	ID             int64      `db:"id"`
	Number         *int64     `db:"number"` // the report number
	Report         string     `db:"report"`
	ScheduleID     *int64     `db:"schedule_id"` // with FireAt the occurrence: there is one run of each
	FireAt         *time.Time `db:"fire_at"`
	Since          time.Time  `db:"since"`
	Until          time.Time  `db:"until"`
	AsOf           time.Time  `db:"as_of"`
	DefinitionHash []byte     `db:"definition_hash"`
	State          string     `db:"state"`  // released, held, nothing-to-report, dropped
	Reason         string     `db:"reason"` // of held: what failed, a line each
	CreatedAt      time.Time  `db:"created_at"`
}

// States of a run.
const (
	RunReleased = "released"
	RunHeld     = "held"
	RunNothing  = "nothing-to-report"
	RunDropped  = "dropped"
)

// RunArtefact is a file of a run: one per variant (audience) and format.
type RunArtefact struct {
	RunID   int64  `db:"run_id"`
	Variant string `db:"variant"`
	Format  string `db:"format"` // pdf, letter
	Name    string `db:"name"`   // file name
	Pages   *int   `db:"pages"`
	SHA256  string `db:"sha256"` // hex
}

const runColumns = `id, number, report, schedule_id, fire_at, since, until, as_of, definition_hash, state, coalesce(reason, '') as reason, created_at`

// NextRunNumber returns the report number that the next run with a number gets, and keeps others from taking it until
// the transaction ends when hold is set.
func (tx *Tx) NextRunNumber(ctx context.Context, hold bool) (int64, error) {
	if hold {
		if _, err := tx.ExecContext(ctx, `select pg_advisory_xact_lock(hashtext('report number'))`); err != nil {
			return 0, fmt.Errorf("hold report number: %w", err)
		}
	}
	var n int64
	if err := tx.GetContext(ctx, &n, `select coalesce(max(number), 0) + 1 from report_run`); err != nil {
		return 0, fmt.Errorf("read next report number: %w", err)
	}
	return n, nil
}

// InsertRun records a run and returns it with its id; inserted is false, and the run is the one already there, when the
// occurrence has one.
func (tx *Tx) InsertRun(ctx context.Context, r Run) (run Run, inserted bool, err error) {
	var found []Run
	err = tx.SelectContext(ctx, &found, `
		insert into report_run (number, report, schedule_id, fire_at, since, until, as_of, definition_hash, state, reason, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, nullif($10, ''), $11)
		on conflict (schedule_id, fire_at) do nothing
		returning `+runColumns,
		r.Number, r.Report, r.ScheduleID, r.FireAt, r.Since, r.Until, r.AsOf, r.DefinitionHash, r.State, r.Reason, tx.Now)
	if err != nil {
		return Run{}, false, fmt.Errorf("record run of %s: %w", r.Report, err)
	}
	if len(found) == 1 {
		return found[0], true, nil
	}
	run, err = tx.RunOf(ctx, *r.ScheduleID, *r.FireAt)
	return run, false, err
}

// Run returns a run by its id, or ErrNotFound.
func (tx *Tx) Run(ctx context.Context, id int64) (r Run, err error) {
	if err := tx.GetContext(ctx, &r, `select `+runColumns+` from report_run where id = $1`, id); err != nil {
		return r, fmt.Errorf("run %d: %w", id, notFound(err))
	}
	return r, nil
}

// RunOf returns the run of an occurrence, or ErrNotFound.
func (tx *Tx) RunOf(ctx context.Context, schedule int64, fireAt time.Time) (r Run, err error) {
	err = tx.GetContext(ctx, &r, `select `+runColumns+` from report_run where schedule_id = $1 and fire_at = $2`, schedule, fireAt)
	if err != nil {
		return r, fmt.Errorf("run of schedule %d at %s: %w", schedule, fireAt.Format(time.RFC3339), notFound(err))
	}
	return r, nil
}

// Runs returns the runs of a report, or with "" of all, newest first, at most limit of them.
func (tx *Tx) Runs(ctx context.Context, report string, limit int) (list []Run, err error) {
	err = tx.SelectContext(ctx, &list, `
		select `+runColumns+` from report_run where $1 = '' or report = $1 order by as_of desc, id desc limit $2`, report, limit)
	if err != nil {
		return nil, fmt.Errorf("list runs: %w", err)
	}
	return list, nil
}

// LastDelivered returns the last numbered run of a report that reached somebody and is as of a moment not after asOf, leaving out
// the run of an occurrence that fires at except (zero: none). It returns ErrNotFound when there is none.
func (tx *Tx) LastDelivered(ctx context.Context, report string, asOf, except time.Time) (r Run, err error) {
	err = tx.GetContext(ctx, &r, `
		select `+runColumns+` from report_run r
		where  report = $1 and as_of <= $2 and state = 'released' and number is not null and fire_at is distinct from $3
		       and exists (select from delivery d where d.run_id = r.id and d.kind = 'report' and d.state = 'sent')
		order  by as_of desc, id desc limit 1`, report, asOf, nullTime(except))
	if err != nil {
		return r, fmt.Errorf("last delivered run of %s: %w", report, notFound(err))
	}
	return r, nil
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

// RunSnapshot holds the tracked rows of a run: block → key → column → text.
type RunSnapshot = map[string]map[string]map[string]string

// PutRunSnapshot keeps the tracked rows of a run for an audience.
func (tx *Tx) PutRunSnapshot(ctx context.Context, run int64, audience string, blocks RunSnapshot) error {
	for block, rows := range blocks {
		b, err := json.Marshal(rows)
		if err != nil {
			return fmt.Errorf("keep snapshot of %s: %w", block, err)
		}
		_, err = tx.ExecContext(ctx, `insert into run_snapshot (run_id, audience, block, rows) values ($1, $2, $3, $4)`, run, audience, block, string(b))
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
		var rows map[string]map[string]string
		if err := json.Unmarshal(one.Rows, &rows); err != nil {
			return nil, fmt.Errorf("read snapshot of %s: %w", one.Block, err)
		}
		if out[one.Audience] == nil {
			out[one.Audience] = RunSnapshot{}
		}
		out[one.Audience][one.Block] = rows
	}
	return out, nil
}

// Unsubscribed returns the addresses, in small letters, that get no letters of a report, with the reason of each.
func (tx *Tx) Unsubscribed(ctx context.Context, report string, addresses []string) (map[string]string, error) {
	var list []struct{ Address, Reason string }
	err := tx.SelectContext(ctx, &list, `
		select address, reason from suppression
		where  (report is null or report = $1) and (until is null or until > $2) and address in (select lower(a) from unnest($3::text[]) a)
		order  by report nulls last`, report, tx.Now, pq.Array(addresses))
	if err != nil {
		return nil, fmt.Errorf("read who gets no %s: %w", report, err)
	}
	out := map[string]string{}
	for _, one := range list {
		out[one.Address] = one.Reason
	}
	return out, nil
}
