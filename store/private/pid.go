//go:build unix

package private

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// pidFile is what postmaster.pid says: line 1 the process, line 8 its state.
type pidFile struct {
	pid   int
	ready bool
}

func readPidFile(data string) (pidFile, error) {
	b, err := os.ReadFile(filepath.Join(data, "postmaster.pid"))
	if err != nil {
		return pidFile{}, err
	}
	lines := strings.Split(string(b), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 1 {
		return pidFile{}, fmt.Errorf("read %s/postmaster.pid: no process number in %q", data, lines[0])
	}
	return pidFile{pid, len(lines) > 7 && strings.TrimSpace(lines[7]) == "ready"}, nil
}

// clearStale removes a pid file whose process is no living PostgreSQL: a zombie that nobody has reaped, or another program
// that got the number since. PostgreSQL itself refuses to start then. It runs under the gate, when no server answers.
func clearStale(data string) error {
	p, err := readPidFile(data)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil && isPostgres(p.pid) {
		return nil
	}
	if err := os.Remove(filepath.Join(data, "postmaster.pid")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove stale pid file: %w", err)
	}
	return nil
}

// isPostgres reports whether a process lives and is a PostgreSQL.
func isPostgres(pid int) bool {
	if runtime.GOOS == "linux" { // a minimal system has no ps
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err == nil {
			return postgresStat(string(b))
		}
		return false
	}
	out, err := exec.Command("ps", "-o", "stat=,comm=", "-p", strconv.Itoa(pid)).Output()
	if err != nil {
		return false
	}
	f := strings.Fields(string(out))
	return len(f) >= 2 && !strings.HasPrefix(f[0], "Z") && strings.Contains(f[1], "postgres")
}

// postgresStat reads "4711 (postgres) S …" as /proc has it. The name may hold spaces and brackets.
func postgresStat(stat string) bool {
	open, shut := strings.IndexByte(stat, '('), strings.LastIndexByte(stat, ')')
	if open < 0 || shut < open || len(stat) < shut+3 {
		return false
	}
	state := stat[shut+2]
	return strings.Contains(stat[open:shut], "postgres") && state != 'Z' && state != 'X'
}
