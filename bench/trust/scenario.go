package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"syscall"
	"time"
)

// size is how much is done to the replicas.
type size struct {
	seed      uint64
	kills     int // of kill -9; other faults are in proportion
	letters   int
	replicas  int
	backlog   int
	sessions  int // of pg_terminate_backend
	freezes   int
	restarts  int
	terms     int
	members   int  // of the council whose session is moved
	days      int  // of a long life
	migrators int  // that are killed
	deaths    int  // of the replica that decides
	jumps     int  // times that the clock of a replica is set
	disks     int  // times that the disk is full
	repeat    int  // how often the scenarios that repeat run
	untimed   bool // the tests run it: how long things took is told and not judged
	told      *told
}

// say notes how far the scenario is, before it has a field.
func (z size) say(format string, args ...any) { z.told.say(format, args...) }

// inTime judges how long something took, where that is judged.
func (z size) inTime(fast bool) bool { return z.untimed || fast }

// outcome is what a scenario came to. One that a machine cannot run is neither kept nor broken.
type outcome struct {
	Row     string // of the table of promises: R1 …
	Name    string
	Reached string // the figure
	Kept    bool
	Absent  bool // it could not be run on this machine, Reached says why
	Took    time.Duration
}

// scenario hurts the program in one way and says what came of it. An error means that it could not be carried out, or
// that the program did not come back from it.
type scenario struct {
	row, name string
	promise   string
	alone     bool                       // it measures speed: nothing may run beside it
	repeats   bool                       // it can be asked to run several times, each time with another seed
	turn      int                        // which of them it is
	limit     func(z size) time.Duration // from its beginning: later than that is broken
	run       func(ctx context.Context, g *ground, z size) (reached string, kept bool, err error)
}

// hostile is the usual relay of a campaign: good, but slow enough around the final dot that senders die there, and now and
// then it breaks the connection before or after taking a letter.
func hostile(breaks bool) func(r *rand.Rand) mood {
	return func(r *rand.Rand) mood {
		m := mood{patience: patience, decide: time.Duration(r.IntN(10_000)) * time.Microsecond, answer: time.Duration(r.IntN(10_000)) * time.Microsecond}
		if breaks {
			switch r.IntN(200) {
			case 0:
				m.fault = "drop-dot"
			case 1:
				m.fault = "drop-accepted"
			}
		}
		return m
	}
}

func killWithOracle(ctx context.Context, g *ground, z size) (string, bool, error) {
	return kill9(ctx, g, z, fieldOptions{}, z.kills, z.letters)
}

func killWithoutOracle(ctx context.Context, g *ground, z size) (string, bool, error) {
	return kill9(ctx, g, z, fieldOptions{noOracle: true}, max(z.kills/5, 10), z.letters/5)
}

// kill9 kills one of the replicas again and again and starts it anew at once, while letters fall due.
func kill9(ctx context.Context, g *ground, z size, o fieldOptions, kills, letters int) (string, bool, error) {
	f, err := g.openField(ctx, "kill9", z, o)
	if err != nil {
		return "", false, err
	}
	defer f.close()
	f.sink.behave(hostile(true))
	if err := f.everyMinute(ctx, 10); err != nil {
		return "", false, err
	}
	if err := f.start(z.replicas); err != nil {
		return "", false, err
	}
	for n := range kills {
		f.say("%d of %d × kill -9", n, kills)
		if err := f.feed(ctx, letters*n/kills, 40); err != nil {
			return "", false, err
		}
		i := f.rng.IntN(len(f.replicas))
		// One in five dies as it comes. The others have come up before, or on a slow machine nobody would ever send a letter.
		if r := f.replicas[i]; f.rng.IntN(5) > 0 {
			if err := until(ctx, time.Minute, "the replica has come up", func() (bool, error) { return r.serving() || !r.alive(), nil }); err != nil {
				return "", false, err
			}
		}
		pause(ctx, time.Duration(f.rng.IntN(150))*time.Millisecond)
		f.replicas[i].kill()
		if err := f.again(i); err != nil {
			return "", false, err
		}
	}
	text, kept, err := f.finish(ctx, letters, fmt.Sprintf("seed %d: %d × kill -9 over %d replicas", z.seed, kills, z.replicas))
	return text + f.takenBack(), kept, err
}

// takenBack tells how often a sender died with a letter in its hands before the commit point: kills that hit nobody prove
// nothing. Those after the commit point are the uncertain ones.
func (f *field) takenBack() string {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var n int
	if err := f.db.QueryRowContext(ctx, `select count(*) from delivery_attempt where stage = 'lease' and text like '%nothing was sent'`).Scan(&n); err != nil {
		return ""
	}
	return fmt.Sprintf("; %d times a letter was taken back from a dead sender", n)
}

// feed lets letters fall due: at least as many as were due by now, and so many that some always wait.
func (f *field) feed(ctx context.Context, by, backlog int) error {
	n, err := f.waiting(ctx)
	if err != nil {
		return err
	}
	more := max(by-f.owed, 0)
	if n < backlog {
		more = max(more, backlog-n)
	}
	if more == 0 {
		return nil
	}
	return f.owe(ctx, more)
}

// finish lets the rest fall due, waits until all has come to its end, and has it checked. What is late is checked as well,
// as far as it came.
func (f *field) finish(ctx context.Context, letters int, what string) (string, bool, error) {
	if f.owed < letters {
		if err := f.owe(ctx, letters-f.owed); err != nil {
			return "", false, err
		}
	}
	f.say("%s; the rest comes to its end", what)
	drained := f.drain(ctx, 2*time.Minute)
	for _, r := range f.replicas {
		r.kill()
	}
	checking, cancel := context.WithTimeout(context.WithoutCancel(ctx), 15*time.Second)
	defer cancel()
	v, err := f.check(checking)
	if err != nil {
		return "", false, errors.Join(drained, err)
	}
	return what + "; " + v.String(), v.kept && drained == nil, drained
}

// pause waits; an end of the campaign ends it.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// endSessions ends sessions of the replicas in the database at random.
func endSessions(ctx context.Context, g *ground, z size) (string, bool, error) {
	f, err := g.openField(ctx, "sessions", z, fieldOptions{})
	if err != nil {
		return "", false, err
	}
	defer f.close()
	f.sink.behave(hostile(false))
	if err := f.startServing(ctx, z.replicas); err != nil {
		return "", false, err
	}
	if err := f.feed(ctx, 0, 60); err != nil {
		return "", false, err
	}
	if _, err := f.resumes(ctx, 10); err != nil {
		return "", false, err
	}
	ended := 0
	for ended < z.sessions && ctx.Err() == nil && f.ended() < len(f.replicas) {
		f.say("%d of %d × pg_terminate_backend", ended, z.sessions)
		if err := f.feed(ctx, 2*ended, 60); err != nil {
			return "", false, err
		}
		pause(ctx, time.Duration(20+f.rng.IntN(60))*time.Millisecond)
		var n int
		// One that is in the middle of something, where there is one.
		err := f.db.QueryRowContext(ctx, `
			select count(pg_terminate_backend(pid)) from (select pid from pg_stat_activity
				where datname = current_database() and pid <> pg_backend_pid() and application_name = 'secretariat'
				order by state = 'idle', random() limit 1) one`).Scan(&n)
		if err != nil {
			return "", false, err
		}
		ended += n
	}
	died := f.ended()
	text, kept, err := f.finish(ctx, 2*z.sessions, fmt.Sprintf("%d × pg_terminate_backend over %d replicas, %d of which ended", ended, z.replicas, died))
	return text, kept && died == 0, err
}

// freeze stops replicas for longer than their lease and lets them go on.
func freeze(ctx context.Context, g *ground, z size) (string, bool, error) {
	f, err := g.openField(ctx, "zombie", z, fieldOptions{})
	if err != nil {
		return "", false, err
	}
	defer f.close()
	f.sink.behave(hostile(false))
	if err := f.start(max(z.replicas, 7)); err != nil { // many are frozen at a time, which saves time
		return "", false, err
	}
	done := 0
	for done < z.freezes && ctx.Err() == nil && f.ended() < len(f.replicas) {
		f.say("%d of %d × SIGSTOP", done, z.freezes)
		// All but one at a time are frozen, each at a moment of its own; one goes on and takes the letters over.
		var frozen []*replica
		for _, i := range f.rng.Perm(len(f.replicas))[1:] {
			if err := f.feed(ctx, 0, 100); err != nil {
				return "", false, err
			}
			pause(ctx, time.Duration(5+f.rng.IntN(60))*time.Millisecond)
			if f.replicas[i].signal(syscall.SIGSTOP) {
				frozen = append(frozen, f.replicas[i])
			}
		}
		// Longer than the lease, and longer than lease and quiet period: both a letter being sent and one past its commit
		// point are taken over meanwhile.
		beyond := leaseTime + 300*time.Millisecond
		if done%4 == 0 {
			beyond = leaseTime + quietPeriod + 1500*time.Millisecond
		}
		pause(ctx, beyond)
		for _, r := range frozen {
			r.signal(syscall.SIGCONT)
			done++
		}
	}
	return f.finish(ctx, f.owed, fmt.Sprintf("%d × SIGSTOP beyond the lease over %d replicas", done, len(f.replicas)))
}
