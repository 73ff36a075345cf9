package store

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"secretariat/programme"
)

// TimetableLine is a line of a session's timetable as it is on record.
type TimetableLine struct {
	Session string         `db:"session"`
	Rule    string         `db:"rule"`
	DueOn   programme.Date `db:"due_on"`
	DueAt   time.Time      `db:"due_at"`
	State   string         `db:"state"`
	DoneAt  *time.Time     `db:"done_at"`

	TickedBy string `db:"ticked_by"` // who said that it is done, and what they added
	Note     string `db:"tick_note"`
	WaivedBy string `db:"waived_by"` // ref of a person
	Waiver   string `db:"waiver"`
}

// TimetableLines returns the lines of all sessions.
func (tx *Tx) TimetableLines(ctx context.Context) (list []TimetableLine, err error) {
	err = tx.SelectContext(ctx, &list, `
		select e.ref as session, r.ref as rule, t.due_on, t.due_at, t.state, t.done_at, coalesce(t.ticked_by, '') as ticked_by,
			coalesce(t.tick_note, '') as tick_note, coalesce(p.ref, '') as waived_by, coalesce(t.waiver, '') as waiver
		from timetable_line t join session e on e.id = t.session_id join lead_time_rule r on r.id = t.rule_id left join person p on p.id = t.waived_by`)
	if err != nil {
		return nil, fmt.Errorf("load timetable lines: %w", err)
	}
	return list, nil
}

// PutTimetableLines records the lines of a session. Who ticked or waived one stays on record.
func (tx *Tx) PutTimetableLines(ctx context.Context, sessionID int64, lines []TimetableLine) error {
	for _, l := range lines {
		_, err := tx.ExecContext(ctx, `
			insert into timetable_line (session_id, rule_id, due_on, due_at, state, done_at)
			select e.id, r.id, $3, $4, $5, $6 from session e join lead_time_rule r on r.council_id = e.council_id and r.ref = $2 where e.id = $1
			on conflict (session_id, rule_id) do update set due_on = excluded.due_on, due_at = excluded.due_at, state = excluded.state,
				done_at = excluded.done_at
			where (timetable_line.due_on, timetable_line.due_at, timetable_line.state, timetable_line.done_at)
				is distinct from (excluded.due_on, excluded.due_at, excluded.state, excluded.done_at)`,
			sessionID, l.Rule, l.DueOn, l.DueAt, l.State, l.DoneAt)
		if err != nil {
			return fmt.Errorf("record timetable line %s: %w", l.Rule, err)
		}
	}
	return nil
}

// WaiveLines records that lead times of a session are waived, by whom and why.
func (tx *Tx) WaiveLines(ctx context.Context, sessionID int64, rules []string, person, text string) error {
	_, err := tx.ExecContext(ctx, `
		update timetable_line t set state = 'waived', waived_by = (select id from person where ref = $3), waiver = $4
		from lead_time_rule r where r.id = t.rule_id and t.session_id = $1 and r.ref = any($2)`, sessionID, pq.Array(rules), person, text)
	if err != nil {
		return fmt.Errorf("record waiver: %w", err)
	}
	return nil
}

// TickLine records that a person says when a line of a session was done. The line must be on record.
func (tx *Tx) TickLine(ctx context.Context, sessionID int64, rule string, doneAt time.Time, by, note string) error {
	_, err := tx.ExecContext(ctx, `
		update timetable_line t set state = 'done', done_at = $3, ticked_by = $4, tick_note = nullif($5, '')
		from lead_time_rule r where r.id = t.rule_id and t.session_id = $1 and r.ref = $2`, sessionID, rule, doneAt, by, note)
	if err != nil {
		return fmt.Errorf("tick timetable line %s: %w", rule, err)
	}
	return nil
}

// UntickLine takes back that a line is done: the planner says what it is then.
func (tx *Tx) UntickLine(ctx context.Context, sessionID int64, rule string) error {
	_, err := tx.ExecContext(ctx, `
		update timetable_line t set state = 'open', done_at = null, ticked_by = null, tick_note = null
		from lead_time_rule r where r.id = t.rule_id and t.session_id = $1 and r.ref = $2`, sessionID, rule)
	if err != nil {
		return fmt.Errorf("untick timetable line %s: %w", rule, err)
	}
	return nil
}
