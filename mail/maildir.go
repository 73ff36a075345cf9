package mail

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Maildir is a folder of letters, one file each, in the form that mail programs read. It is safe for concurrent use, also
// by several processes.
type Maildir struct {
	dir string

	mu   sync.Mutex
	seen map[string]bool // names of the files already looked at
	ids  map[string]bool // their Message-IDs
}

// OpenMaildir opens a Maildir and makes its folders where they are missing.
func OpenMaildir(dir string) (*Maildir, error) {
	for _, sub := range []string{"tmp", "new", "cur"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, fmt.Errorf("open Maildir: %w", err)
		}
	}
	return &Maildir{dir: dir, seen: map[string]bool{}, ids: map[string]bool{}}, nil
}

// Deliver stores a letter. When it returns nil, the letter is on disk and complete; else it is not there at all.
func (d *Maildir) Deliver(letter io.Reader) (err error) {
	var unique [12]byte
	rand.Read(unique[:]) // never fails (crypto/rand)
	name := hex.EncodeToString(unique[:]) + ".secretariat"
	tmp := filepath.Join(d.dir, "tmp", name)
	f, err := os.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("store letter: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(tmp)
			err = fmt.Errorf("store letter: %w", err)
		}
	}()
	if _, err = io.Copy(f, letter); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	if err = os.Rename(tmp, filepath.Join(d.dir, "new", name)); err != nil {
		return err
	}
	return syncDir(filepath.Join(d.dir, "new"))
}

func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// Accepted reports whether a letter with this Message-ID is there. It always knows.
func (d *Maildir) Accepted(_ context.Context, messageID string, _ time.Time) (Arrival, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := d.look(); err != nil {
		return Arrival{}, fmt.Errorf("look for %s in Maildir: %w", messageID, err)
	}
	if d.ids[messageID] {
		return Arrival{Known: true, Accepted: true, Word: "the mailbox has it"}, nil
	}
	return Arrival{Known: true, Word: "the mailbox does not have it"}, nil
}

// look reads the Message-IDs of the files that came since the last look.
func (d *Maildir) look() error {
	for _, sub := range []string{"new", "cur"} {
		entries, err := os.ReadDir(filepath.Join(d.dir, sub))
		if err != nil {
			return err
		}
		for _, e := range entries {
			base, _, _ := strings.Cut(e.Name(), ":") // a mail program adds ":2,S" when it has shown the letter
			if d.seen[base] || e.IsDir() {
				continue
			}
			id, err := messageIDOf(filepath.Join(d.dir, sub, e.Name()))
			if errors.Is(err, fs.ErrNotExist) {
				continue // moved to cur meanwhile
			}
			if err != nil {
				return err
			}
			d.seen[base], d.ids[id] = true, true
		}
	}
	return nil
}

func messageIDOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	head, err := textproto.NewReader(bufio.NewReader(f)).ReadMIMEHeader()
	if err != nil && len(head) == 0 {
		return "", nil // not a letter; not ours in any case
	}
	return strings.Trim(head.Get("Message-ID"), "<> "), nil
}
