package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"syscall"
	"time"
)

// size is how much is done to the replicas.
type size struct {
	seed     uint64
	kills    int // of kill -9; other faults are in proportion
	letters  int
	replicas int
	backlog  int
	sessions int // of pg_terminate_backend
	freezes  int
	restarts int
	terms    int
	untimed  bool // the tests run it: how long things took is told and not judged
}

// inTime judges how long something took, where that is judged.
func (z size) inTime(fast bool) bool { return z.untimed || fast }

// outcome is what a scenario came to.
type outcome struct {
	Row     string // of the table of promises: R1 …
	Name    string
	Reached string // the figure
	Kept    bool
	Took    time.Duration
}

// scenario hurts the program in one way and says what came of it. An error means that it could not be carried out, or
// that the program did not come back from it.
type scenario struct {
	row, name string
	promise   string
	alone     bool // it stops the database server, needs the machine for itself, or measures speed: nothing may run beside it
	run       func(ctx context.Context, g *ground, z size) (reached string, kept bool, err error)
}

// scenarios in the order in which they run.
var scenarios = []scenario{
	{row: "R1", name: "kill9", alone: true, promise: "kill -9 of replicas at random moments, with an oracle: nothing lost, nothing sent twice", run: killWithOracle},
	{row: "R4", name: "restart", alone: true, promise: "immediate restarts of PostgreSQL: work resumes within 5 s, nothing lost, nothing sent twice", run: restartServer},
	{row: "R10", name: "backlog", alone: true, promise: "a backlog drains in time and memory, an urgent letter overtakes it", run: backlog},
	{row: "R1", name: "kill9-no-oracle", promise: "the same without an oracle: every possible duplicate is in the list of uncertain letters", run: killWithoutOracle},
	{row: "R2", name: "sessions", promise: "sessions of the database are ended under the replicas: nothing lost, nothing sent twice", run: endSessions},
	{row: "R3", name: "zombie", promise: "replicas are frozen beyond their lease and thawed: the fence stops them", run: freeze},
	{row: "R4", name: "readonly", promise: "a database that refuses to write for a while: nothing lost, nothing sent twice", run: readOnly},
	{row: "R14", name: "sigterm", promise: "SIGTERM while letters are sent: replicas end in time, nothing is uncertain", run: terminate},
	{row: "R6", name: "hole-database", promise: "a black hole between replica and database: nothing blocks past its deadline", run: blackHoleDatabase},
	{row: "R6", name: "hole-relay", promise: "a black hole between replica and relay: nothing blocks past its deadline", run: blackHoleRelay},
	{row: "R11", name: "evil-relay", promise: "a relay with every fault but lies: nothing lost, nothing sent twice", run: evilRelay},
}

// hostile is the usual relay of a campaign: good, but slow enough around the final dot that senders die there, and now and
// then it breaks the connection before or after taking a letter.
func hostile(breaks bool) func(r *rand.Rand) mood {
	return func(r *rand.Rand) mood {
		m := mood{patience: patience, decide: time.Duration(r.IntN(3000)) * time.Microsecond, answer: time.Duration(r.IntN(3000)) * time.Microsecond}
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
	return kill9(ctx, g, z, fieldOptions{noOracle: true}, max(z.kills/5, 1), z.letters/5)
}

// kill9 kills one of the replicas again and again and starts it anew at once, while letters fall due.
func kill9(ctx context.Context, g *ground, z size, o fieldOptions, kills, letters int) (string, bool, error) {
	f, err := g.openField(ctx, "kill9", z.seed, o)
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
		if err := f.feed(ctx, letters*n/kills, 200); err != nil {
			return "", false, err
		}
		pause(ctx, time.Duration(40+f.rng.IntN(140))*time.Millisecond)
		i := f.rng.IntN(len(f.replicas))
		f.replicas[i].kill()
		if err := f.again(i); err != nil {
			return "", false, err
		}
	}
	return f.finish(ctx, letters, fmt.Sprintf("%d × kill -9 over %d replicas", kills, z.replicas))
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

// finish lets the rest fall due, waits until all has come to its end, and has it checked.
func (f *field) finish(ctx context.Context, letters int, what string) (string, bool, error) {
	if f.owed < letters {
		if err := f.owe(ctx, letters-f.owed); err != nil {
			return "", false, err
		}
	}
	drained := f.drain(ctx, 2*time.Minute)
	for _, r := range f.replicas {
		r.kill()
	}
	v, err := f.check(ctx)
	if err != nil {
		return "", false, err
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
	f, err := g.openField(ctx, "sessions", z.seed, fieldOptions{})
	if err != nil {
		return "", false, err
	}
	defer f.close()
	f.sink.behave(hostile(false))
	if err := f.start(z.replicas); err != nil {
		return "", false, err
	}
	// A daemon whose first connections are ended while it starts ends with an error, and whoever started it starts it again:
	// what is looked at here is one that works.
	if err := f.feed(ctx, 0, 60); err != nil {
		return "", false, err
	}
	err = until(ctx, time.Minute, "every replica serves and letters leave", func() (bool, error) {
		return f.sink.count() > 10 && !slices.ContainsFunc(f.replicas, func(r *replica) bool { return !r.serving() }), nil
	})
	if err != nil {
		return "", false, err
	}
	ended := 0
	for ended < z.sessions && ctx.Err() == nil && f.ended() < len(f.replicas) {
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
	f, err := g.openField(ctx, "zombie", z.seed, fieldOptions{})
	if err != nil {
		return "", false, err
	}
	defer f.close()
	f.sink.behave(hostile(false))
	if err := f.start(max(z.replicas, 5)); err != nil { // many are frozen at a time, which saves time
		return "", false, err
	}
	done := 0
	for done < z.freezes && ctx.Err() == nil && f.ended() < len(f.replicas) {
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
