package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/locale"
	"secretariat/programme"
)

// papersCommand keeps the papers of sessions.
func (a *app) papersCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "papers", Short: "Papers of sessions: files, versions, languages, and the pack"}
	cmd.AddCommand(a.papersList(), a.papersAdd(), a.papersIssue(), a.papersMatrix(), a.papersPack())
	return cmd
}

var clearances = []string{"public", "limited", "confidential"}

func checkClearance(clearance string) error {
	if slices.Contains(clearances, clearance) {
		return nil
	}
	return badUse("one of "+strings.Join(clearances, ", "), "--clearance: %q is not known", clearance)
}

// withPapers runs a command on the papers of a session that a clearance reaches.
func (a *app) withPapers(cmd *cobra.Command, session, clearance string, do func(acts.Papers) error) error {
	if session == "" {
		return badUse("see secretariat sessions list", "give --session REF")
	}
	if err := checkClearance(clearance); err != nil {
		return err
	}
	return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
		p, err := h.acts.SessionPapers(ctx, session, clearance)
		if err != nil {
			return a.unknownSession(cmd, h, session, err)
		}
		return do(p)
	})
}

func (a *app) papersList() *cobra.Command {
	var session, clearance string
	cmd := &cobra.Command{Use: "list --session REF", Short: "List the papers of a session with their files", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return a.withPapers(cmd, session, clearance, a.showPapers)
	}}
	cmd.Flags().StringVar(&session, "session", "", "session")
	cmd.Flags().StringVar(&clearance, "clearance", "confidential", "whose papers are shown: public, limited or confidential")
	return cmd
}

// shownPaper is a paper with its files in JSON.
type shownPaper struct {
	Ref          string           `json:"ref"`
	Symbol       string           `json:"symbol"`
	Title        programme.Text   `json:"title"`
	Distribution string           `json:"distribution"`
	Issued       []string         `json:"issued"`
	Files        []shownPaperFile `json:"files"`
}

type shownPaperFile struct {
	Language    string `json:"language"`
	Version     int    `json:"version"`
	Name        string `json:"name"`
	Bytes       int64  `json:"bytes"`
	SHA256      string `json:"sha256"`
	SubmittedAt string `json:"submitted_at"`
	SubmittedBy string `json:"submitted_by"`
}

func (a *app) showPapers(p acts.Papers) error {
	shown := []shownPaper{}
	for _, row := range p.Matrix.Rows {
		one := shownPaper{row.Ref, row.Symbol, row.Title, row.Distribution, []string{}, []shownPaperFile{}}
		for _, c := range row.Cells {
			if !c.IssuedOn.IsZero() {
				one.Issued = append(one.Issued, c.Language)
			}
		}
		for _, f := range p.Files {
			if f.Paper == row.Ref {
				one.Files = append(one.Files, shownPaperFile{f.Language, f.Version, f.Name, f.Bytes, f.SHA256, f.SubmittedAt.In(p.Meeting.Zone()).Format(time.RFC3339), f.SubmittedBy})
			}
		}
		shown = append(shown, one)
	}
	return a.emit(map[string]any{"papers": shown}, func() error {
		w := a.table("PAPER", "SYMBOL", "FOR", "TITLE OR FILE", "ISSUED IN")
		for _, s := range shown {
			w.row(s.Ref, s.Symbol, s.Distribution, s.Title.In("en", "ru", "uz", "fr", "es", "ar", "zh"), strings.Join(s.Issued, " "))
			for _, f := range s.Files {
				w.row("", "", "", fmt.Sprintf("  %s version %d: %s, %d bytes, sha256 %s", f.Language, f.Version, f.Name, f.Bytes, f.SHA256))
			}
		}
		return w.Flush()
	})
}

func (a *app) papersAdd() *cobra.Command {
	n := acts.NewPaper{Actor: actor()}
	var titles []string
	var path string
	cmd := &cobra.Command{Use: "add --session REF --ref REF --language LANG [--file FILE]", Short: "Record a paper, or a new version of its file in a language", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if n.Session == "" || n.Ref == "" || n.Language == "" {
				return badUse("see secretariat papers add --help", "papers add needs --session, --ref and --language")
			}
			if path != "" {
				b, err := os.ReadFile(path)
				if err != nil {
					return badUse("name a file that is there and that you may read", "--file: read %s: %w", path, reason(err))
				}
				n.Name, n.File = path, b
				if n.File == nil {
					n.File = []byte{}
				}
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) (err error) {
				if n.Title, err = a.localText(ctx, h, "--title", titles); err != nil {
					return err
				}
				version, err := h.acts.AddPaper(ctx, n)
				if err != nil {
					return a.unknownSession(cmd, h, n.Session, err)
				}
				return a.emit(map[string]any{"session": n.Session, "paper": n.Ref, "language": n.Language, "version": version}, func() error {
					a.say("paper %s in %s: version %d", n.Ref, n.Language, version)
					return nil
				})
			})
		}}
	f := cmd.Flags()
	f.StringVar(&n.Session, "session", "", "session")
	f.StringVar(&n.Ref, "ref", "", "ref of the paper")
	f.StringVar(&n.Symbol, "symbol", "", "symbol, e.g. REC/6/1")
	f.StringArrayVar(&titles, "title", nil, `title; "ru=Название" for one language (may be repeated)`)
	f.StringVar(&n.Distribution, "distribution", "", "general, limited or restricted")
	f.StringVar(&n.Item, "item", "", "agenda item that it belongs to")
	f.StringVar(&n.Language, "language", "", "language of the file: en fr es ru uz ar zh")
	f.StringVar(&path, "file", "", "the file; without it the language is recorded as owed")
	return cmd
}

func (a *app) papersIssue() *cobra.Command {
	var session, paper, language string
	cmd := &cobra.Command{Use: "issue --session REF --ref REF --language LANG", Short: "Record that a paper is there for its readers from today on", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if session == "" || paper == "" || language == "" {
				return badUse("see secretariat papers issue --help", "papers issue needs --session, --ref and --language")
			}
			return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
				if err := h.acts.IssuePaper(ctx, session, paper, language, actor()); err != nil {
					return a.unknownSession(cmd, h, session, err)
				}
				return a.emit(map[string]any{"session": session, "paper": paper, "language": language}, func() error {
					a.say("paper %s is issued in %s", paper, language)
					return nil
				})
			})
		}}
	f := cmd.Flags()
	f.StringVar(&session, "session", "", "session")
	f.StringVar(&paper, "ref", "", "ref of the paper")
	f.StringVar(&language, "language", "", "language in which it is there")
	return cmd
}

func (a *app) papersMatrix() *cobra.Command {
	var session, clearance string
	cmd := &cobra.Command{Use: "matrix --session REF", Short: "Show which paper is there in which language, against its deadline", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		return a.withPapers(cmd, session, clearance, a.showMatrix)
	}}
	cmd.Flags().StringVar(&session, "session", "", "session")
	cmd.Flags().StringVar(&clearance, "clearance", "confidential", "whose papers are shown: public, limited or confidential")
	return cmd
}

func (a *app) showMatrix(p acts.Papers) error {
	type paper struct {
		Ref       string            `json:"ref"`
		Symbol    string            `json:"symbol"`
		Languages map[string]string `json:"languages"`
		Flagged   bool              `json:"flagged"`
	}
	x, zone := p.Matrix, p.Meeting.Zone()
	document := map[string]any{"languages": append([]string{}, x.Languages...), "deadline_at": nil, "flag_at": x.FlagAt.In(zone).Format(time.RFC3339)}
	if !x.Deadline.IsZero() {
		document["deadline_at"] = x.Deadline.In(zone).Format(time.RFC3339)
	}
	shown := []paper{}
	for _, row := range x.Rows {
		one := paper{row.Ref, row.Symbol, map[string]string{}, row.Flagged}
		for _, c := range row.Cells {
			one.Languages[c.Language] = c.State
		}
		shown = append(shown, one)
	}
	document["papers"] = shown
	return a.emit(document, func() error {
		for _, row := range x.Rows {
			var cells []string
			for _, c := range row.Cells {
				cells = append(cells, c.Language+" "+c.State)
			}
			flag := " "
			if row.Flagged {
				flag = "!"
			}
			a.say("%s %-10s %s", flag, row.Symbol, strings.Join(cells, ", "))
		}
		if !x.Deadline.IsZero() {
			a.say("due in all languages by %s", x.Deadline.In(zone).Format("2006-01-02 15:04 MST"))
		}
		return nil
	})
}

func (a *app) papersPack() *cobra.Command {
	var session, clearance, language, output string
	cmd := &cobra.Command{Use: "pack --session REF [-o FILE|-]", Short: "Bind the papers of a session in one PDF file", Args: cobra.NoArgs, RunE: func(cmd *cobra.Command, _ []string) error {
		if session == "" {
			return badUse("see secretariat sessions list", "give --session REF")
		}
		if err := checkClearance(clearance); err != nil {
			return err
		}
		if language != "" && !slices.Contains(locale.Languages, language) {
			return badUse("one of "+strings.Join(locale.Languages, ", "), "--lang: no pack is made in %q", language)
		}
		return a.withHouse(cmd.Context(), needDatabase, func(ctx context.Context, h *house) error {
			made, err := h.acts.PackPapers(ctx, session, language, clearance)
			if err != nil {
				return a.unknownSession(cmd, h, session, err)
			}
			if output == "" {
				output = fmt.Sprintf("%s-pack-%s.pdf", session, clearance)
			}
			return a.writePack(output, made)
		})
	}}
	f := cmd.Flags()
	f.StringVar(&session, "session", "", "session")
	f.StringVar(&clearance, "clearance", "public", "whose pack it is: public, limited or confidential")
	f.StringVar(&language, "lang", "", "language (default: the council's first)")
	f.StringVarP(&output, "output", "o", "", `file, or "-" for standard output`)
	return cmd
}

func (a *app) writePack(output string, made acts.Pack) error {
	if output == "-" {
		if _, err := bytes.NewReader(made.File).WriteTo(a.out); err != nil {
			return err
		}
		fmt.Fprintf(a.err, "%d pages, %d bytes, sha256 %s\n", made.Pages, len(made.File), made.SHA256)
		return nil
	}
	if err := writeFile(output, made.File); err != nil {
		return err
	}
	type paper struct {
		Symbol   string `json:"symbol"`
		Language string `json:"language"`
		Version  int    `json:"version"`
		Page     int    `json:"page"`
		Pages    int    `json:"pages"`
		SHA256   string `json:"sha256"`
		Why      string `json:"why"`
	}
	shown := []paper{}
	for _, p := range made.Papers {
		shown = append(shown, paper{p.Symbol, p.Language, p.Version, p.Divider, p.Pages, p.SHA256, strings.TrimPrefix(p.Why, "pack.why.")})
	}
	return a.emit(map[string]any{"file": output, "pages": made.Pages, "bytes": len(made.File), "sha256": made.SHA256, "papers": shown}, func() error {
		a.say("%s: %d pages, %d bytes, sha256 %s", output, made.Pages, len(made.File), made.SHA256)
		for _, p := range shown {
			if p.Why != "" {
				a.say("  %s is not enclosed: %s", p.Symbol, p.Why)
			}
		}
		return nil
	})
}
