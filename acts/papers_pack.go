package acts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/reports"
	"secretariat/reports/pdf"
	"secretariat/store"
)

// Pack is the papers of a session in one file.
type Pack struct {
	File   []byte
	Pages  int
	SHA256 string
	Papers []reports.PackPaper
}

// PackPapers binds the papers of a session in one PDF file for a language and a clearance: cover, agenda, contents and
// manifest, then each paper behind a divider. A paper that cannot be enclosed has a divider that says why. The same papers
// give the same bytes.
func (a *Acts) PackPapers(ctx context.Context, session, language, clearance string) (made Pack, err error) {
	var bound reports.Pack
	files := map[string][]byte{}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		bound, err = loadPack(ctx, tx, session, language, clearance)
		if err != nil {
			return err
		}
		for _, paper := range bound.Papers {
			if paper.SHA256 == "" || paper.Why != "" {
				continue
			}
			if files[paper.SHA256], _, err = tx.Artefact(ctx, paper.SHA256); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return made, err
	}
	if made, err = bind(bound, files); err != nil {
		return made, fmt.Errorf("pack of session %s: %w", session, err)
	}
	return made, nil
}

func loadPack(ctx context.Context, tx *store.Tx, session, language, clearance string) (pack reports.Pack, err error) {
	pl, err := loadPlanning(ctx, tx)
	if err != nil {
		return pack, err
	}
	p, err := papersFor(ctx, tx, pl, session, clearance)
	if err != nil {
		return pack, err
	}
	m := p.Meeting
	if language == "" {
		language = m.Council.WorkingLanguages[0]
	}
	pack = reports.Pack{Language: language, Languages: append(slices.Clone(m.Council.WorkingLanguages), pl.info.Languages...), Programme: pl.info.Title, Council: m.Council.Name,
		Zone: m.Zone(), Session: m.Session, Names: map[string]string{}}
	if clearance != "public" {
		pack.Mark = "mark.limited"
	}
	for _, item := range m.Session.Agenda {
		pack.Names[item.Presenter] = pl.people[item.Presenter].Name
	}
	if pack.Actions, err = takenUp(ctx, tx, pl, m, clearance); err != nil {
		return pack, err
	}
	for _, action := range pack.Actions {
		pack.Names[action.Owner] = pl.people[action.Owner].Name
	}
	delete(pack.Names, "")
	for _, d := range m.Session.Documents {
		pack.Papers = append(pack.Papers, enclosed(d, p.Files, append([]string{language}, pack.Languages...)))
	}
	return pack, nil
}

// takenUp returns the open action items that the agenda takes up and the clearance reaches: their level is their session's.
func takenUp(ctx context.Context, tx *store.Tx, pl *planning, m *meetings.Meeting, clearance string) (list []programme.ActionItem, err error) {
	rows, err := tx.AgendaItems(ctx, pl.facts[m.Session.Ref].ID)
	if err != nil {
		return nil, err
	}
	for _, c := range pl.councils {
		for _, s := range c.Sessions {
			for _, a := range s.ActionItems {
				onAgenda := slices.ContainsFunc(rows, func(r store.AgendaRow) bool { return slices.Contains([]string(r.Actions), a.Ref) })
				if onAgenda && a.DoneOn.IsZero() && meetings.MaySee(clearance, s.Confidentiality) {
					list = append(list, a)
				}
			}
		}
	}
	return list, nil
}

// enclosed chooses the language in which a paper goes into a pack: the reader's where it is issued, else the first that is.
func enclosed(d programme.Document, files []store.PaperFile, languages []string) reports.PackPaper {
	paper := reports.PackPaper{Ref: d.Ref, Symbol: d.Symbol, Title: d.Title, Why: "pack.why.not-issued"}
	for _, language := range append(languages, slices.Sorted(maps.Keys(d.Languages))...) {
		if d.Languages[language].IssuedOn.IsZero() {
			continue
		}
		i := slices.IndexFunc(files, func(f store.PaperFile) bool { return f.Paper == d.Ref && f.Language == language })
		if i >= 0 {
			paper.Language, paper.Version, paper.SHA256, paper.Why = language, files[i].Version, files[i].SHA256, ""
			return paper
		}
		paper.Why = "pack.why.no-file"
	}
	return paper
}

// bind renders and joins the parts of a pack.
func bind(pack reports.Pack, files map[string][]byte) (made Pack, err error) {
	bodies := make([][]byte, len(pack.Papers))
	for i := range pack.Papers {
		paper := &pack.Papers[i]
		if paper.Why != "" {
			continue
		}
		taken, err := pdf.Take(files[paper.SHA256])
		if err != nil {
			paper.Why, paper.WhyLimit = whyNot(err)
			continue
		}
		bodies[i], paper.Pages = taken.File, taken.Pages
	}
	front, pages, err := frontOf(&pack)
	if err != nil {
		return made, err
	}
	parts := [][]byte{front}
	title := pack.Session.Title.In(append([]string{pack.Language}, pack.Languages...)...)
	marks := []pdf.Bookmark{{Title: title, Page: 1}}
	for i, paper := range pack.Papers {
		divider, n, err := pdf.Render(pack.Divider(i))
		if err != nil {
			return made, err
		}
		parts = append(parts, divider)
		pages += n
		marks = append(marks, pdf.Bookmark{Title: paper.Symbol + " " + paper.Title.In(append([]string{pack.Language}, pack.Languages...)...), Page: paper.Divider})
		if bodies[i] != nil {
			parts = append(parts, bodies[i])
			pages += paper.Pages
		}
	}
	if made.File, err = pdf.Merge(parts, marks); err != nil {
		return made, err
	}
	sum := sha256.Sum256(made.File)
	made.Pages, made.SHA256, made.Papers = pages, hex.EncodeToString(sum[:]), pack.Papers
	return made, nil
}

// frontOf renders the front with the right page of each divider. Its own length may change with the numbers, so it is set
// until it does not.
func frontOf(pack *reports.Pack) (front []byte, pages int, err error) {
	for guess := 1; guess < 20; guess = pages {
		page := guess + 1
		for i := range pack.Papers {
			pack.Papers[i].Divider = page
			_, n, err := pdf.Render(pack.Divider(i))
			if err != nil {
				return nil, 0, err
			}
			page += n + pack.Papers[i].Pages
		}
		if front, pages, err = pdf.Render(pack.Front()); err != nil || pages == guess {
			return front, pages, err
		}
	}
	return nil, 0, errors.New("the contents do not settle")
}

// whyNot is the reason on the divider of a paper that cannot be enclosed.
func whyNot(err error) (why string, limit int) {
	switch {
	case errors.Is(err, pdf.ErrEncrypted):
		return "pack.why.encrypted", 0
	case errors.Is(err, pdf.ErrTooMany):
		return "pack.why.pages", pdf.PackFilePages
	case errors.Is(err, pdf.ErrTooLarge):
		return "pack.why.size", 0
	case errors.Is(err, pdf.ErrTooSlow):
		return "pack.why.time", 0
	}
	return "pack.why.unreadable", 0
}
