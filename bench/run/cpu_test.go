package run

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"secretariat/store"
)

func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// server is the PostgreSQL server of the tests, by the process that starts all others. Nothing else may use it meanwhile.
type server struct{ postmaster int }

func postgres(b *testing.B, s *store.Store) server {
	b.Helper()
	var backend int
	err := s.InTx(b.Context(), func(tx *store.Tx) error {
		return tx.GetContext(b.Context(), &backend, `select pg_backend_pid()`)
	})
	if err != nil {
		b.Fatal(err)
	}
	p := statOf(backend)
	if p.parent <= 1 {
		b.Fatalf("process %d of PostgreSQL has no parent: this benchmark reads /proc of Linux", backend)
	}
	return server{p.parent}
}

// cpu is the CPU time of the server: of the processes that run, and of those that have ended.
func (s server) cpu() time.Duration {
	own := statOf(s.postmaster)
	ticks := own.own + own.ended
	files, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, f := range files {
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(f)))
		if p := statOf(pid); p.parent == s.postmaster {
			ticks += p.own
		}
	}
	return time.Duration(ticks) * (time.Second / 100) // the kernel counts hundredths for everybody (USER_HZ)
}

// stat is what /proc/PID/stat says: parent, own ticks, and those of children that have ended (proc(5), fields 4 and 14 to 17).
type stat struct{ parent, own, ended int }

func statOf(pid int) (s stat) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return s // it has ended meanwhile
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	f := strings.Fields(rest)
	if len(f) < 15 {
		return s
	}
	n := func(i int) int { v, _ := strconv.Atoi(f[i]); return v }
	return stat{parent: n(1), own: n(11) + n(12), ended: n(13) + n(14)}
}

// cost is the CPU time of this process and of the server.
type cost struct{ program, database time.Duration }

func (c *cost) add(s server, fn func()) {
	own, theirs := ownCPU(), s.cpu()
	fn()
	c.program += ownCPU() - own
	c.database += s.cpu() - theirs
}
