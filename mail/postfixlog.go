package mail

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"
)

// PostfixLog is the log of a Postfix relay as an oracle. It follows the file through rotations and keeps the Message-IDs
// of one domain only. It is safe for concurrent use.
type PostfixLog struct {
	path, domain string

	mu     sync.Mutex
	file   *os.File
	rest   string            // of a line that was not written to its end yet
	begins string            // the time stamp of the first line ever read
	queued map[string]string // queue id → Message-ID, of letters whose data came in
	fates  map[string]string // Message-ID → what the log says of the letter taken in
}

// OpenPostfixLog names a log and the domain of the Message-IDs to look for. The file is read when it is asked first.
func OpenPostfixLog(path, domain string) *PostfixLog {
	return &PostfixLog{path: path, domain: strings.ToLower(domain), queued: map[string]string{}, fates: map[string]string{}}
}

// postfixLine is a line about a message: program, queue id, text. The Message-ID is logged while the data comes in, so
// that it proves nothing; what queue manager and delivery agents say does.
var postfixLine = regexp.MustCompile(`postfix(?:[\w.-]*/)+([\w-]+)\[\d+\]: ([0-9A-Za-z]{6,20}): (.*)$`)

// Accepted looks for the letter. The log cannot tell of letters lost before its first line, nor when it cannot be read.
func (p *PostfixLog) Accepted(_ context.Context, messageID string, lost time.Time) (Arrival, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.follow(); err != nil {
		return Arrival{}, fmt.Errorf("look for %s in the log of Postfix: %w", messageID, err)
	}
	if fate, ok := p.fates[messageID]; ok {
		return Arrival{Known: true, Accepted: true, Word: "the relay's log has it: " + fate}, nil
	}
	begins, ok := stampOf(p.begins, lost)
	// The conversation began some time before it was found lost; a log that begins later has not seen it.
	if !ok || begins.After(lost.Add(-time.Hour)) {
		return Arrival{Word: "the relay's log does not reach back far enough"}, nil
	}
	return Arrival{Known: true, Word: "the relay's log does not have it"}, nil
}

// follow reads what came since the last time: of the file in hand to its end, then of the one that took its place.
func (p *PostfixLog) follow() error {
	if p.file == nil {
		// The file before, so that a night's rotation does not make the log forget the evening.
		if old, err := os.Open(p.path + ".1"); err == nil {
			err = p.read(old)
			old.Close()
			if err != nil {
				return err
			}
		}
		return p.open()
	}
	if err := p.read(p.file); err != nil {
		return err
	}
	now, err := os.Stat(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // between two files
	}
	if err != nil {
		return err
	}
	mine, err := p.file.Stat()
	if err != nil {
		return err
	}
	at, err := p.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if os.SameFile(now, mine) && now.Size() >= at {
		return nil
	}
	p.file.Close()
	return p.open()
}

func (p *PostfixLog) open() (err error) {
	p.rest = ""
	if p.file, err = os.Open(p.path); err != nil {
		p.file = nil
		return err
	}
	return p.read(p.file)
}

func (p *PostfixLog) read(r io.Reader) error {
	lines := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := lines.ReadString('\n')
		if err == io.EOF {
			p.rest += line
			return nil
		}
		if err != nil {
			return err
		}
		p.note(strings.TrimRight(p.rest+line, "\r\n"))
		p.rest = ""
	}
}

// note takes one line in.
func (p *PostfixLog) note(line string) {
	if p.begins == "" {
		p.begins = line
	}
	m := postfixLine.FindStringSubmatch(line)
	if m == nil {
		return
	}
	program, queue, text := m[1], m[2], m[3]
	if id, ok := strings.CutPrefix(text, "message-id=<"); ok && program == "cleanup" {
		id, _, _ = strings.Cut(id, ">")
		delete(p.queued, queue) // an old message had the same queue id
		if strings.EqualFold(Domain(id), p.domain) {
			p.queued[queue] = id
		}
		return
	}
	id, ours := p.queued[queue]
	if !ours {
		return
	}
	switch {
	case text == "removed":
		delete(p.queued, queue)
	case program == "qmgr" && strings.HasPrefix(text, "from=<") && p.fates[id] == "":
		p.fates[id] = "queued as " + queue
	case strings.Contains(text, " status="):
		_, status, _ := strings.Cut(text, " status=")
		p.fates[id] = cleanText(status)
	}
}

// stampOf reads the time at the beginning of a line of the log, in either of the forms that syslog writes; the old one has
// no year and is taken for the one nearest before the moment of the letter's loss.
func stampOf(line string, near time.Time) (time.Time, bool) {
	first, _, _ := strings.Cut(line, " ")
	if t, err := time.Parse(time.RFC3339Nano, first); err == nil {
		return t, true
	}
	if len(line) < len(time.Stamp) {
		return time.Time{}, false
	}
	t, err := time.ParseInLocation(time.Stamp, line[:len(time.Stamp)], time.Local)
	if err != nil {
		return time.Time{}, false
	}
	t = t.AddDate(near.In(time.Local).Year(), 0, 0)
	if t.After(near.AddDate(0, 0, 1)) {
		t = t.AddDate(-1, 0, 0)
	}
	return t, true
}
