package acts

import (
	"context"
	"sync"

	"secretariat/mail"
	"secretariat/reports"
	"secretariat/store"
)

// shelfLimit is how many octets of files a process keeps at hand.
const shelfLimit = 16 << 20

// shelf keeps what many letters share at hand: the files of a report that goes to a thousand people are read, checked and
// encoded once. What a name (SHA-256) stands for never changes. It is safe for concurrent use; its zero value is empty.
type shelf struct {
	mu      sync.Mutex
	files   map[string]mail.File
	letters map[string]reports.Letter
	order   []string // of files, the oldest first
	held    int
}

// file returns an artefact as a file without a name.
func (s *shelf) file(ctx context.Context, tx *store.Tx, sha string) (mail.File, error) {
	s.mu.Lock()
	f, ok := s.files[sha]
	s.mu.Unlock()
	if ok {
		return f, nil
	}
	b, mediaType, err := tx.Artefact(ctx, sha)
	if err != nil {
		return mail.File{}, err
	}
	f = mail.File{Type: mediaType, Bytes: b}
	if len(b) < shelfLimit/8 {
		f.Base64 = mail.Base64(b)
		s.keep(sha, f)
	}
	return f, nil
}

func (s *shelf) keep(sha string, f mail.File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files == nil {
		s.files, s.letters = map[string]mail.File{}, map[string]reports.Letter{}
	}
	if _, ok := s.files[sha]; ok {
		return
	}
	s.files[sha] = f
	s.order = append(s.order, sha)
	for s.held += weight(f); s.held > shelfLimit; {
		oldest := s.order[0]
		s.order = s.order[1:]
		s.held -= weight(s.files[oldest])
		delete(s.files, oldest)
		delete(s.letters, oldest)
	}
}

func weight(f mail.File) int { return len(f.Bytes) + len(f.Base64) }

// letter returns what a report's letter says, from its artefact. The caller changes nothing in it.
func (s *shelf) letter(sha string, f mail.File) (reports.Letter, error) {
	s.mu.Lock()
	l, ok := s.letters[sha]
	s.mu.Unlock()
	if ok {
		return l, nil
	}
	l, err := reports.DecodeLetter(f.Bytes)
	if err == nil {
		s.mu.Lock()
		if _, kept := s.files[sha]; kept {
			s.letters[sha] = l
		}
		s.mu.Unlock()
	}
	return l, err
}
