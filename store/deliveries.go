package store

import (
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"
)

// Delivery is one letter owed to one person on one occasion. The texts up to Attachments are empty until the letter is
// frozen at its first build; a retry sends the same bytes.
type Delivery struct {
	ID              int64          `db:"id" json:"id"`
	DedupeKey       string         `db:"dedupe_key" json:"dedupe_key"` // the occasion and the recipient: a second row with it is not inserted
	MessageID       string         `db:"message_id" json:"message_id"` // without angle brackets; without a domain until frozen
	Kind            string         `db:"kind" json:"kind"`             // name of the letter
	State           string         `db:"state" json:"state"`
	Reason          string         `db:"reason" json:"reason"` // of suppressed, expired, failed, uncertain
	RunID           *int64         `db:"run_id" json:"run_id"`
	Variant         string         `db:"variant" json:"variant"` // of the run's artefacts
	SessionID       *int64         `db:"session_id" json:"session_id"`
	SessionRevision *int           `db:"session_revision" json:"session_revision"`
	RuleRef         string         `db:"rule_ref" json:"rule_ref"` // reminder rule
	ActionItemID    *int64         `db:"action_item_id" json:"action_item_id"`
	TimetableRule   string         `db:"timetable_rule" json:"timetable_rule"`
	SubjectKey      string         `db:"subject_key" json:"subject_key"` // anything else that tells the occasion apart
	PersonID        *int64         `db:"person_id" json:"person_id"`
	SeatID          *int64         `db:"seat_id" json:"seat_id"`
	Address         string         `db:"address" json:"address"`
	Name            string         `db:"name" json:"name"`
	Language        string         `db:"language" json:"language"`
	Timezone        string         `db:"timezone" json:"timezone"`
	NotBefore       time.Time      `db:"not_before" json:"not_before"`
	ExpiresAt       *time.Time     `db:"expires_at" json:"expires_at"` // from then on the letter has lost its point
	Priority        int            `db:"priority" json:"priority"`     // 1 first, 9 last; 0 stands for 5
	RetryAt         *time.Time     `db:"retry_at" json:"-"`            // pending: not before this moment
	Owner           string         `db:"owner" json:"-"`
	LeaseUntil      *time.Time     `db:"lease_until" json:"-"`
	Attempts        int            `db:"attempts" json:"-"` // counted when it is claimed
	WasUncertain    bool           `db:"was_uncertain" json:"-"`
	ResendOf        *int64         `db:"resend_of" json:"resend_of"`
	FrozenAt        *time.Time     `db:"frozen_at" json:"-"` // Date of the letter
	FromName        string         `db:"from_name" json:"-"`
	FromAddress     string         `db:"from_address" json:"-"` // "" before the letter is frozen, and in those from before migration 0027
	Subject         string         `db:"subject" json:"-"`
	BodyText        string         `db:"body_text" json:"-"`
	BodyHTML        string         `db:"body_html" json:"-"`
	Links           pq.StringArray `db:"links" json:"-"` // only as it is stored: see masked
	Calendar        string         `db:"calendar" json:"-"`
	CalendarMethod  string         `db:"calendar_method" json:"-"`
	Sequence        *int           `db:"sequence" json:"-"`
	Headers         Headers        `db:"headers" json:"-"`
	Attachments     Attachments    `db:"attachments" json:"-"`
	SentAt          *time.Time     `db:"sent_at" json:"-"`
	CreatedAt       time.Time      `db:"created_at" json:"-"`
	UpdatedAt       time.Time      `db:"updated_at" json:"-"`
}

// Attachment names an artefact that goes with a letter.
type Attachment struct {
	Name   string `json:"name"`
	Type   string `json:"type"`
	SHA256 string `json:"sha256"` // hex
}

// Headers are header fields of a letter beyond those that every letter has.
type Headers map[string]string

// Value implements driver.Valuer.
func (h Headers) Value() (driver.Value, error) { return jsonValue(h, h == nil, "{}") }

// Scan implements sql.Scanner.
func (h *Headers) Scan(src any) error { return scanJSON(src, h) }

// Attachments are the artefacts that go with a letter, in order.
type Attachments []Attachment

// Value implements driver.Valuer.
func (a Attachments) Value() (driver.Value, error) { return jsonValue(a, a == nil, "[]") }

// Scan implements sql.Scanner.
func (a *Attachments) Scan(src any) error { return scanJSON(src, a) }

func jsonValue(v any, empty bool, instead string) (driver.Value, error) {
	if empty {
		return instead, nil
	}
	b, err := json.Marshal(v)
	return string(b), err
}

func scanJSON(src, into any) error {
	switch b := src.(type) {
	case []byte:
		return json.Unmarshal(b, into)
	case string:
		return json.Unmarshal([]byte(b), into)
	case nil:
		return nil
	default:
		return fmt.Errorf("cannot read JSON from %T", src)
	}
}

const deliveryColumns = `id, dedupe_key, message_id, kind, state, coalesce(reason, '') as reason, run_id, coalesce(variant, '') as variant,
	session_id, session_revision, coalesce(rule_ref, '') as rule_ref, action_item_id, coalesce(timetable_rule, '') as timetable_rule,
	coalesce(subject_key, '') as subject_key, person_id, seat_id, address, name, language, timezone, not_before, expires_at, priority,
	retry_at, coalesce(owner, '') as owner, lease_until, attempts, was_uncertain, resend_of, frozen_at, coalesce(from_name, '') as from_name,
	coalesce(from_address, '') as from_address, coalesce(subject, '') as subject,
	coalesce(body_text, '') as body_text, coalesce(body_html, '') as body_html, coalesce(calendar, '') as calendar,
	coalesce(calendar_method, '') as calendar_method, sequence, headers, links, attachments, sent_at, created_at, updated_at`

// InsertDeliveries records letters that are owed and returns those that were not there before, with their ids, in the
// order given. A row without a state is planned when its moment is still ahead, else pending; a zero NotBefore is now.
func (tx *Tx) InsertDeliveries(ctx context.Context, owed []Delivery) ([]Delivery, error) {
	const batch = 2000
	var inserted []Delivery
	for part := range slices.Chunk(owed, batch) {
		rows, err := tx.insertDeliveries(ctx, part)
		if err != nil {
			return nil, fmt.Errorf("insert %d deliveries: %w", len(owed), err)
		}
		inserted = append(inserted, rows...)
	}
	return inserted, nil
}

func (tx *Tx) insertDeliveries(ctx context.Context, owed []Delivery) ([]Delivery, error) {
	rows := slices.Clone(owed)
	for i := range rows {
		tx.fillIn(&rows[i])
	}
	b, err := json.Marshal(rows)
	if err != nil {
		return nil, err
	}
	var keys []struct {
		ID  int64  `db:"id"`
		Key string `db:"dedupe_key"`
	}
	// In the order of the key, so that two transactions that insert the same letters wait for each other in one order.
	err = tx.SelectContext(ctx, &keys, `
		insert into delivery (dedupe_key, message_id, kind, state, reason, run_id, variant, session_id, session_revision, rule_ref,
			action_item_id, timetable_rule, subject_key, person_id, seat_id, address, name, language, timezone, not_before, expires_at,
			priority, resend_of, created_at, updated_at)
		select dedupe_key, message_id, kind, state, nullif(reason, ''), run_id, nullif(variant, ''), session_id, session_revision,
			nullif(rule_ref, ''), action_item_id, nullif(timetable_rule, ''), nullif(subject_key, ''), person_id, seat_id, address, name,
			language, timezone, not_before, expires_at, priority, resend_of, $2, $2
		from jsonb_to_recordset($1::jsonb) as r (dedupe_key text, message_id text, kind text, state text, reason text, run_id bigint,
			variant text, session_id bigint, session_revision int, rule_ref text, action_item_id bigint, timetable_rule text,
			subject_key text, person_id bigint, seat_id bigint, address text, name text, language text, timezone text,
			not_before timestamptz, expires_at timestamptz, priority int, resend_of bigint)
		order by dedupe_key
		on conflict (dedupe_key) do nothing
		returning id, dedupe_key`, string(b), tx.Now)
	if err != nil {
		return nil, err
	}
	ids := make(map[string]int64, len(keys))
	for _, k := range keys {
		ids[k.Key] = k.ID
	}
	inserted := rows[:0]
	for _, d := range rows {
		if id, ok := ids[d.DedupeKey]; ok {
			delete(ids, d.DedupeKey) // of two rows with one key in a call only the first was inserted
			d.ID, d.CreatedAt, d.UpdatedAt = id, tx.Now, tx.Now
			inserted = append(inserted, d)
		}
	}
	return inserted, nil
}

// fillIn sets what an inserted row may leave out.
func (tx *Tx) fillIn(d *Delivery) {
	if d.NotBefore.IsZero() {
		d.NotBefore = tx.Now
	}
	if d.State == "" {
		d.State = DeliveryPending
		if d.NotBefore.After(tx.Now) {
			d.State = DeliveryPlanned
		}
	}
	if d.MessageID == "" {
		d.MessageID = messageKey(d.DedupeKey)
	}
	if d.Priority == 0 {
		d.Priority = 5
	}
}

// MessageID returns the Message-ID of a letter, without angle brackets: the same for every attempt.
func MessageID(dedupeKey, domain string) string { return messageKey(dedupeKey) + "@" + domain }

// messageKey is the left side of a Message-ID: 130 bits of a hash, so that it tells nothing and never collides.
func messageKey(dedupeKey string) string {
	sum := sha256.Sum256([]byte(dedupeKey))
	return strings.ToLower(base32.HexEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:])[:26])
}

// DeliveryFilter selects deliveries; a zero field asks nothing.
type DeliveryFilter struct {
	IDs          []int64
	DedupeKeys   []string
	States       []string
	Kinds        []string
	RunID        int64
	SessionID    int64
	ActionItemID int64
	PersonID     int64
	ResendOf     int64
	From, Until  time.Time // of not_before, half-open
	Limit        int
}

// Deliveries returns the deliveries that a filter selects, in the order of their moments.
func (tx *Tx) Deliveries(ctx context.Context, f DeliveryFilter) ([]Delivery, error) {
	var found []Delivery
	err := tx.SelectContext(ctx, &found, `
		select `+deliveryColumns+` from delivery
		where ($1::bigint[] is null or id = any($1)) and ($2::text[] is null or dedupe_key = any($2))
			and ($3::text[] is null or state = any($3)) and ($4::text[] is null or kind = any($4))
			and ($5::bigint = 0 or run_id = $5) and ($6::bigint = 0 or session_id = $6) and ($7::bigint = 0 or action_item_id = $7)
			and ($8::bigint = 0 or person_id = $8) and ($9::bigint = 0 or resend_of = $9)
			and ($10::timestamptz is null or not_before >= $10) and ($11::timestamptz is null or not_before < $11)
		order by not_before, priority, id
		limit nullif($12::bigint, 0)`,
		pq.Array(f.IDs), pq.Array(f.DedupeKeys), pq.Array(f.States), pq.Array(f.Kinds), f.RunID, f.SessionID, f.ActionItemID,
		f.PersonID, f.ResendOf, nullTime(f.From), nullTime(f.Until), f.Limit)
	if err != nil {
		return nil, fmt.Errorf("read deliveries: %w", err)
	}
	return wholeAll(found), nil
}

// Delivery returns one delivery, or ErrNotFound.
func (tx *Tx) Delivery(ctx context.Context, id int64) (Delivery, error) {
	found, err := tx.Deliveries(ctx, DeliveryFilter{IDs: []int64{id}})
	if err != nil {
		return Delivery{}, err
	}
	if len(found) == 0 {
		return Delivery{}, fmt.Errorf("delivery %d: %w", id, ErrNotFound)
	}
	return found[0], nil
}

// LightenDelivery records new texts and no files for a letter that a sender has in hand and that cannot be sent as it is;
// the files are kept beside it.
func (tx *Tx) LightenDelivery(ctx context.Context, d Delivery) error {
	d = d.masked()
	_, err := tx.ExecContext(ctx, `
		update delivery set body_text = $4, body_html = $5, links = $6, left_out = attachments, attachments = '[]', updated_at = $7
		where id = $1 and owner = $2 and attempts = $3`,
		d.ID, d.Owner, d.Attempts, d.BodyText, d.BodyHTML, d.Links, tx.Now)
	if err != nil {
		return fmt.Errorf("lighten delivery %d: %w", d.ID, err)
	}
	return nil
}

func nullTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// FreezeDelivery records what the letter says, for this and every later attempt: Message-ID, sender, subject, texts, calendar,
// headers and attachments. Its Date is the transaction's moment. It returns ErrFenced when the delivery is frozen already,
// or is not as d says any more: pending, or under way in d's attempt.
func (tx *Tx) FreezeDelivery(ctx context.Context, d Delivery) error {
	d = d.masked()
	n, err := tx.count(ctx, `
		update delivery set message_id = $2, frozen_at = $3, subject = $4, body_text = $5, body_html = $6, calendar = nullif($7, ''),
			calendar_method = nullif($8, ''), sequence = $9, headers = $10, links = $11, attachments = $12, updated_at = $3,
			from_name = $16, from_address = $17
		where id = $1 and frozen_at is null and state = $13 and (state <> 'sending' or owner = $14 and attempts = $15)
			and set_config('synchronous_commit', 'off', true) is not null`,
		d.ID, d.MessageID, tx.Now, d.Subject, d.BodyText, d.BodyHTML, d.Calendar, d.CalendarMethod, d.Sequence, d.Headers, d.Links, d.Attachments,
		d.State, d.Owner, d.Attempts, d.FromName, d.FromAddress)
	if err == nil && n == 0 {
		err = ErrFenced
	}
	if err != nil {
		return fmt.Errorf("freeze delivery %d: %w", d.ID, err)
	}
	return nil
}
