package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// floors are the folders of the house from top to bottom, with what only they may import. An import only goes down:
// to a folder further below in this list. Folders that stand in one row may not know each other.
var floors = [][]string{
	{"cmd/secretariat"},
	{"scheduler", "web"},
	{"acts"},
	{"reports", "letters"},
	{"reports/html", "reports/pdf", "reports/sheet"},
	{"reports/prose", "reports/typeset"},
	{"reports/document", "meetings"},
	{"store/storetest"},
	{"store"},
	{"store/private", "programme/file", "locale"},
	{"mail/mailtest"},
	{"programme", "calendar", "mail", "templates", "migrations", "examples"},
}

// neverKnows are imports that go down and are forbidden all the same: a package must not know what its charter leaves
// to others.
var neverKnows = map[string][]string{
	"reports":          {"store", "mail", "migrations", "meetings"},
	"letters":          {"store", "mail", "migrations", "meetings"},
	"reports/html":     {"store", "mail", "programme/file"},
	"reports/pdf":      {"store", "mail", "locale", "programme"},
	"reports/sheet":    {"store", "mail", "locale"},
	"reports/typeset":  {"store", "mail", "locale", "programme", "calendar"},
	"reports/prose":    {"store", "mail", "locale", "programme"},
	"reports/document": {"store", "mail", "locale", "programme", "calendar", "templates"},
	"meetings":         {"store", "mail", "templates", "locale"},
	"store":            {"mail", "locale", "templates", "programme/file"},
	"programme/file":   {"store/private", "mail", "migrations", "templates"},
	"locale":           {"calendar", "mail", "migrations"},
}

// importers names the packages that may import a third-party module (of golang.org/x/text: a package). Where there is
// more than one, the reason stands beside it.
var importers = map[string][]string{
	"github.com/emersion/go-ical":         {"calendar"},
	"github.com/emersion/go-imap/v2":      {"mail"},
	"github.com/emersion/go-message":      {"mail"},
	"github.com/emersion/go-msgauth":      {"mail"},
	"github.com/emersion/go-sasl":         {"mail"},
	"github.com/emersion/go-smtp":         {"mail"},
	"github.com/goccy/go-yaml":            {"programme/file", "reports", "cmd/secretariat"}, // each reads files of its own: programme, front matter, options
	"github.com/jmoiron/sqlx":             {"store"},
	"github.com/jung-kurt/gofpdf":         {"reports/pdf"},
	"github.com/lib/pq":                   {"store", "store/storetest"}, // storetest makes and drops whole databases
	"github.com/nicksnyder/go-i18n/v2":    {"locale"},
	"github.com/pdfcpu/pdfcpu":            {"reports/pdf"},
	"github.com/pdfcpu/pdfcpu/pkg/api":    {}, // nobody: what it brings along doubles the time in which the program starts
	"github.com/pressly/goose/v3":         {"migrations"},
	"github.com/prometheus/client_golang": {"web"},
	"github.com/rivo/uniseg":              {"reports/typeset"},
	"github.com/riverqueue/river":         {"scheduler"},
	"github.com/robfig/cron/v3":           {"calendar"},
	"github.com/smallstep/pkcs7":          {"mail"},
	"github.com/spf13/cobra":              {"cmd/secretariat"},
	"github.com/spf13/pflag":              {"cmd/secretariat"}, // cobra's flags
	"github.com/xuri/excelize/v2":         {"reports/sheet"},
	"github.com/yuin/goldmark":            {"reports/prose"},
	"golang.org/x/image":                  {"reports/typeset"},
	"golang.org/x/text/unicode/bidi":      {"reports/typeset"},
	"golang.org/x/text/unicode/norm":      {"reports/typeset"},
	"golang.org/x/text/language":          {"locale"},
	"golang.org/x/text/feature/plural":    {"locale"},
	"golang.org/x/text/number":            {"locale"},
	"golang.org/x/text/message":           {"locale"},
}

// testSupport are packages that only tests import.
var testSupport = []string{"store/storetest", "mail/mailtest"}

type listed struct {
	ImportPath string
	Standard   bool
	Imports    []string
}

// TestHouse holds the folders to their floors and each third-party module to its one importing package.
func TestHouse(t *testing.T) {
	for _, p := range listPackages(t) {
		from := strings.TrimPrefix(p.ImportPath, "secretariat/")
		if strings.HasPrefix(from, "bench/") {
			continue // the benchmark harness is not part of the product
		}
		level := floorOf(from)
		if level < 0 {
			t.Errorf("package %s stands on no floor: add it to the table with the sentence why it exists", from)
			continue
		}
		for _, to := range p.Imports {
			checkImport(t, from, to, level)
		}
	}
}

func checkImport(t *testing.T, from, to string, level int) {
	t.Helper()
	if own, ok := strings.CutPrefix(to, "secretariat/"); ok {
		switch {
		case floorOf(own) <= level:
			t.Errorf("%s imports %s: an import only goes down", from, own)
		case slices.Contains(testSupport, own) && !slices.Contains(testSupport, from):
			t.Errorf("%s imports %s, which is for tests only", from, own)
		case slices.Contains(neverKnows[from], own):
			t.Errorf("%s imports %s, which its charter forbids", from, own)
		}
		return
	}
	if !strings.Contains(strings.SplitN(to, "/", 2)[0], ".") {
		if to == "testing" && !slices.Contains(testSupport, from) {
			t.Errorf("%s imports testing outside tests", from)
		}
		return // the standard library
	}
	if from == "programme" {
		t.Errorf("programme imports %s: it may import the standard library only", to)
	}
	allowed, known := importersOf(to)
	if !known {
		t.Errorf("%s imports %s, which no line of the importers table names", from, to)
	} else if !slices.Contains(allowed, from) {
		t.Errorf("%s imports %s, which only %v may", from, to, allowed)
	}
}

// floorOf returns the row of a package in floors, -1 when it has none.
func floorOf(pkg string) int {
	return slices.IndexFunc(floors, func(row []string) bool { return slices.Contains(row, pkg) })
}

// importersOf finds the longest prefix of an import path in the importers table.
func importersOf(path string) ([]string, bool) {
	best := ""
	for prefix := range importers {
		if (path == prefix || strings.HasPrefix(path, prefix+"/")) && len(prefix) > len(best) {
			best = prefix
		}
	}
	return importers[best], best != ""
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Standard,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var packages []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}
