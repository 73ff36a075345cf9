package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// PutArtefact keeps a file under its SHA-256 and returns that in hex. A file that is there already is not written again.
func (tx *Tx) PutArtefact(ctx context.Context, mediaType string, b []byte) (string, error) {
	sum := sha256.Sum256(b)
	_, err := tx.ExecContext(ctx, `
		insert into artefact (sha256, type, bytes, created_at) values ($1, $2, $3, $4) on conflict (sha256) do nothing`,
		sum[:], mediaType, b, tx.Now)
	if err != nil {
		return "", fmt.Errorf("keep artefact of %d bytes: %w", len(b), err)
	}
	return hex.EncodeToString(sum[:]), nil
}

// ErrTampered is wrapped by the error about a file whose bytes are no longer those that were kept.
var ErrTampered = errors.New("its bytes have changed in the database")

// Artefact returns a file and its media type by its SHA-256 in hex. It returns ErrNotFound when there is none, and
// ErrTampered when its bytes are not those that were put there.
func (tx *Tx) Artefact(ctx context.Context, sha string) ([]byte, string, error) {
	key, err := hex.DecodeString(sha)
	if err != nil {
		return nil, "", fmt.Errorf("artefact %q: the name is not hexadecimal", sha)
	}
	var a struct {
		Type  string `db:"type"`
		Bytes []byte `db:"bytes"`
	}
	if err := tx.GetContext(ctx, &a, `select type, bytes from artefact where sha256 = $1`, key); err != nil {
		return nil, "", fmt.Errorf("artefact %s: %w", sha, notFound(err))
	}
	if sum := sha256.Sum256(a.Bytes); hex.EncodeToString(sum[:]) != sha {
		return nil, "", fmt.Errorf("artefact %s: %w", sha, ErrTampered)
	}
	return a.Bytes, a.Type, nil
}
