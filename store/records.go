package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"
)

// Record is the minutes, summary record or report of a session. Moments that have not come are nil.
type Record struct {
	ID               int64      `db:"id"`
	Session          string     `db:"session"`
	Kind             string     `db:"kind"`
	State            string     `db:"state"` // draft, circulated, adopted
	Version          int        `db:"version"`
	DraftedAt        time.Time  `db:"drafted_at"`
	CirculatedAt     *time.Time `db:"circulated_at"`
	CorrectionsUntil *time.Time `db:"corrections_until"`
	AdoptedAt        *time.Time `db:"adopted_at"`
	AdoptedHow       string     `db:"adopted_how"` // silence or session
	AdoptedIn        string     `db:"adopted_in"`  // ref of the session that adopted it
}

const recordColumns = `
	select r.id, s.ref as session, r.kind, r.state, r.version, r.drafted_at, r.circulated_at, r.corrections_until, r.adopted_at,
		coalesce(r.adopted_how, '') as adopted_how, coalesce(t.ref, '') as adopted_in
	from record r join session s on s.id = r.session_id left join session t on t.id = r.adopted_in `

// Records returns the records of all sessions.
func (tx *Tx) Records(ctx context.Context) (list []Record, err error) {
	if err := tx.SelectContext(ctx, &list, recordColumns+`order by r.id`); err != nil {
		return nil, fmt.Errorf("load records: %w", err)
	}
	return list, nil
}

// Record returns the record of a session, or ErrNotFound.
func (tx *Tx) Record(ctx context.Context, sessionID int64) (r Record, err error) {
	if err := tx.GetContext(ctx, &r, recordColumns+`where r.session_id = $1`, sessionID); err != nil {
		return r, fmt.Errorf("record of session %d: %w", sessionID, notFound(err))
	}
	return r, nil
}

// PutDraft records a new draft and returns the record: its version is one higher than that of the draft before.
func (tx *Tx) PutDraft(ctx context.Context, sessionID int64, kind string) (Record, error) {
	err := tx.run(ctx, "draft record", `
		insert into record (session_id, kind, state, version, drafted_at) values ($1, $2, 'draft', 1, $3)
		on conflict (session_id) do update set (kind, state, version, drafted_at, circulated_at, corrections_until) =
			(excluded.kind, 'draft', record.version + 1, excluded.drafted_at, null, null)`, sessionID, kind)
	if err != nil {
		return Record{}, err
	}
	return tx.Record(ctx, sessionID)
}

// RecordFile is a rendering of a version of a record.
type RecordFile struct {
	Language  string `db:"language"`
	Clearance string `db:"clearance"`
	SHA256    string `db:"sha256"` // hex
	Pages     int    `db:"pages"`
}

// PutRecordFile keeps a rendering of the present version.
func (tx *Tx) PutRecordFile(ctx context.Context, r Record, f RecordFile, b []byte) error {
	name, err := tx.PutArtefact(ctx, "application/pdf", b)
	if err != nil {
		return err
	}
	sum, err := hex.DecodeString(name)
	if err != nil {
		return err
	}
	return tx.run(ctx, "keep rendering of record", `
		insert into record_file (record_id, version, language, clearance, sha256, pages) values ($1, $2, $3, $4, $5, $6)`,
		r.ID, r.Version, f.Language, f.Clearance, sum, f.Pages)
}

// RecordFiles returns the renderings of the present version.
func (tx *Tx) RecordFiles(ctx context.Context, r Record) (list []RecordFile, err error) {
	err = tx.SelectContext(ctx, &list, `
		select language, clearance, encode(sha256, 'hex') as sha256, pages from record_file where record_id = $1 and version = $2 order by language, clearance`, r.ID, r.Version)
	if err != nil {
		return nil, fmt.Errorf("load renderings of record: %w", err)
	}
	return list, nil
}

// CirculateRecord records that the present version goes to the members, and until when corrections are taken.
func (tx *Tx) CirculateRecord(ctx context.Context, id int64, until time.Time) error {
	return tx.run(ctx, "circulate record", `update record set state = 'circulated', circulated_at = $3, corrections_until = $2 where id = $1`, id, until)
}

// AdoptRecord records that the record is adopted: by silence, or in a session. The adopted text is a version of its own.
func (tx *Tx) AdoptRecord(ctx context.Context, id int64, how, in string) error {
	return tx.run(ctx, "adopt record", `
		update record set state = 'adopted', version = version + 1, adopted_at = $4, adopted_how = $2, adopted_in = (select id from session where ref = nullif($3, '')) where id = $1`, id, how, in)
}

// Correction is a correction to a record that came in.
type Correction struct {
	ID         int64      `db:"id"`
	Version    int        `db:"version"`
	Person     string     `db:"person"`
	Text       string     `db:"text"`
	ReceivedAt time.Time  `db:"received_at"`
	Outcome    string     `db:"outcome"` // taken, not-taken; "" is open
	SettledAt  *time.Time `db:"settled_at"`
}

// AddCorrection records a correction and returns its id.
func (tx *Tx) AddCorrection(ctx context.Context, r Record, person, text, actor string) (id int64, err error) {
	err = tx.GetContext(ctx, &id, `
		insert into record_correction (record_id, version, person_id, text, received_at, actor)
		values ($1, $2, (select id from person where ref = nullif($3, '')), $4, $5, $6) returning id`, r.ID, r.Version, person, text, tx.Now, actor)
	if err != nil {
		return 0, fmt.Errorf("record correction: %w", err)
	}
	return id, nil
}

// SettleCorrection records what became of an open correction. It returns ErrNotFound when there is none.
func (tx *Tx) SettleCorrection(ctx context.Context, r Record, id int64, outcome string) error {
	done, err := tx.ExecContext(ctx, `
		update record_correction set outcome = $3, settled_at = $4 where record_id = $1 and id = $2 and outcome is null`, r.ID, id, outcome, tx.Now)
	if err != nil {
		return fmt.Errorf("settle correction %d: %w", id, err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return fmt.Errorf("correction %d: %w", id, ErrNotFound)
	}
	return nil
}

// Corrections returns the corrections to a record, oldest first.
func (tx *Tx) Corrections(ctx context.Context, r Record) (list []Correction, err error) {
	err = tx.SelectContext(ctx, &list, `
		select c.id, c.version, coalesce(p.ref, '') as person, c.text, c.received_at, coalesce(c.outcome, '') as outcome, c.settled_at
		from record_correction c left join person p on p.id = c.person_id where c.record_id = $1 order by c.id`, r.ID)
	if err != nil {
		return nil, fmt.Errorf("load corrections: %w", err)
	}
	return list, nil
}

// NoActions returns the refs of decisions about which nothing is to be done, by session.
func (tx *Tx) NoActions(ctx context.Context) (map[string][]string, error) {
	var rows []struct{ Session, Decision string }
	err := tx.SelectContext(ctx, &rows, `select s.ref as session, d.ref as decision from decision d join session s on s.id = d.session_id where d.no_action is not null`)
	if err != nil {
		return nil, fmt.Errorf("load decisions without action: %w", err)
	}
	found := map[string][]string{}
	for _, r := range rows {
		found[r.Session] = append(found[r.Session], r.Decision)
	}
	return found, nil
}
