package acts

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"secretariat/store"
)

// filesKept is how long the link to files that were left out of a letter opens its page.
const filesKept = 30 * 24 * time.Hour

// newFilesLink makes the address at which the reader of a letter fetches the files that it had to leave out; "" where the
// program does not know its own address.
func (a *Acts) newFilesLink(ctx context.Context, tx *store.Tx, d store.Delivery, until time.Time) (string, error) {
	if a.Mail.PublicURL == "" {
		return "", nil
	}
	token := strings.ToLower(rand.Text())
	if err := tx.PutFilesToken(ctx, token, d, until); err != nil {
		return "", err
	}
	return strings.TrimSuffix(a.Mail.PublicURL, "/") + "/f/" + token, nil
}

// FilesPage is what such a link opens.
type FilesPage struct {
	store.LeftOut
	Files []LeftOutFile // without their contents
}

// LeftOutFile is a file that was left out of a letter.
type LeftOutFile struct {
	Name, Type string
	Bytes      int
	Content    []byte // of FetchFile
}

// ShowFiles says what the link to files that were left out of a letter opens. It changes nothing. The error is
// store.ErrNotFound for every token that opens nothing, whatever the reason.
func (a *Acts) ShowFiles(ctx context.Context, token string) (page FilesPage, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		page = FilesPage{}
		if page.LeftOut, err = tx.FilesToken(ctx, token); err != nil {
			return err
		}
		for _, f := range page.LeftOut.Files {
			b, _, err := tx.Artefact(ctx, f.SHA256)
			if err != nil {
				return err
			}
			page.Files = append(page.Files, LeftOutFile{Name: f.Name, Type: f.Type, Bytes: len(b)})
		}
		return nil
	})
	return page, err
}

// FetchFile returns the n-th of the files, counted from 0, as it would have come with the letter: its bytes are checked
// against their SHA-256. The error is store.ErrNotFound for a token or a number that opens nothing.
func (a *Acts) FetchFile(ctx context.Context, token string, n int) (f LeftOutFile, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		left, err := tx.FilesToken(ctx, token)
		if err != nil {
			return err
		}
		if n < 0 || n >= len(left.Files) {
			return fmt.Errorf("file %d of %d: %w", n, len(left.Files), store.ErrNotFound)
		}
		file := left.Files[n]
		b, _, err := tx.Artefact(ctx, file.SHA256)
		f = LeftOutFile{Name: file.Name, Type: file.Type, Bytes: len(b), Content: b}
		return err
	})
	return f, err
}
