package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/lib/pq"
)

// Reader is what a letter with a report says of its reader.
type Reader struct {
	Ref        string `db:"ref"`
	Salutation string `db:"salutation"`
	Role       string `db:"role"` // by which the person is subscribed, "" when by name
}

// Reader returns a reader of a report by the person's id, or ErrNotFound.
func (tx *Tx) Reader(ctx context.Context, person int64, report string) (r Reader, err error) {
	err = tx.GetContext(ctx, &r, `
		select p.ref, coalesce(p.salutation, '') as salutation,
		       coalesce((select case when p.ref = any (s.people) then '' else s.role end
		                 from   subscription s
		                 where  s.report = $2 and s.retired_at is null and (p.ref = any (s.people) or s.role = any (p.roles))
		                 order  by coalesce(p.ref = any (s.people), false) desc, s.id limit 1), '') as role
		from   person p where p.id = $1`, person, report)
	if err != nil {
		return r, fmt.Errorf("reader %d: %w", person, notFound(err))
	}
	return r, nil
}

// TokenSubject is the subscription that a token ends.
type TokenSubject struct {
	Address  string `db:"address"`
	Report   string `db:"report"`
	PersonID *int64 `db:"person_id"`
}

// PutUnsubscribeToken keeps the hash of a token that ends a subscription; the token itself is only in the letter.
func (tx *Tx) PutUnsubscribeToken(ctx context.Context, token string, s TokenSubject, expires time.Time) error {
	sum := sha256.Sum256([]byte(token))
	_, err := tx.ExecContext(ctx, `
		insert into token (hash, purpose, person_id, address, report, created_at, expires_at)
		values ($1, 'unsubscribe', $2, $3, $4, $5, $6)`, sum[:], s.PersonID, s.Address, s.Report, tx.Now, nullTime(expires))
	if err != nil {
		return fmt.Errorf("keep token: %w", err)
	}
	return nil
}

// UnsubscribeToken returns what a token ends, or ErrNotFound when it is unknown, expired or revoked.
func (tx *Tx) UnsubscribeToken(ctx context.Context, token string) (s TokenSubject, err error) {
	sum := sha256.Sum256([]byte(token))
	err = tx.GetContext(ctx, &s, `
		select address, coalesce(report, '') as report, person_id from token
		where  hash = $1 and purpose = 'unsubscribe' and revoked_at is null and (expires_at is null or expires_at > $2)`, sum[:], tx.Now)
	if err != nil {
		return s, fmt.Errorf("unsubscribe token: %w", notFound(err))
	}
	return s, nil
}

// Unsubscribed returns the addresses, in small letters, that get no letters of a report, with the reason of each.
func (tx *Tx) Unsubscribed(ctx context.Context, report string, addresses []string) (map[string]string, error) {
	var list []struct{ Address, Reason string }
	err := tx.SelectContext(ctx, &list, `
		select address, reason from suppression
		where  (report is null or report = $1) and (until is null or until > $2) and address in (select lower(a) from unnest($3::text[]) a)
		order  by report nulls last`, report, tx.Now, pq.Array(addresses))
	if err != nil {
		return nil, fmt.Errorf("read who gets no %s: %w", report, err)
	}
	out := map[string]string{}
	for _, one := range list {
		out[one.Address] = one.Reason
	}
	return out, nil
}
