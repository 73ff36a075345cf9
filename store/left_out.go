package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"
)

// PutFilesToken keeps the hash of a token by which the reader of a letter fetches the files that it had to leave out, until
// a moment; the token itself is only in the letter.
func (tx *Tx) PutFilesToken(ctx context.Context, token string, d Delivery, until time.Time) error {
	sum := sha256.Sum256([]byte(token))
	_, err := tx.ExecContext(ctx, `
		insert into token (hash, purpose, delivery_id, person_id, address, created_at, expires_at) values ($1, 'files', $2, $3, $4, $5, $6)`,
		sum[:], d.ID, d.PersonID, d.Address, tx.Now, until)
	if err != nil {
		return fmt.Errorf("keep token: %w", err)
	}
	return nil
}

// LeftOut is what the link to files that were left out of a letter opens.
type LeftOut struct {
	Files    Attachments `db:"left_out"`
	Subject  string      `db:"subject"`
	Language string      `db:"language"`
	Timezone string      `db:"timezone"`
	Until    time.Time   `db:"expires_at"`
}

// FilesToken returns what such a link opens. It returns ErrNotFound when the token is unknown, revoked or expired, and when
// its reader receives no letters any more.
func (tx *Tx) FilesToken(ctx context.Context, token string) (l LeftOut, err error) {
	sum := sha256.Sum256([]byte(token))
	err = tx.GetContext(ctx, &l, `
		select d.left_out, coalesce(d.subject, '') as subject, d.language, d.timezone, t.expires_at
		from token t join delivery d on d.id = t.delivery_id left join person p on p.id = t.person_id
		where t.hash = $1 and t.purpose = 'files' and t.revoked_at is null and t.expires_at > $2 and (p.id is null or p.active and p.retired_at is null)`,
		sum[:], tx.Now)
	if err != nil {
		return l, fmt.Errorf("token of files: %w", notFound(err))
	}
	return l, nil
}
