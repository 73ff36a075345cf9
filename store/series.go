package store

import (
	"context"
	"fmt"
	"time"

	"secretariat/programme"
)

// SeriesFacts are what the database knows of a series beside the programme file.
type SeriesFacts struct {
	ID       int64           `db:"id"`
	Council  string          `db:"council"`
	Ref      string          `db:"ref"`
	AnchorOn *programme.Date `db:"anchor_on"`
}

// SeriesFacts returns the facts of all series that are not retired.
func (tx *Tx) SeriesFacts(ctx context.Context) (list []SeriesFacts, err error) {
	err = tx.SelectContext(ctx, &list, `
		select e.id, c.ref as council, e.ref, e.anchor_on from session_series e join council c on c.id = e.council_id
		where e.retired_at is null and c.retired_at is null order by e.id`)
	if err != nil {
		return nil, fmt.Errorf("load series: %w", err)
	}
	return list, nil
}

// AnchorSeries sets the day from which a series counts, once and for all.
func (tx *Tx) AnchorSeries(ctx context.Context, id int64, on programme.Date) error {
	_, err := tx.ExecContext(ctx, `update session_series set anchor_on = $2 where id = $1 and anchor_on is null`, id, on)
	if err != nil {
		return fmt.Errorf("anchor series %d: %w", id, err)
	}
	return nil
}

// OccurrenceOfSeries is a session of a series.
type OccurrenceOfSeries struct {
	SeriesID        int64          `db:"series_id"`
	On              programme.Date `db:"recurrence_on"`
	Session         string         `db:"session"`
	State           string         `db:"state"`
	OpensAt         time.Time      `db:"opens_at"`
	ClosesAt        time.Time      `db:"closes_at"`
	GeneratedOpens  time.Time      `db:"generated_opens_at"`
	GeneratedCloses time.Time      `db:"generated_closes_at"`
	Filled          bool           `db:"filled"`
}

// NamedOccurrence is a session that a programme file names by a series and a day ("Q-2027-01-05").
type NamedOccurrence struct {
	SessionID int64  `db:"id"`
	SeriesID  int64  `db:"series_id"`
	Day       string `db:"day"` // what stands in the place of the day
}

// NamedOccurrences returns the sessions that bear the name of an occurrence and are not known as one.
func (tx *Tx) NamedOccurrences(ctx context.Context) (list []NamedOccurrence, err error) {
	err = tx.SelectContext(ctx, &list, `
		select s.id, e.id as series_id, right(s.ref, 10) as day from session s join session_series e on e.council_id = s.council_id
		where s.series_id is null and s.retired_at is null and e.retired_at is null and left(s.ref, -10) = e.ref || '-'
			and not exists (select from session o where o.series_id = e.id and o.recurrence_on::text = right(s.ref, 10))`)
	if err != nil {
		return nil, fmt.Errorf("find sessions of series: %w", err)
	}
	return list, nil
}

// AdoptOccurrence makes a session an occurrence of a series. Given are the times that the series has for the day; zero ones
// say that it has none, so that the session is an exception.
func (tx *Tx) AdoptOccurrence(ctx context.Context, o NamedOccurrence, on programme.Date, opens, closes time.Time) error {
	var from, to any
	if !opens.IsZero() {
		from, to = opens, closes
	}
	_, err := tx.ExecContext(ctx, `
		update session set series_id = $2, recurrence_on = $3, generated_opens_at = $4, generated_closes_at = $5 where id = $1`, o.SessionID, o.SeriesID, on, from, to)
	if err != nil {
		return fmt.Errorf("take session %d into its series: %w", o.SessionID, err)
	}
	return nil
}

// SeriesOccurrences returns the sessions of all series that are not retired, by day.
func (tx *Tx) SeriesOccurrences(ctx context.Context) (list []OccurrenceOfSeries, err error) {
	err = tx.SelectContext(ctx, &list, `
		select s.series_id, s.recurrence_on, s.ref as session, s.state, s.opens_at, s.closes_at,
			coalesce(s.generated_opens_at, 'epoch') as generated_opens_at, coalesce(s.generated_closes_at, 'epoch') as generated_closes_at,
			exists (select from agenda_item a where a.session_id = s.id) or exists (select from document d where d.session_id = s.id) as filled
		from session s where s.series_id is not null and s.retired_at is null order by s.recurrence_on, s.id`)
	if err != nil {
		return nil, fmt.Errorf("load sessions of series: %w", err)
	}
	return list, nil
}

// SeriesSkip is an occurrence that does not take place.
type SeriesSkip struct {
	SeriesID int64          `db:"series_id"`
	On       programme.Date `db:"recurrence_on"`
	Reason   string         `db:"reason"`
}

// SeriesSkips returns the occurrences of all series that do not take place.
func (tx *Tx) SeriesSkips(ctx context.Context) (list []SeriesSkip, err error) {
	if err := tx.SelectContext(ctx, &list, `select series_id, recurrence_on, reason from series_skip order by series_id, recurrence_on`); err != nil {
		return nil, fmt.Errorf("load skipped occurrences: %w", err)
	}
	return list, nil
}

// SkipOccurrence records that an occurrence does not take place.
func (tx *Tx) SkipOccurrence(ctx context.Context, s SeriesSkip, actor string) error {
	_, err := tx.ExecContext(ctx, `insert into series_skip (series_id, recurrence_on, reason, actor, created_at) values ($1, $2, $3, $4, $5)`,
		s.SeriesID, s.On, s.Reason, actor, tx.Now)
	if err != nil {
		return fmt.Errorf("skip %s: %w", s.On, err)
	}
	return nil
}

// CreateOccurrence writes a draft session of a series with a calendar uid of its own. One that was retired comes back, with
// the uid that it had.
func (tx *Tx) CreateOccurrence(ctx context.Context, series SeriesFacts, on programme.Date, s programme.Session, domain string) error {
	_, err := tx.ExecContext(ctx, `
		insert into session (council_id, ref, number, kind, title, state, opens_at, closes_at, mode, venue, online_url, confidentiality, uid,
			revised_at, updated_at, series_id, recurrence_on, generated_opens_at, generated_closes_at)
		select e.council_id, $2, $3, $4, $5, 'draft', $6, $7, $8, $9, nullif($10, ''), $11, gen_random_uuid() || '@' || $12::text, $13, $13, e.id, $14, $6, $7
		from session_series e where e.id = $1
		on conflict (series_id, recurrence_on) do update set (opens_at, closes_at, generated_opens_at, generated_closes_at, retired_at, updated_at) =
			(excluded.opens_at, excluded.closes_at, excluded.opens_at, excluded.closes_at, null, excluded.updated_at)
		where session.retired_at is not null and session.state = 'draft'`,
		series.ID, s.Ref, s.Number, s.Kind, textValue(s.Title), s.OpensAt, s.ClosesAt, s.Mode, textValue(s.Venue), s.OnlineURL, s.Confidentiality, domain, tx.Now, on)
	if err != nil {
		return fmt.Errorf("create session %s: %w", s.Ref, err)
	}
	return nil
}

// MoveOccurrence gives a draft of a series the times that the series now has.
func (tx *Tx) MoveOccurrence(ctx context.Context, session string, opens, closes time.Time) error {
	_, err := tx.ExecContext(ctx, `
		update session set opens_at = $2, closes_at = $3, generated_opens_at = $2, generated_closes_at = $3, revised_at = $4, updated_at = $4
		where ref = $1 and state = 'draft'`, session, opens, closes, tx.Now)
	if err != nil {
		return fmt.Errorf("move session %s: %w", session, err)
	}
	return nil
}

// RetireDraft takes a draft session out of the programme; it stays on record.
func (tx *Tx) RetireDraft(ctx context.Context, session string) error {
	_, err := tx.ExecContext(ctx, `update session set retired_at = $2, updated_at = $2 where ref = $1 and state = 'draft'`, session, tx.Now)
	if err != nil {
		return fmt.Errorf("retire session %s: %w", session, err)
	}
	return nil
}

// EditSeries writes what a series says.
func (tx *Tx) EditSeries(ctx context.Context, id int64, s programme.Series) error {
	var until any
	if !s.Until.IsZero() {
		until = s.Until
	}
	_, err := tx.ExecContext(ctx, `
		update session_series set rule = $2, local_start = $3, lasts = $4, keep_ahead = $5, until = $6, updated_at = $7 where id = $1`,
		id, s.Rule, s.LocalStart, string(s.Lasts), s.KeepAhead, until, tx.Now)
	if err != nil {
		return fmt.Errorf("edit series %s: %w", s.Ref, err)
	}
	return nil
}
