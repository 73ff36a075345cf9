package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// CalendarReply is a letter of a calendar program and what was made of it.
type CalendarReply struct {
	SHA256    [32]byte // of the letter
	Method    string
	SessionID *int64
	PersonID  *int64
	Outcome   string // recorded, passed-on, refused
	Reason    string
	Proposal  map[string]string // of a counter-proposal: start, comment
}

// CalendarReplyKnown reports whether a letter was taken before.
func (tx *Tx) CalendarReplyKnown(ctx context.Context, sha [32]byte) (known bool, err error) {
	if err := tx.GetContext(ctx, &known, `select exists (select from calendar_reply where sha256 = $1)`, sha[:]); err != nil {
		return false, fmt.Errorf("look up calendar answer: %w", err)
	}
	return known, nil
}

// AddCalendarReply records a letter of a calendar program and returns its id.
func (tx *Tx) AddCalendarReply(ctx context.Context, r CalendarReply) (id int64, err error) {
	var proposal any
	if r.Proposal != nil {
		b, _ := json.Marshal(r.Proposal) // a map of strings always can be
		proposal = string(b)
	}
	err = tx.GetContext(ctx, &id, `
		insert into calendar_reply (sha256, received_at, method, session_id, person_id, outcome, reason, proposal)
		values ($1, $2, nullif($3, ''), $4, $5, $6, nullif($7, ''), $8) returning id`,
		r.SHA256[:], tx.Now, r.Method, r.SessionID, r.PersonID, r.Outcome, r.Reason, proposal)
	if err != nil {
		return 0, fmt.Errorf("record calendar answer: %w", err)
	}
	return id, nil
}

// CalendarReply returns a letter of a calendar program by its id, or ErrNotFound.
func (tx *Tx) CalendarReply(ctx context.Context, id int64) (r CalendarReply, err error) {
	var row struct {
		PersonID *int64 `db:"person_id"`
		Outcome  string
		Reason   string
		Proposal []byte
	}
	err = tx.GetContext(ctx, &row, `select person_id, outcome, coalesce(reason, '') as reason, proposal from calendar_reply where id = $1`, id)
	if err != nil {
		return r, fmt.Errorf("calendar answer %d: %w", id, notFound(err))
	}
	r = CalendarReply{PersonID: row.PersonID, Outcome: row.Outcome, Reason: row.Reason}
	if row.Proposal != nil {
		err = json.Unmarshal(row.Proposal, &r.Proposal)
	}
	return r, err
}

// LastReplyStamp returns the latest moment that a person's answers to a session carry: DTSTAMP of those that a calendar
// program sent, the moment of recording of the others. It is zero where there are none.
func (tx *Tx) LastReplyStamp(ctx context.Context, sessionID, personID int64) (time.Time, error) {
	var at *time.Time
	err := tx.GetContext(ctx, &at, `
		select max(coalesce(stamp, case when via <> 'file' then date_trunc('second', replied_at) end)) from reply where session_id = $1 and person_id = $2`,
		sessionID, personID)
	if err != nil {
		return time.Time{}, fmt.Errorf("look up answers: %w", err)
	}
	if at == nil {
		return time.Time{}, nil
	}
	return *at, nil
}
