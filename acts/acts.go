// Package acts holds what the secretariat does: one function per verb, each load → decide → record → enqueue → audit in
// one transaction. A command, a page and a worker call the same act, so that none of them must know the steps.
package acts

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"secretariat/letters"
	"secretariat/mail"
	"secretariat/programme/file"
	"secretariat/reports"
	"secretariat/store"
)

// Acts is what the acts work with. It is made once by the program and shared; its exported fields are not changed afterwards.
type Acts struct {
	Store      *store.Store
	Reports    *reports.Library
	Letters    *letters.Set
	Timetables file.Timetables // that a programme file may take over by name
	Enqueue    Enqueue
	Sender     Sender // nil in programs that send nothing themselves
	Oracle     Oracle // nil when nothing can say whether a letter arrived
	Mail       MailOptions
	Mailboxes  []Mailbox         // where notifications and answers arrive
	Replica    string            // name of this process in leases, attempts and the audit log
	Settings   map[string]string // what all replicas must have alike, by name; no secrets

	bounceKey atomic.Pointer[[]byte] // read once
	shelf     shelf
	suspects  suspects
	sources   func(kind string) (letterSource, error) // nil: the table in sources.go
}

// MailOptions is what letters need to know of the installation.
type MailOptions struct {
	From       mail.Address // sender of every letter and organizer of every invitation
	Domain     string       // right side of Message-IDs and calendar UIDs
	PublicURL  string       // address of the web pages as readers reach them, without a slash at the end
	Hold       bool         // plan and build everything, send nothing
	RedirectTo string       // every letter goes there, "" for none
	Rates      Rates        // how fast letters may leave
	ReturnPath string       // mailbox of notifications, whose left side gets the letter's number; "": they go to From, unread
	// QuietPeriod is the time after which the relay cannot still be taking in a letter whose connection was lost; the
	// oracle is not asked before. At least the relay's own data time-out (RFC 5321 names 10 minutes, which 0 stands for).
	QuietPeriod time.Duration
	Lease       time.Duration // for how long a sender owns a letter; 0 for two minutes
	CrashLimit  int           // a letter is put aside when so many senders died with it in hand; 0 for three
}

// Nudge says "look at this row": it may come twice or never, and the pass over due rows makes up for it.
type Nudge struct {
	Kind    string    // "delivery" or "occurrence"
	ID      int64     // of the delivery, or of the occurrence's schedule
	Urgency int       // of a delivery: its priority, 1 first
	FireAt  time.Time // of the occurrence
}

// Enqueue records nudges in the transaction that made them due.
type Enqueue func(ctx context.Context, tx *store.Tx, nudges ...Nudge) error

// Sender hands one message to the relay. commit is called after all body bytes and before the final dot: when it
// returns an error the message is not completed and the connection is closed.
type Sender interface {
	Send(ctx context.Context, m *mail.Message, commit func() error) mail.Verdict
}

// Oracle says whether the letter with this Message-ID, whose connection was lost at a moment, was taken in.
type Oracle interface {
	Accepted(ctx context.Context, messageID string, lost time.Time) (mail.Arrival, error)
}

// ErrRefused marks errors that say the caller asked for something wrong: an unknown ref, a forbidden step, a bad value.
var ErrRefused = errors.New("refused")

// refusal is an ErrRefused with its own words and what to do about it.
type refusal struct{ what, hint string }

func (r *refusal) Error() string        { return r.what }
func (r *refusal) Hint() string         { return r.hint }
func (r *refusal) Is(target error) bool { return target == ErrRefused }

// refuse returns a refusal. hint may be "".
func refuse(hint, format string, args ...any) error {
	return &refusal{fmt.Sprintf(format, args...), hint}
}
