//go:build unix

package private

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// folder is a data folder that the server's user can reach, unlike t.TempDir when the tests run as root.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "private")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func begin(t *testing.T, dir string) *Cluster {
	t.Helper()
	c, err := Start(t.Context(), dir, Options{Throw: true})
	var missing *Error
	if errors.As(err, &missing) && os.Getenv("CI") != "true" && strings.Contains(err.Error(), "no PostgreSQL was found") {
		t.Skipf("needs PostgreSQL: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func end(t *testing.T, c *Cluster) {
	t.Helper()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func running(c *Cluster) bool {
	p, err := readPidFile(c.data())
	return err == nil && isPostgres(p.pid)
}

// The life of one data folder, step by step: making it takes a second.
func TestCluster(t *testing.T) {
	dir := folder(t)
	if err := os.MkdirAll(filepath.Join(dir, "data.new", "left by a killed initdb"), 0o700); err != nil {
		t.Fatal(err)
	}
	first := begin(t, dir)
	if !first.Created || first.Adopted {
		t.Errorf("first start: created %v, adopted %v", first.Created, first.Adopted)
	}
	second := begin(t, dir)
	if second.Created || !second.Adopted {
		t.Errorf("second start beside the first: created %v, adopted %v", second.Created, second.Adopted)
	}
	end(t, first)
	if !running(second) {
		t.Error("the first user to leave stopped the server under the second")
	}
	end(t, second)
	if running(second) {
		t.Error("the last user to leave did not stop the server")
	}

	t.Run("adopts what a killed process left", func(t *testing.T) {
		holder := hold(t, dir)
		if err := holder.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		holder.Wait()
		c := begin(t, dir)
		if !c.Adopted {
			t.Error("the server of the killed process was not adopted")
		}
		end(t, c)
		if running(c) {
			t.Error("the adopted server was not stopped by its last user")
		}
	})
	t.Run("starts again after the server itself was killed", func(t *testing.T) {
		for range 3 {
			c := begin(t, dir)
			p, err := readPidFile(c.data())
			if err != nil {
				t.Fatal(err)
			}
			if err := syscall.Kill(p.pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			c.use.Close()
			end(t, begin(t, dir))
		}
	})
	t.Run("a pid file of another program", func(t *testing.T) {
		pid := filepath.Join(dir, "data", "postmaster.pid")
		if err := os.WriteFile(pid, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		end(t, begin(t, dir))
	})
	t.Run("several at once", func(t *testing.T) {
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				c, err := Start(context.Background(), dir, Options{Throw: true})
				if err != nil {
					t.Error(err)
					return
				}
				if err := c.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	})
	t.Run("another major version changes nothing", func(t *testing.T) {
		before := listing(t, dir)
		_, err := Start(t.Context(), dir, Options{Bin: fake(t, "14.2")})
		var lack *Error
		if !errors.As(err, &lack) || !strings.Contains(err.Error(), "nothing was changed") || !strings.Contains(err.Error(), "14.2") || lack.Hint() == "" {
			t.Errorf("got %v, want a refusal that names both versions", err)
		}
		if after := listing(t, dir); after != before {
			t.Errorf("folder changed from\n%s\nto\n%s", before, after)
		}
	})
}

// hold starts another process that uses the server until it is killed.
func hold(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestHolder$")
	cmd.Env = append(os.Environ(), "HOLD_CLUSTER="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if lines.Text() == "ready" {
			return cmd
		}
	}
	t.Fatal("the other process did not get ready")
	return nil
}

// TestHolder is the process of hold; run as a test it has nothing to do.
func TestHolder(t *testing.T) {
	dir := os.Getenv("HOLD_CLUSTER")
	if dir == "" {
		return
	}
	begin(t, dir)
	os.Stdout.WriteString("ready\n")
	select {}
}

func listing(t *testing.T, dir string) string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(filepath.Join(dir, "data"), func(path string, d os.DirEntry, err error) error {
		names = append(names, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, "\n")
}

// fake is a folder with programs that say they are PostgreSQL of a version.
func fake(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"postgres", "initdb"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\necho 'postgres (PostgreSQL) "+version+"'\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestStartRefuses(t *testing.T) {
	shut := filepath.Join(folder(t), "shut")
	if err := os.Mkdir(shut, 0o700); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, dir, bin, want string
		rootOnly             bool
	}{
		{"nothing installed there", folder(t), t.TempDir(), "no PostgreSQL was found", false},
		{"too old", folder(t), fake(t, "14.9"), "PostgreSQL 15 or newer is needed, and only 14.9", false},
		{"a parent that keeps the server's user out", filepath.Join(shut, "dir"), fake(t, "15.1"), "folder " + shut, true},
	}
	for _, tt := range tests {
		if tt.rootOnly && os.Geteuid() != 0 {
			continue
		}
		_, err := Start(t.Context(), tt.dir, Options{Bin: tt.bin})
		var lack *Error
		if !errors.As(err, &lack) || !strings.Contains(err.Error(), tt.want) || lack.Hint() == "" {
			t.Errorf("%s: got %v, want %q with a hint", tt.name, err, tt.want)
		}
		if _, err := os.Stat(filepath.Join(tt.dir, "data")); err == nil {
			t.Errorf("%s: a refused start left files", tt.name)
		}
	}
}

func TestLongSocketPath(t *testing.T) {
	c := &Cluster{Dir: "/var/lib/" + strings.Repeat("long/", 20)}
	if got := c.socketFolder(); len(got) > longestSocket-len("/.s.PGSQL."+port) || strings.HasPrefix(got, c.Dir) {
		t.Errorf("socket folder %s is too long", got)
	}
	c.Dir = "/var/lib/secretariat"
	if got := c.socketFolder(); got != "/var/lib/secretariat/run" {
		t.Errorf("socket folder %s, want it in the data folder", got)
	}
}

func TestSocketFolderOfAnother(t *testing.T) {
	dir := filepath.Join(folder(t), "run")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	var lack *Error
	if err := (runner{}).own(dir); !errors.As(err, &lack) {
		t.Errorf("a folder open to all was taken: %v", err)
	}
	link := filepath.Join(filepath.Dir(dir), "link")
	if err := os.Symlink("/", link); err != nil {
		t.Fatal(err)
	}
	if err := (runner{}).own(link); !errors.As(err, &lack) {
		t.Errorf("a symbolic link was taken: %v", err)
	}
}

func TestPostgresStat(t *testing.T) {
	tests := []struct {
		name, stat string
		want       bool
	}{
		{"living", "4711 (postgres) S 1 2 3", true},
		{"zombie", "4711 (postgres) Z 1 2 3", false},
		{"another program", "4711 (sleep) S 1 2 3", false},
		{"brackets in the name", "4711 (a) S (postgres)) R 1", true},
		{"cut short", "4711 (postgres)", false},
		{"empty", "", false},
	}
	for _, tt := range tests {
		if got := postgresStat(tt.stat); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestChooseNewestThatFits(t *testing.T) {
	found := []Install{{Bin: "/a", Major: 14, Version: "14.1"}, {Bin: "/b", Major: 16, Version: "16.1"}, {Bin: "/c", Major: 15, Version: "15.1"}}
	tests := []struct {
		name, want string
		made       int
	}{
		{"a new folder takes the first that is new enough", "/b", 0},
		{"a folder keeps its version", "/c", 15},
		{"also an old one", "/a", 14},
	}
	for _, tt := range tests {
		if got, err := choose(found, nil, tt.made, "data"); err != nil || got.Bin != tt.want {
			t.Errorf("%s: %s, %v; want %s", tt.name, got.Bin, err, tt.want)
		}
	}
}

// Programs that are there and do not run are not taken for programs that are missing.
func TestDiscoverSaysWhatIsWrong(t *testing.T) {
	broken, empty := t.TempDir(), t.TempDir()
	for _, program := range []string{"postgres", "initdb"} {
		if err := os.WriteFile(filepath.Join(broken, program), []byte("#!/bin/sh\nexit 3\n"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, row := range []struct{ why, folder, want string }{
		{"no programs", empty, "looked in " + empty + ")"},
		{"they fail", broken, "looked in " + broken + "/postgres --version: exit status 3)"},
	} {
		found, tried := discover(t.Context(), row.folder)
		if _, err := choose(found, tried, 0, "data"); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.why, err, row.want)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := inspect(ended, broken); !errors.Is(err, context.Canceled) {
		t.Errorf("no time to answer: %v", err)
	}
}
