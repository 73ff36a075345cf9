package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"secretariat/programme"
)

// Programme returns all that the database knows of the programme, retired objects aside. Before a programme file was
// applied it is the zero Programme. Moments are in UTC.
func (tx *Tx) Programme(ctx context.Context) (programme.Programme, error) {
	return tx.programme(ctx, false)
}

// WholeProgramme returns the programme with its retired objects.
func (tx *Tx) WholeProgramme(ctx context.Context) (programme.Programme, error) {
	return tx.programme(ctx, true)
}

// programme runs one query per list.
func (tx *Tx) programme(ctx context.Context, retired bool) (p programme.Programme, err error) {
	p.Info, err = tx.ProgrammeInfo(ctx)
	if err != nil && err != ErrNotFound {
		return p, err
	}
	for _, step := range []func() error{
		func() error { return tx.list(ctx, &p.Organisations, "organisations", organisations, retired) },
		func() error { return tx.list(ctx, &p.People, "people", people, retired) },
		func() error { return tx.list(ctx, &p.Agreements, "agreements", agreements, retired) },
		func() error { return tx.list(ctx, &p.Pillars, "pillars", pillars, retired) },
		func() error { return tx.list(ctx, &p.Areas, "areas", areas, retired) },
		func() error { return tx.list(ctx, &p.Results, "results", results, retired) },
		func() error { return tx.list(ctx, &p.Indicators, "indicators", indicators, retired) },
		func() error { return tx.list(ctx, &p.Activities, "activities", activities, retired) },
		func() error { return tx.list(ctx, &p.Contributions, "contributions", contributions, retired) },
		func() error { return tx.list(ctx, &p.Events, "events", events, retired) },
		func() error { return tx.list(ctx, &p.Publications, "publications", publications, retired) },
		func() error { return tx.list(ctx, &p.Risks, "risks", risks, retired) },
		func() error { p.Councils, err = tx.councils(ctx, retired); return err },
		func() error { return tx.list(ctx, &p.Holidays, "holidays", holidays, retired) },
		func() error { return tx.list(ctx, &p.Subscriptions, "subscriptions", subscriptions, retired) },
		func() error { return tx.list(ctx, &p.Schedules, "schedules", schedules, retired) },
	} {
		if err := step(); err != nil {
			return p, err
		}
	}
	p.Normalise()
	return p, nil
}

// list runs a query whose columns are the keys of a noun and reads its rows into the list that to points to. The query's
// $1 says whether retired objects are wanted; it is written into the text, as PostgreSQL would plan a statement with such an
// argument anew each time.
func (tx *Tx) list(ctx context.Context, to any, what, query string, retired bool) error {
	return tx.records(ctx, to, what, strings.ReplaceAll(query, "$1", strconv.FormatBool(retired)))
}

// records runs a query whose columns are the keys of a noun and reads its rows into the list that to points to.
func (tx *Tx) records(ctx context.Context, to any, what, query string, args ...any) error {
	var rows []byte
	if err := tx.GetContext(ctx, &rows, `select coalesce(json_agg(to_jsonb(q)), '[]') from (`+query+`) q`, args...); err != nil {
		return fmt.Errorf("load %s: %w", what, err)
	}
	if err := programme.UnmarshalRecord(rows, to); err != nil {
		return fmt.Errorf("load %s: %w", what, err)
	}
	return nil
}

// ProgrammeInfo returns what the programme says of itself: ErrNotFound before a file was applied.
func (tx *Tx) ProgrammeInfo(ctx context.Context) (programme.Info, error) {
	var list []programme.Info
	err := tx.list(ctx, &list, "programme", `select code, title, timezone, languages, currency, started_on, calendar, source from programme`, false)
	if err != nil || len(list) == 0 {
		return programme.Info{}, coalesce(err, ErrNotFound)
	}
	return list[0], nil
}

func coalesce(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// Organisations returns the organisations that are not retired.
func (tx *Tx) Organisations(ctx context.Context) (list []programme.Organisation, err error) {
	return list, tx.list(ctx, &list, "organisations", organisations, false)
}

// People returns the people who are not retired; those that are not active are among them.
func (tx *Tx) People(ctx context.Context) (list []programme.Person, err error) {
	return list, tx.list(ctx, &list, "people", people, false)
}

// Person returns a person who is not retired by id, or ErrNotFound.
func (tx *Tx) Person(ctx context.Context, id int64) (programme.Person, error) {
	var found []programme.Person
	query := `select * from (` + strings.ReplaceAll(people, "$1", "false") + `) p where ref = (select ref from person where id = $1)`
	if err := tx.records(ctx, &found, fmt.Sprintf("person %d", id), query, id); err != nil {
		return programme.Person{}, err
	}
	if len(found) == 0 {
		return programme.Person{}, fmt.Errorf("person %d: %w", id, ErrNotFound)
	}
	return found[0], nil
}

// OpenActivity is what its focal point is asked about an activity.
type OpenActivity struct {
	Ref             string         `json:"ref"`
	Title           programme.Text `json:"title"`
	Area            programme.Text `json:"area"` // its title
	Percent         int            `json:"percent"`
	DueOn           programme.Date `json:"due_on"`
	LastUpdateOn    programme.Date `json:"last_update_on"` // zero: never
	Confidentiality string         `json:"confidentiality"`
}

// OpenActivities returns the activities of a focal point on which work is still ahead (RULES, Activities).
func (tx *Tx) OpenActivities(ctx context.Context, focalPoint int64) (list []OpenActivity, err error) {
	var rows []byte
	err = tx.GetContext(ctx, &rows, `
		select coalesce(json_agg(q), '[]') from (
			select a.ref, a.title, r.title as area, a.percent, a.due_on, a.confidentiality,
				(select max(u.updated_on) from activity_update u where u.activity_id = a.id) as last_update_on
			from activity a join area r on r.id = a.area_id
			where a.focal_point_id = $1 and a.retired_at is null and a.status not in ('closed', 'cancelled', 'suspended')
			order by a.id) q`, focalPoint)
	if err == nil {
		err = json.Unmarshal(rows, &list)
	}
	if err != nil {
		return nil, fmt.Errorf("load open activities of person %d: %w", focalPoint, err)
	}
	return list, nil
}

// Activities returns the activities that are not retired, with milestones, revisions and updates.
func (tx *Tx) Activities(ctx context.Context) (list []programme.Activity, err error) {
	if err := tx.list(ctx, &list, "activities", activities, false); err != nil {
		return nil, err
	}
	p := programme.Programme{Activities: list}
	p.Normalise()
	return list, nil
}

// Councils returns the councils that are not retired, with all that belongs to them.
func (tx *Tx) Councils(ctx context.Context) ([]programme.Council, error) {
	return tx.councils(ctx, false)
}

// Holidays returns the holidays of every calendar, by calendar and date.
func (tx *Tx) Holidays(ctx context.Context) (list []programme.Holiday, err error) {
	return list, tx.list(ctx, &list, "holidays", holidays, false)
}

// Subscriptions returns who receives which report.
func (tx *Tx) Subscriptions(ctx context.Context) (list []programme.Subscription, err error) {
	return list, tx.list(ctx, &list, "subscriptions", subscriptions, false)
}

// PersonIDs returns the ids of all people by ref, retired ones among them.
func (tx *Tx) PersonIDs(ctx context.Context) (map[string]int64, error) {
	return tx.ids(ctx, "people", `select ref, id from person`)
}

// SessionIDs returns the ids of all sessions by ref, retired ones among them.
func (tx *Tx) SessionIDs(ctx context.Context) (map[string]int64, error) {
	return tx.ids(ctx, "sessions", `select ref, id from session`)
}

func (tx *Tx) ids(ctx context.Context, what, query string) (map[string]int64, error) {
	var rows []struct {
		Ref string
		ID  int64
	}
	if err := tx.SelectContext(ctx, &rows, query); err != nil {
		return nil, fmt.Errorf("load ids of %s: %w", what, err)
	}
	ids := make(map[string]int64, len(rows))
	for _, r := range rows {
		ids[r.Ref] = r.ID
	}
	return ids, nil
}
