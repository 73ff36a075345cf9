package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"
)

// LetterLine is a delivery in a list: without its texts, which are long.
type LetterLine struct {
	ID        int64      `db:"id"`
	Kind      string     `db:"kind"`
	State     string     `db:"state"`
	Reason    string     `db:"reason"`
	Name      string     `db:"name"`
	Address   string     `db:"address"`
	Language  string     `db:"language"`
	Timezone  string     `db:"timezone"`
	Subject   string     `db:"subject"` // "" until the letter is built
	NotBefore time.Time  `db:"not_before"`
	SentAt    *time.Time `db:"sent_at"`
}

// LetterFilter selects letters for a list; a zero field asks nothing.
type LetterFilter struct {
	Kind, State   string
	Limit, Offset int
}

// LetterLines lists letters, the latest moment first.
func (tx *Tx) LetterLines(ctx context.Context, f LetterFilter) (list []LetterLine, err error) {
	err = tx.SelectContext(ctx, &list, `
		select id, kind, state, coalesce(reason, '') as reason, name, address, language, timezone, coalesce(subject, '') as subject,
			not_before, sent_at
		from delivery
		where ($1 = '' or kind = $1) and ($2 = '' or state = $2)
		order by coalesce(sent_at, not_before) desc, id desc
		limit nullif($3::bigint, 0) offset $4`, f.Kind, f.State, f.Limit, f.Offset)
	if err != nil {
		return nil, fmt.Errorf("list letters: %w", err)
	}
	return list, nil
}

// LetterCount is the number of letters of one kind in one state.
type LetterCount struct {
	Kind  string `db:"kind"`
	State string `db:"state"`
	N     int    `db:"n"`
}

// LetterCounts counts the letters by kind and state.
func (tx *Tx) LetterCounts(ctx context.Context) (counts []LetterCount, err error) {
	err = tx.SelectContext(ctx, &counts, `select kind, state, count(*) as n from delivery group by kind, state order by kind, state`)
	if err != nil {
		return nil, fmt.Errorf("count letters: %w", err)
	}
	return counts, nil
}

// TokenLanguage returns the language of the reader that a token was given to, or ErrNotFound when there is no such token;
// for an address without a person it is that of the last letter to it.
func (tx *Tx) TokenLanguage(ctx context.Context, token string) (language string, err error) {
	sum := sha256.Sum256([]byte(token))
	err = tx.GetContext(ctx, &language, `
		select coalesce(p.language, (select d.language from delivery d where d.address = t.address order by d.id desc limit 1), 'en')
		from token t left join person p on p.id = t.person_id
		where t.hash = $1`, sum[:])
	if err != nil {
		return "", fmt.Errorf("language of a token: %w", notFound(err))
	}
	return language, nil
}
