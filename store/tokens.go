package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/lib/pq"
)

// tokenAfterlife is how long a reply link opens its page after the end of the session.
const tokenAfterlife = 7 * 24 * time.Hour

// PutReplyToken keeps the hash of a token that lets a person answer the invitation to a session; the token itself is only
// in the letter.
func (tx *Tx) PutReplyToken(ctx context.Context, token string, sessionID, personID int64) error {
	sum := sha256.Sum256([]byte(token))
	_, err := tx.ExecContext(ctx, `
		insert into token (hash, purpose, session_id, person_id, address, created_at)
		select $1, 'reply', $2, id, coalesce(email, ''), $4 from person where id = $3`, sum[:], sessionID, personID, tx.Now)
	if err != nil {
		return fmt.Errorf("keep token: %w", err)
	}
	return nil
}

// ReplyTarget is whom a reply link lets answer which invitation.
type ReplyTarget struct {
	Session string `db:"session"`
	Person  string `db:"person"`
}

// ReplyToken returns what a reply link opens. It returns ErrNotFound when the token is unknown or revoked, when the person
// receives no letters any more, and from seven days after the end of the session on. A postponed session has no end.
func (tx *Tx) ReplyToken(ctx context.Context, token string) (r ReplyTarget, err error) {
	sum := sha256.Sum256([]byte(token))
	err = tx.GetContext(ctx, &r, `
		select s.ref as session, p.ref as person
		from token t join session s on s.id = t.session_id join person p on p.id = t.person_id
		where t.hash = $1 and t.purpose = 'reply' and t.revoked_at is null and s.retired_at is null and p.retired_at is null and p.active
			and (s.state = 'postponed' or s.closes_at > $2)`, sum[:], tx.Now.Add(-tokenAfterlife))
	if err != nil {
		return r, fmt.Errorf("reply token: %w", notFound(err))
	}
	return r, nil
}

// PutPollToken keeps the hash of a token that lets a person answer a poll; the token itself is only in the letter.
func (tx *Tx) PutPollToken(ctx context.Context, token string, pollID, personID int64) error {
	sum := sha256.Sum256([]byte(token))
	_, err := tx.ExecContext(ctx, `
		insert into token (hash, purpose, poll_id, person_id, address, created_at)
		select $1, 'poll', $2, id, coalesce(email, ''), $4 from person where id = $3`, sum[:], pollID, personID, tx.Now)
	if err != nil {
		return fmt.Errorf("keep token: %w", err)
	}
	return nil
}

// PollTarget is whom a link lets answer which poll.
type PollTarget struct {
	Poll   string `db:"poll"`
	Person string `db:"person"`
}

// PollToken returns what the link of a poll opens. It returns ErrNotFound when the token is unknown or revoked, when the
// person receives no letters any more, and from seven days after the last option, or after the end of the session that the
// poll became, on.
func (tx *Tx) PollToken(ctx context.Context, token string) (r PollTarget, err error) {
	sum := sha256.Sum256([]byte(token))
	err = tx.GetContext(ctx, &r, `
		select q.ref as poll, p.ref as person
		from token t join availability_poll q on q.id = t.poll_id join person p on p.id = t.person_id left join session s on s.id = q.session_id
		where t.hash = $1 and t.purpose = 'poll' and t.revoked_at is null and p.retired_at is null and p.active
			and greatest(s.closes_at, (select max(o.starts_at) from poll_option o where o.poll_id = q.id)) > $2`, sum[:], tx.Now.Add(-tokenAfterlife))
	if err != nil {
		return r, fmt.Errorf("poll token: %w", notFound(err))
	}
	return r, nil
}

// RevokeTokens makes the tokens of a person for the purposes given open nothing any more, of one session where sessionID
// is not 0, and returns how many there were.
func (tx *Tx) RevokeTokens(ctx context.Context, personID, sessionID int64, purposes ...string) (int, error) {
	return tx.revoke(ctx, `
		update token set revoked_at = $4 where person_id = $1 and purpose = any($3) and revoked_at is null and ($2 = 0 or session_id = $2)`,
		personID, sessionID, pq.Array(purposes), tx.Now)
}

// RevokeCouncilFeeds does the same with the calendar feeds of a council.
func (tx *Tx) RevokeCouncilFeeds(ctx context.Context, councilID int64) (int, error) {
	return tx.revoke(ctx, `update token set revoked_at = $2 where council_id = $1 and purpose = 'council-feed' and revoked_at is null`, councilID, tx.Now)
}

func (tx *Tx) revoke(ctx context.Context, statement string, args ...any) (int, error) {
	done, err := tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, fmt.Errorf("revoke tokens: %w", err)
	}
	n, err := done.RowsAffected()
	return int(n), err
}

// PutFeedToken keeps the hash of the token of a calendar feed: of a person, or of a council where personID is 0.
func (tx *Tx) PutFeedToken(ctx context.Context, token string, personID, councilID int64) error {
	sum := sha256.Sum256([]byte(token))
	purpose := "feed"
	if personID == 0 {
		purpose = "council-feed"
	}
	_, err := tx.ExecContext(ctx, `
		insert into token (hash, purpose, person_id, council_id, address, created_at) values ($1, $2, nullif($3, 0), nullif($4, 0), '', $5)`,
		sum[:], purpose, personID, councilID, tx.Now)
	if err != nil {
		return fmt.Errorf("keep token: %w", err)
	}
	return nil
}

// FeedTarget is what a calendar feed shows: the sessions of a person, or those of a council.
type FeedTarget struct {
	Person  string `db:"person"`
	Council string `db:"council"`
}

// FeedToken returns what the token of a feed opens, or ErrNotFound when it is unknown or revoked.
func (tx *Tx) FeedToken(ctx context.Context, token string) (f FeedTarget, err error) {
	sum := sha256.Sum256([]byte(token))
	err = tx.GetContext(ctx, &f, `
		select coalesce(p.ref, '') as person, coalesce(c.ref, '') as council
		from token t left join person p on p.id = t.person_id and p.retired_at is null and p.active
			left join council c on c.id = t.council_id and c.retired_at is null
		where t.hash = $1 and t.purpose in ('feed', 'council-feed') and t.revoked_at is null and num_nonnulls(p.id, c.id) = 1`, sum[:])
	if err != nil {
		return f, fmt.Errorf("feed token: %w", notFound(err))
	}
	return f, nil
}

// CouncilIDs returns the ids of all councils by ref.
func (tx *Tx) CouncilIDs(ctx context.Context) (map[string]int64, error) {
	return tx.ids(ctx, "councils", `select ref, id from council`)
}
