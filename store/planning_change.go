package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lib/pq"

	"secretariat/programme"
)

// SessionChange is a session after a step, and the step.
type SessionChange struct {
	ID        int64
	After     programme.Session
	Revision  int
	Sequence  int
	Announced bool // this step is the first that tells of it
	Actor     string
	Verb      string
	Reason    string
	Before    SessionState
}

// SessionState is what a material change changes, as it is kept in session_revision.
type SessionState struct {
	State    string         `json:"state"`
	OpensAt  time.Time      `json:"opens_at"`
	ClosesAt time.Time      `json:"closes_at"`
	Mode     string         `json:"mode"`
	Venue    programme.Text `json:"venue"`
}

// StateOf returns what a material change may change of a session.
func StateOf(s programme.Session) SessionState {
	return SessionState{s.State, s.OpensAt, s.ClosesAt, s.Mode, s.Venue}
}

// ChangeSession writes a session after a step with its new revision and sequence, the calendar stamp, and the record of
// the change.
func (tx *Tx) ChangeSession(ctx context.Context, c SessionChange) error {
	s := c.After
	_, err := tx.ExecContext(ctx, `
		update session set state = $2, opens_at = $3, closes_at = $4, mode = $5, venue = $6, online_url = nullif($7, ''), reason = $8,
			previously = $9, revision = $10, sequence = $11, revised_at = $12, updated_at = $12,
			announced_at = case when $13 then coalesce(announced_at, $12) else announced_at end
		where id = $1`,
		c.ID, s.State, s.OpensAt, s.ClosesAt, s.Mode, textValue(s.Venue), s.OnlineURL, textValue(s.Reason), previouslyValue(s.Previously), c.Revision,
		c.Sequence, tx.Now, c.Announced)
	if err != nil {
		return fmt.Errorf("change session %s: %w", s.Ref, err)
	}
	return tx.AddSessionRevision(ctx, c)
}

// AddSessionRevision records a material change.
func (tx *Tx) AddSessionRevision(ctx context.Context, c SessionChange) error {
	before, err := json.Marshal(c.Before)
	if err != nil {
		return err
	}
	after, err := json.Marshal(StateOf(c.After))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		insert into session_revision (session_id, revision, at, actor, verb, before, after, reason) values ($1, $2, $3, $4, $5, $6, $7, nullif($8, ''))
		on conflict (session_id, revision) do nothing`,
		c.ID, c.Revision, tx.Now, c.Actor, c.Verb, string(before), string(after), c.Reason)
	if err != nil {
		return fmt.Errorf("record revision %d of session %s: %w", c.Revision, c.After.Ref, err)
	}
	return nil
}

// SessionRevision is a material change on record.
type SessionRevision struct {
	Revision      int
	Before, After SessionState
}

// SessionRevisions returns the material changes of a session, oldest first.
func (tx *Tx) SessionRevisions(ctx context.Context, sessionID int64) ([]SessionRevision, error) {
	var rows []struct {
		Revision      int
		Before, After []byte
	}
	err := tx.SelectContext(ctx, &rows, `select revision, before, after from session_revision where session_id = $1 order by revision`, sessionID)
	if err != nil {
		return nil, fmt.Errorf("load revisions of session %d: %w", sessionID, err)
	}
	list := make([]SessionRevision, len(rows))
	for i, r := range rows {
		list[i].Revision = r.Revision
		if err := json.Unmarshal(r.Before, &list[i].Before); err != nil {
			return nil, fmt.Errorf("revision %d of session %d: %w", r.Revision, sessionID, err)
		}
		if err := json.Unmarshal(r.After, &list[i].After); err != nil {
			return nil, fmt.Errorf("revision %d of session %d: %w", r.Revision, sessionID, err)
		}
	}
	return list, nil
}

// LiftRepliesFrom makes the answers to one revision of a session answers to another: a change that nobody was told of was
// taken back, and what they answered holds.
func (tx *Tx) LiftRepliesFrom(ctx context.Context, sessionID int64, from, to int) error {
	if _, err := tx.ExecContext(ctx, `update reply set revision = $3 where session_id = $1 and revision = $2`, sessionID, from, to); err != nil {
		return fmt.Errorf("lift replies: %w", err)
	}
	return nil
}

// ReviveDelivery makes a suppressed letter that was never composed owed again, at a moment.
func (tx *Tx) ReviveDelivery(ctx context.Context, d Delivery) error {
	return tx.replan(ctx, d, "suppressed")
}

// RetimeDelivery moves a planned letter and takes over what its recipient has become.
func (tx *Tx) RetimeDelivery(ctx context.Context, d Delivery) error {
	return tx.replan(ctx, d, "planned")
}

func (tx *Tx) replan(ctx context.Context, d Delivery, from string) error {
	state := DeliveryPending
	if d.NotBefore.After(tx.Now) {
		state = DeliveryPlanned
	}
	_, err := tx.ExecContext(ctx, `
		update delivery set state = $3, reason = null, not_before = $4, expires_at = $5, address = $6, name = $7, language = $8, timezone = $9, updated_at = $10
		where id = $1 and state = $2 and frozen_at is null`,
		d.ID, from, state, d.NotBefore, d.ExpiresAt, d.Address, d.Name, d.Language, d.Timezone, tx.Now)
	if err != nil {
		return fmt.Errorf("plan delivery %d again: %w", d.ID, err)
	}
	return nil
}

const sessionDeliveries = `
	select id, dedupe_key, message_id, kind, state, coalesce(reason, '') as reason, session_id, session_revision, coalesce(rule_ref, '') as rule_ref,
		action_item_id, coalesce(timetable_rule, '') as timetable_rule, coalesce(subject_key, '') as subject_key, person_id, address, name, language,
		timezone, not_before, expires_at, priority, resend_of, frozen_at, case when calendar is null then '' else 'there' end as calendar,
		coalesce(calendar_method, '') as calendar_method, sequence, sent_at
	from delivery where session_id = any($1) `

// SessionDeliveries returns the letters about sessions as planning sees them: without their texts and attachments, as
// this runs every minute over all letters of all sessions. Calendar says only that there was an entry.
func (tx *Tx) SessionDeliveries(ctx context.Context, sessionIDs []int64) (list []Delivery, err error) {
	if err := tx.SelectContext(ctx, &list, sessionDeliveries+`order by id`, pq.Array(sessionIDs)); err != nil {
		return nil, fmt.Errorf("load letters of sessions: %w", err)
	}
	return list, nil
}

// LettersBefore returns the letters about the session of a letter to the same person that were written before it and may
// have left, in the order of their dates, as planning sees them.
func (tx *Tx) LettersBefore(ctx context.Context, d Delivery) (list []Delivery, err error) {
	err = tx.SelectContext(ctx, &list, sessionDeliveries+`and person_id = $2 and id <> $3 and frozen_at is not null
		and state in ('sent', 'committing', 'uncertain') order by frozen_at, id`, pq.Array([]*int64{d.SessionID}), d.PersonID, d.ID)
	if err != nil {
		return nil, fmt.Errorf("load the letters before letter %d: %w", d.ID, err)
	}
	return list, nil
}

// LockSessionDeliveries does the same and keeps the letters as they are until the transaction ends: a sender that is about
// to pass the commit point either has passed it and is seen, or will find its letter withdrawn.
func (tx *Tx) LockSessionDeliveries(ctx context.Context, sessionID int64) (list []Delivery, err error) {
	if err := tx.SelectContext(ctx, &list, sessionDeliveries+`order by id for no key update`, pq.Array([]int64{sessionID})); err != nil {
		return nil, fmt.Errorf("lock letters of session %d: %w", sessionID, err)
	}
	return list, nil
}

// ActionItemIDs returns the ids of all action items by ref.
func (tx *Tx) ActionItemIDs(ctx context.Context) (map[string]int64, error) {
	return tx.ids(ctx, "action items", `select ref, id from action_item`)
}

// textValue gives the database a text by language, or NULL for an absent one.
func textValue(t programme.Text) any {
	if len(t) == 0 {
		return nil
	}
	b, _ := json.Marshal(t) // a map of strings always can be
	return string(b)
}

func previouslyValue(list []programme.Previous) string {
	type previous struct {
		OpensAt  time.Time      `json:"opens_at"`
		ClosesAt time.Time      `json:"closes_at"`
		Until    programme.Date `json:"until"`
		Source   string         `json:"source,omitempty"`
	}
	rows := make([]previous, len(list))
	for i, p := range list {
		rows[i] = previous(p)
	}
	b, _ := json.Marshal(rows) // plain values always can be
	return string(b)
}
