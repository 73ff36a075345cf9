package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"

	"secretariat/acts"
)

// summary is what demo --once leaves in summary.json.
type summary struct {
	Clock struct {
		From time.Time `json:"from"`
		To   time.Time `json:"to"`
	} `json:"clock"`
	Occurrences []summaryOccurrence `json:"occurrences"`
	Reports     []summaryReport     `json:"reports"`
	Messages    summaryMessages     `json:"messages"`
	Database    string              `json:"database"`
	Seconds     float64             `json:"seconds"`
}

type summaryOccurrence struct {
	Schedule string    `json:"schedule"`
	FireAt   time.Time `json:"fire_at"`
	Decision string    `json:"decision"`
}

type summaryReport struct {
	Report    string `json:"report"`
	Lang      string `json:"lang"`
	Clearance string `json:"clearance"`
	Pages     int    `json:"pages"`
	Bytes     int    `json:"bytes"`
	SHA256    string `json:"sha256"`
	File      string `json:"file"` // relative to the folder
}

type summaryMessages struct {
	Total   int            `json:"total"` // letters in the Maildir
	ByKind  map[string]int `json:"by_kind"`
	ByState map[string]int `json:"by_state"` // of all deliveries, planned ones too
}

// writeDemo writes the PDFs and summary.json, and says where they are.
func (a *app) writeDemo(ctx context.Context, h *house, dir string, from, to, began time.Time) error {
	s := summary{Database: h.kind(), Occurrences: []summaryOccurrence{}, Reports: []summaryReport{},
		Messages: summaryMessages{ByKind: map[string]int{}, ByState: map[string]int{}}}
	s.Clock.From, s.Clock.To = from, to
	fires, err := h.acts.Occurrences(ctx, "", 1000)
	if err != nil {
		return err
	}
	for i := len(fires) - 1; i >= 0; i-- {
		s.Occurrences = append(s.Occurrences, summaryOccurrence{fires[i].Schedule, fires[i].FireAt.In(to.Location()), fires[i].Decision})
	}
	if s.Reports, err = writeReports(ctx, h, filepath.Join(dir, "reports")); err != nil {
		return err
	}
	letters, err := h.acts.Deliveries(ctx, acts.Outbox{})
	if err != nil {
		return err
	}
	for _, d := range letters {
		s.Messages.ByState[d.State]++
		if d.State == "sent" {
			s.Messages.Total++
			s.Messages.ByKind[d.Kind]++
		}
	}
	s.Seconds = float64(time.Since(began).Milliseconds()) / 1000
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "summary.json"), append(b, '\n'), 0o644); err != nil {
		return err
	}
	a.say("%d letters in %s, %d PDFs in %s, %.1f s", s.Messages.Total, filepath.Join(dir, "mail"), len(s.Reports), filepath.Join(dir, "reports"), s.Seconds)
	return nil
}

// writeReports writes every PDF of the archive into a folder.
func writeReports(ctx context.Context, h *house, dir string) ([]summaryReport, error) {
	files, err := h.acts.Archive(ctx, 100)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	written := make([]summaryReport, 0, len(files))
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.File), f.PDF, 0o644); err != nil {
			return nil, err
		}
		lang, rest, _ := strings.Cut(f.Variant, "-")
		clearance, _, _ := strings.Cut(rest, "-")
		written = append(written, summaryReport{f.Report, lang, clearance, f.Pages, len(f.PDF), f.SHA256, filepath.Join("reports", f.File)})
	}
	return written, nil
}
