package store

import (
	"context"
	"fmt"
	"time"
)

// BusyInterval is a time at which somebody is not free; Half says that it is tentative.
type BusyInterval struct {
	Person string    `db:"person"`
	From   time.Time `db:"starts_at"`
	To     time.Time `db:"ends_at"`
	Half   bool      `db:"half"`
}

// BusyIntervals returns the busy times of everybody that have not expired.
func (tx *Tx) BusyIntervals(ctx context.Context) (list []BusyInterval, err error) {
	err = tx.SelectContext(ctx, &list, `
		select p.ref as person, b.starts_at, b.ends_at, b.weight < 1 as half
		from busy_interval b join person p on p.id = b.person_id where b.expires_at > $1 order by p.ref, b.starts_at`, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("load busy times: %w", err)
	}
	return list, nil
}

// ReplaceBusy puts busy times in the place of those that a person had. It returns ErrNotFound for an unknown person.
func (tx *Tx) ReplaceBusy(ctx context.Context, person string, list []BusyInterval, expires time.Time) error {
	var id int64
	if err := tx.GetContext(ctx, &id, `select id from person where ref = $1 and retired_at is null`, person); err != nil {
		return fmt.Errorf("person %s: %w", person, notFound(err))
	}
	if err := tx.run(ctx, "forget busy times", `delete from busy_interval where person_id = $1`, id); err != nil {
		return err
	}
	for _, b := range list {
		_, err := tx.ExecContext(ctx, `
			insert into busy_interval (person_id, starts_at, ends_at, weight, imported_at, expires_at) values ($1, $2, $3, case when $4 then 0.5 else 1 end, $5, $6)`,
			id, b.From, b.To, b.Half, tx.Now, expires)
		if err != nil {
			return fmt.Errorf("record busy time: %w", err)
		}
	}
	return nil
}

// Burdens returns what all earlier sessions cost each person, in ten-thousandths of a point.
func (tx *Tx) Burdens(ctx context.Context) (map[string]int, error) {
	var rows []struct {
		Person string `db:"person"`
		Points int    `db:"points"`
	}
	err := tx.SelectContext(ctx, &rows, `select p.ref as person, sum(b.points * 10000)::int as points from burden b join person p on p.id = b.person_id group by p.ref`)
	if err != nil {
		return nil, fmt.Errorf("load burdens: %w", err)
	}
	all := map[string]int{}
	for _, r := range rows {
		all[r.Person] = r.Points
	}
	return all, nil
}

// PutBurden records what a session cost somebody, in ten-thousandths of a point.
func (tx *Tx) PutBurden(ctx context.Context, sessionID int64, person string, points int) error {
	_, err := tx.ExecContext(ctx, `
		insert into burden (person_id, session_id, points, recorded_at) select p.id, $1, $3::numeric / 10000, $4 from person p where p.ref = $2
		on conflict (person_id, session_id) do update set points = excluded.points, recorded_at = excluded.recorded_at`, sessionID, person, points, tx.Now)
	if err != nil {
		return fmt.Errorf("record burden of %s: %w", person, err)
	}
	return nil
}
