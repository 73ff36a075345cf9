package private

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// oldestMajor is the oldest major version of PostgreSQL that the program's tables work with.
const oldestMajor = 15

// Install is a set of PostgreSQL programs found on this machine.
type Install struct {
	Bin     string // folder
	Major   int
	Version string // "15.18"
	From    string // how it was found
}

// knownFolders is where distributions, Homebrew, Postgres.app and the EDB installer put the programs.
var knownFolders = []string{
	"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/lib/postgresql*/bin", "/usr/libexec/postgresql*",
	"/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin", "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
	"/opt/homebrew/opt/postgresql/bin", "/usr/local/opt/postgresql/bin",
	"/Applications/Postgres.app/Contents/Versions/*/bin", "/Library/PostgreSQL/*/bin", "/usr/local/pgsql/bin", "/opt/local/lib/postgresql*/bin",
}

var versionPattern = regexp.MustCompile(`\(PostgreSQL\) ((\d+)\S*)`)

// discover lists the usable installations: that of PATH first, then that of pg_config, then those in known folders, the
// newest first. With a folder given, only that one counts. tried names every folder looked into, and what was wrong with
// programs that are there and do not run.
func discover(ctx context.Context, folder string) (found []Install, tried []string) {
	var seen []string
	look := func(dir, from string) []Install {
		if resolved, err := filepath.EvalSymlinks(dir); err == nil {
			dir = resolved
		}
		if dir == "" || slices.Contains(seen, dir) {
			return nil
		}
		seen = append(seen, dir)
		in, err := inspect(ctx, dir)
		if err != nil && !errors.Is(err, errNoPrograms) {
			dir = err.Error()
		}
		tried = append(tried, dir)
		if err != nil {
			return nil
		}
		in.From = from
		return []Install{in}
	}
	if folder != "" {
		return look(folder, "--pg-bin"), tried
	}
	if program, err := exec.LookPath("postgres"); err == nil {
		if program, err = filepath.EvalSymlinks(program); err == nil {
			found = append(found, look(filepath.Dir(program), "PATH")...)
		}
	}
	// Debian does not put postgres on PATH, but pg_config.
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		found = append(found, look(strings.TrimSpace(string(out)), "pg_config")...)
	}
	var rest []Install
	for _, pattern := range knownFolders {
		folders, _ := filepath.Glob(pattern) // the patterns are well formed
		for _, dir := range folders {
			rest = append(rest, look(dir, "known folder")...)
		}
	}
	slices.SortStableFunc(rest, func(a, b Install) int { return b.Major - a.Major })
	return append(found, rest...), tried
}

var errNoPrograms = errors.New("the programs are not there")

// answerWithin is how long a program may take to say its version: long, for a machine that is busy answers late and is not
// without PostgreSQL.
const answerWithin = 30 * time.Second

// inspect asks the postgres program of a folder for its version. Where there is none the error is errNoPrograms.
func inspect(ctx context.Context, dir string) (Install, error) {
	for _, program := range []string{"postgres", "initdb"} {
		if info, err := os.Stat(filepath.Join(dir, program)); err != nil || info.Mode()&0o111 == 0 {
			return Install{}, fmt.Errorf("%s has no %s: %w", dir, program, errNoPrograms)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if ended := ctx.Err(); ended != nil {
		err = ended // the program was killed for it, and would only tell of a signal
	}
	if err != nil {
		return Install{}, fmt.Errorf("%s/postgres --version: %w", dir, err)
	}
	m := versionPattern.FindStringSubmatch(string(out))
	if m == nil {
		return Install{}, fmt.Errorf("%s/postgres --version says %q", dir, out)
	}
	major, err := strconv.Atoi(m[2])
	return Install{Bin: dir, Major: major, Version: m[1]}, err
}

// choose picks the installation for a data folder: that of the folder's major version or, for a new folder (made is 0),
// the first one that is new enough.
func choose(found []Install, tried []string, made int, data string) (Install, error) {
	if len(found) == 0 {
		return Install{}, lacks("no PostgreSQL was found on this machine (looked in %s)", strings.Join(tried, ", "))
	}
	for _, in := range found {
		if made == in.Major || made == 0 && in.Major >= oldestMajor {
			return in, nil
		}
	}
	var have []string
	for _, in := range found {
		have = append(have, fmt.Sprintf("%s (%s)", in.Version, in.Bin))
	}
	if made == 0 {
		return Install{}, lacks("PostgreSQL %d or newer is needed, and only %s is installed", oldestMajor, strings.Join(have, ", "))
	}
	return Install{}, &Error{
		what: fmt.Sprintf("the database in %s was made by PostgreSQL %d, and only %s is installed; nothing was changed", data, made, strings.Join(have, ", ")),
		hint: fmt.Sprintf("install PostgreSQL %d beside it, or name its programs with --pg-bin; to move to another version: secretariat db dump with the old one, secretariat db restore into a new --dir", made),
	}
}

// madeBy returns the major version that made a data folder, 0 when there is none yet.
func madeBy(data string) (int, error) {
	b, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if os.IsNotExist(err) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read version of database: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0, fmt.Errorf("read version of database: %s/PG_VERSION holds %q", data, b)
	}
	return major, nil
}
