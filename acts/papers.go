package acts

import (
	"bytes"
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"secretariat/locale"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/reports/pdf"
	"secretariat/store"
)

// NewPaper is a file of a paper in a language. Symbol, title and distribution are needed for a paper that is not there yet;
// of one that is, what is given replaces what stood.
type NewPaper struct {
	Session, Ref, Symbol, Distribution, Item, Language, Actor string
	Title                                                     programme.Text
	Name                                                      string // of the file
	File                                                      []byte // nil: the language is owed and no file is there yet
}

var distributions = []string{"general", "limited", "restricted"}

// refForm is what a ref may be (letters, digits, "-_.", at most 64).
var refForm = regexp.MustCompile(`^[\pL\pN_.-]{1,64}$`)

// AddPaper records a paper or a new version of its file in a language, and returns the version (0 without a file). The
// bytes are kept under their SHA-256; the same bytes again are no new version.
func (a *Acts) AddPaper(ctx context.Context, n NewPaper) (version int, err error) {
	err = a.editPapers(ctx, n.Session, n.Actor, "add paper", n.forAudit(), func(e *agendaEdit) error {
		d, err := n.check(e)
		if err != nil {
			return err
		}
		if err := e.tx.PutPaper(ctx, e.facts.ID, d, n.Item); err != nil {
			return err
		}
		if n.File == nil {
			return e.tx.OwePaper(ctx, e.facts.ID, d.Ref, n.Language)
		}
		media := "application/octet-stream"
		if bytes.HasPrefix(n.File, []byte("%PDF-")) {
			media = "application/pdf"
		}
		version, err = e.tx.AddPaperFile(ctx, e.facts.ID, store.PaperFile{Paper: d.Ref, Language: n.Language, Name: filepath.Base(n.Name), SubmittedBy: n.Actor}, media, n.File)
		return err
	})
	return version, err
}

func (n NewPaper) forAudit() any {
	return map[string]any{"paper": n.Ref, "symbol": n.Symbol, "language": n.Language, "distribution": n.Distribution, "file": filepath.Base(n.Name), "bytes": len(n.File)}
}

func (n NewPaper) check(e *agendaEdit) (d programme.Document, err error) {
	i := slices.IndexFunc(e.m.Session.Documents, func(d programme.Document) bool { return d.Ref == n.Ref })
	if i >= 0 {
		d = e.m.Session.Documents[i]
	}
	d.Ref = n.Ref
	if n.Symbol != "" {
		d.Symbol = n.Symbol
	}
	if len(n.Title) > 0 {
		d.Title = n.Title
	}
	if n.Distribution != "" {
		d.Distribution = n.Distribution
	}
	switch {
	case !refForm.MatchString(n.Ref):
		return d, refuse(`letters, digits, "-_.", at most 64`, "%q cannot be the ref of a paper", n.Ref)
	case d.Symbol == "" || len(d.Title) == 0 || d.Distribution == "":
		return d, refuse("give --symbol, --title and --distribution", "session %s has no paper %q yet", n.Session, n.Ref)
	case !slices.Contains(distributions, d.Distribution):
		return d, refuse(strings.Join(distributions, ", "), "distribution %q is not known", d.Distribution)
	case !slices.Contains(locale.Languages, n.Language):
		return d, refuse("one of "+strings.Join(locale.Languages, " "), "language %q is not known", n.Language)
	case n.File != nil && len(n.File) == 0:
		return d, refuse("", "%s is empty", n.Name)
	case len(n.File) > pdf.PackFileBytes:
		return d, refuse("", "%s has %d bytes; a paper has at most %d", n.Name, len(n.File), pdf.PackFileBytes)
	case slices.ContainsFunc(e.m.Session.Documents, func(x programme.Document) bool { return x.Symbol == d.Symbol && x.Ref != d.Ref }):
		return d, refuse("choose another --symbol", "session %s has another paper with the symbol %s", n.Session, d.Symbol)
	}
	if n.Item != "" {
		_, err = e.present(n.Item)
	}
	return d, err
}

// IssuePaper records that a paper is there for its readers in a language, from today on.
func (a *Acts) IssuePaper(ctx context.Context, session, paper, language, actor string) error {
	return a.editPapers(ctx, session, actor, "issue paper", map[string]any{"paper": paper, "language": language}, func(e *agendaEdit) error {
		err := e.tx.IssuePaper(ctx, e.facts.ID, paper, language, programme.DateOf(e.tx.Now, e.m.Zone()))
		return asRefusal(err, "add its file first: secretariat papers add", "session %s has no paper %q in %q", session, paper, language)
	})
}

// editPapers changes the papers of a session; that all are there makes a line of its timetable done.
func (a *Acts) editPapers(ctx context.Context, session, actor, verb string, what any, edit func(*agendaEdit) error) error {
	return a.Store.InTx(ctx, func(tx *store.Tx) error {
		e, err := openAgenda(ctx, tx, session)
		if err != nil {
			return err
		}
		if state := e.m.Session.State; state == meetings.Cancelled || state == meetings.Closed {
			return refuse("papers belong to sessions that are ahead or being recorded", "session %s is %s", session, state)
		}
		if err := edit(e); err != nil {
			return err
		}
		if err := a.replanAndNudge(ctx, tx, session); err != nil {
			return err
		}
		return tx.Audit(ctx, actor, verb, "session "+session, nil, what)
	})
}

// Papers is the papers of a session for a reader.
type Papers struct {
	Meeting *meetings.Meeting // its documents and agenda are those that the reader may see
	Matrix  meetings.Matrix
	Files   []store.PaperFile
	Now     time.Time
}

// SessionPapers returns the papers of a session that a clearance reaches, and how they stand by language. Of a confidential
// session only that clearance sees any.
func (a *Acts) SessionPapers(ctx context.Context, session, clearance string) (p Papers, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		pl, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		p, err = papersFor(ctx, tx, pl, session, clearance)
		return err
	})
	return p, err
}

func papersFor(ctx context.Context, tx *store.Tx, pl *planning, session, clearance string) (p Papers, err error) {
	m, err := pl.meeting(session)
	if err != nil {
		return p, err
	}
	p.Now = tx.Now
	if p.Meeting, err = seenBy(m, clearance); err != nil {
		return p, err
	}
	if p.Matrix, err = p.Meeting.Matrix(tx.Now); err != nil {
		return p, err
	}
	files, err := tx.PaperFiles(ctx, pl.facts[session].ID)
	for _, f := range files {
		if slices.ContainsFunc(p.Meeting.Session.Documents, func(d programme.Document) bool { return d.Ref == f.Paper }) {
			p.Files = append(p.Files, f)
		}
	}
	return p, err
}

// seenBy leaves out of a session what a clearance does not reach, so that nothing hints that anything was left out.
func seenBy(m *meetings.Meeting, clearance string) (*meetings.Meeting, error) {
	if !meetings.MaySee(clearance, m.Session.Confidentiality) {
		return nil, refuse("it is read at the secretariat", "papers of session %s are above the clearance %q", m.Session.Ref, clearance)
	}
	seen := *m
	seen.Session.Documents, seen.Session.Agenda = nil, slices.Clone(m.Session.Agenda)
	hidden := map[string]bool{}
	for _, d := range m.Session.Documents {
		if meetings.MaySee(clearance, meetings.PaperLevel(d.Distribution)) {
			seen.Session.Documents = append(seen.Session.Documents, d)
		} else {
			hidden[d.Ref] = true
		}
	}
	for i, item := range seen.Session.Agenda {
		seen.Session.Agenda[i].Documents = slices.DeleteFunc(slices.Clone(item.Documents), func(ref string) bool { return hidden[ref] })
	}
	return &seen, nil
}
