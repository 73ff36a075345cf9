package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
)

// AuditEntry is a row of the audit log. Before and After are JSON as the database writes it, not valid where there is none.
type AuditEntry struct {
	ID       int64          `db:"id"`
	At       time.Time      `db:"at"`
	Actor    string         `db:"actor"`
	Action   string         `db:"action"`
	Object   string         `db:"object"`
	Before   sql.NullString `db:"before"`
	After    sql.NullString `db:"after"`
	Previous []byte         `db:"previous"` // hash of the row before; zeros in the first
	Hash     []byte         `db:"hash"`     // of the row and Previous
}

const auditColumns = `id, at, actor, action, object, before::text as before, after::text as after, previous, hash`

// Sum returns the SHA-256 of the row and of the hash before it. Texts carry their length, so that nothing can move from
// one column into the next; the moment counts in microseconds, which is what the database keeps.
func (e AuditEntry) Sum() []byte {
	b := append([]byte(nil), e.Previous...)
	b = strconv.AppendInt(b, e.ID, 10)
	b = append(b, '\n')
	b = strconv.AppendInt(b, e.At.UnixMicro(), 10)
	b = append(b, '\n')
	for _, text := range []sql.NullString{{String: e.Actor, Valid: true}, {String: e.Action, Valid: true}, {String: e.Object, Valid: true}, e.Before, e.After} {
		if !text.Valid {
			b = append(b, '-')
			continue
		}
		b = strconv.AppendInt(b, int64(len(text.String)), 10)
		b = append(append(b, ':'), text.String...)
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

// AuditHead is where the chain of the audit log ends.
type AuditHead struct {
	ID   int64  `db:"id"`
	Rows int64  `db:"rows"`
	Hash []byte `db:"hash"`
}

// Audit appends to the audit log who did what to which object, and what it was before and after. The rows are written
// when the transaction is about to commit, in the order of the calls.
func (tx *Tx) Audit(_ context.Context, actor, action, object string, before, after any) error {
	e := AuditEntry{At: tx.Now, Actor: actor, Action: action, Object: object}
	for _, v := range []struct {
		from any
		to   *sql.NullString
	}{{before, &e.Before}, {after, &e.After}} {
		if v.from == nil {
			continue
		}
		text, err := json.Marshal(v.from)
		if err != nil {
			return fmt.Errorf("audit %s %s: %w", action, object, err)
		}
		*v.to = sql.NullString{String: string(text), Valid: true}
	}
	tx.audit = append(tx.audit, e)
	return nil
}

// appendAudit writes what Audit gathered. Appending is serial: whoever appends holds the head of the chain until the
// commit. It is the last lock that a transaction takes, so that nobody waits for another lock while holding it, and two
// transactions cannot wait for one another on its account.
func (tx *Tx) appendAudit(ctx context.Context) error {
	if len(tx.audit) == 0 {
		return nil
	}
	var head AuditHead
	if err := tx.GetContext(ctx, &head, `select id, rows, hash from audit_head for no key update`); err != nil {
		return fmt.Errorf("append to the audit log: %w", notFound(err))
	}
	for _, e := range tx.audit {
		// What is hashed is what will be read: the database writes JSON in its own way.
		if err := tx.GetContext(ctx, &e, `select $1::jsonb::text as before, $2::jsonb::text as after`, e.Before, e.After); err != nil {
			return fmt.Errorf("audit %s %s: %w", e.Action, e.Object, err)
		}
		e.ID, e.Previous = head.ID+1, head.Hash
		e.Hash = e.Sum()
		if _, err := tx.NamedExecContext(ctx, `
			insert into audit_log (id, at, actor, action, object, before, after, previous, hash)
			values (:id, :at, :actor, :action, :object, :before, :after, :previous, :hash)`, e); err != nil {
			return fmt.Errorf("audit %s %s: %w", e.Action, e.Object, err)
		}
		head = AuditHead{ID: e.ID, Rows: head.Rows + 1, Hash: e.Hash}
	}
	if _, err := tx.ExecContext(ctx, `update audit_head set id = $1, rows = $2, hash = $3`, head.ID, head.Rows, head.Hash); err != nil {
		return fmt.Errorf("append to the audit log: %w", err)
	}
	tx.audit = nil
	return nil
}

// AuditFilter chooses entries; a zero field chooses all.
type AuditFilter struct {
	Object, Actor, Action string
	From                  time.Time
	Limit                 int // the newest so many
}

// AuditLog returns entries, the oldest first.
func (tx *Tx) AuditLog(ctx context.Context, f AuditFilter) (list []AuditEntry, err error) {
	var from, limit any
	if !f.From.IsZero() {
		from = f.From
	}
	if f.Limit > 0 {
		limit = f.Limit
	}
	err = tx.SelectContext(ctx, &list, `select `+auditColumns+` from audit_log
		where ($1 = '' or object = $1) and ($2 = '' or actor = $2) and ($3 = '' or action = $3) and ($4::timestamptz is null or at >= $4) and
			id in (select id from audit_log where ($1 = '' or object = $1) and ($2 = '' or actor = $2) and ($3 = '' or action = $3) and
				($4::timestamptz is null or at >= $4) order by id desc limit $5)
		order by id`, f.Object, f.Actor, f.Action, from, limit)
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	return list, nil
}

// AuditFault is a place where the audit log is not what was written.
type AuditFault struct {
	ID   int64  `json:"id"` // of the row at which it shows
	What string `json:"what"`
}

// AuditCheck is what a walk along the chain of the audit log came to. Contains says whether the hash that was asked for
// is that of an entry.
type AuditCheck struct {
	Head     AuditHead
	Faults   []AuditFault
	Contains bool
}

// mostFaults keeps a list of faults readable: one deletion in the middle of a log is one fault.
const mostFaults = 100

// VerifyAudit walks along the whole log in the order of its ids and compares every row with its hash, every hash with
// the row after it, and the last one with the head. All is read as of one moment, row by row.
func (s *Store) VerifyAudit(ctx context.Context, contains []byte) (check AuditCheck, err error) {
	x, end, err := s.begin(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return check, err
	}
	defer end()
	defer x.Rollback() // it has only read
	if err := check.walk(ctx, x, contains); err != nil {
		return check, fmt.Errorf("read the audit log: %w", err)
	}
	return check, nil
}

func (c *AuditCheck) walk(ctx context.Context, x *sqlx.Tx, contains []byte) error {
	if err := x.GetContext(ctx, &c.Head, `select id, rows, hash from audit_head`); errors.Is(err, sql.ErrNoRows) {
		c.fault(0, "the head of the chain is missing")
	} else if err != nil {
		return err
	}
	rows, err := x.QueryxContext(ctx, `select `+auditColumns+` from audit_log order by id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	last := AuditEntry{Hash: make([]byte, sha256.Size)}
	var n int64
	for ; rows.Next(); n++ {
		var e AuditEntry
		if err := rows.StructScan(&e); err != nil {
			return fmt.Errorf("after entry %d: %w", last.ID, err)
		}
		c.look(last, e)
		c.Contains = c.Contains || bytes.Equal(e.Hash, contains)
		last = e
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("after entry %d: %w", last.ID, err)
	}
	if last.ID != c.Head.ID || n != c.Head.Rows || !bytes.Equal(last.Hash, c.Head.Hash) {
		c.fault(last.ID, "the log ends here with %d entries, and %d entries up to %d were written", n, c.Head.Rows, c.Head.ID)
	}
	return nil
}

// look compares a row with its hash and with the row before it.
func (c *AuditCheck) look(last, e AuditEntry) {
	if !bytes.Equal(e.Sum(), e.Hash) {
		c.fault(e.ID, "the entry is not what was written")
	}
	if !bytes.Equal(e.Previous, last.Hash) {
		c.fault(e.ID, "the entry does not follow on entry %d: something before it was changed, taken out, put in or moved", last.ID)
	}
}

func (c *AuditCheck) fault(id int64, format string, args ...any) {
	if len(c.Faults) < mostFaults {
		c.Faults = append(c.Faults, AuditFault{id, fmt.Sprintf(format, args...)})
	}
}
