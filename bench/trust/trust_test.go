package main

import (
	"context"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
)

// brief is a campaign short enough for every run of the tests; script/trust runs the whole of it. The seed is another each
// time, and it is told: -seed of script/trust repeats it.
func brief() size {
	return size{seed: rand.Uint64N(1_000_000), kills: 15, letters: 150, replicas: 3, backlog: 1000, sessions: 15, freezes: 2, restarts: 2, terms: 6, members: 20, disks: 2, jumps: 4, deaths: 2, days: 36, untimed: true}
}

var shared struct {
	once sync.Once
	*ground
	dir string
	err error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.ground != nil {
		shared.close()
		os.RemoveAll(shared.dir)
	}
	os.Exit(code)
}

// play runs the scenarios of a name on the ground that all tests share.
func play(t *testing.T, name string) {
	t.Helper()
	shared.once.Do(func() {
		if shared.dir, shared.err = os.MkdirTemp("", "trust-"); shared.err == nil {
			os.Chmod(shared.dir, 0o755) // PostgreSQL may run as another user
			shared.ground, shared.err = prepare(context.Background(), shared.dir)
		}
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	z := brief()
	for _, s := range scenarios {
		if s.name != name {
			continue
		}
		o := s.do(t.Context(), shared.ground, z)
		if o.Absent {
			t.Skip(o.Reached)
		}
		t.Logf("seed %d, %.1f s: %s", z.seed, o.Took.Seconds(), o.Reached)
		if !o.Kept {
			t.Errorf("broken: %s", s.promise)
		}
		return
	}
	t.Fatalf("no scenario is called %s", name)
}

func TestR1Kill9(t *testing.T)          { t.Parallel(); play(t, "kill9") }
func TestR1Kill9NoOracle(t *testing.T)  { t.Parallel(); play(t, "kill9-no-oracle") }
func TestR2Sessions(t *testing.T)       { t.Parallel(); play(t, "sessions") }
func TestR3Zombie(t *testing.T)         { t.Parallel(); play(t, "zombie") }
func TestR3MovingSession(t *testing.T)  { t.Parallel(); play(t, "moving-session") }
func TestR4ReadOnly(t *testing.T)       { t.Parallel(); play(t, "readonly") }
func TestR6BlackHoleRelay(t *testing.T) { t.Parallel(); play(t, "hole-relay") }
func TestR5TakeOver(t *testing.T)       { t.Parallel(); play(t, "takeover") }
func TestR22Soak(t *testing.T)          { t.Parallel(); play(t, "soak") }
func TestR9WrongClocks(t *testing.T)    { t.Parallel(); play(t, "wrong-clocks") }
func TestR10Backlog(t *testing.T)       { t.Parallel(); play(t, "backlog") }
func TestR11EvilRelay(t *testing.T)     { t.Parallel(); play(t, "evil-relay") }
func TestR17FullDisk(t *testing.T)      { t.Parallel(); play(t, "full-disk") }
func TestR14Sigterm(t *testing.T)       { t.Parallel(); play(t, "sigterm") }

// TestR4Restart stops a server of its own.
func TestR4Restart(t *testing.T) { t.Parallel(); play(t, "restart") }
