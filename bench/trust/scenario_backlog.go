package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	fullBacklog = 100_000
	sampled     = 90 * time.Second // how long the full backlog is watched, where its end is not waited for
)

// backlogLimit is how long n letters may take: 10 minutes for the full backlog.
func backlogLimit(n int) time.Duration {
	if n == 0 {
		n = fullBacklog
	}
	return max(10*time.Minute*time.Duration(n)/fullBacklog, time.Minute)
}

// backlog lets many letters fall due at once before one replica, and an urgent one when a tenth of what is watched is
// through. The full backlog is watched for a while only, and what is left then is taken away, unless its end is asked for.
func backlog(ctx context.Context, g *ground, z size) (string, bool, error) {
	f, err := g.openField(ctx, "backlog", z, fieldOptions{args: []string{"--lease", "2m", "--smtp-timeout", "1m", "--quiet-period", "65s"}})
	if err != nil {
		return "", false, err
	}
	defer f.close()
	// A relay that gives up on a slow sender would leave letters in doubt; this one is about speed.
	f.sink.behave(func(*rand.Rand) mood { return mood{patience: time.Minute} })
	if err := f.startServing(ctx, 1); err != nil {
		return "", false, err
	}
	pause(ctx, 2*time.Second)
	b := queue{field: f, letters: z.backlog, watch: 2 * backlogLimit(z.backlog)}
	if z.backlog == 0 {
		b.letters, b.watch = fullBacklog, sampled
	}
	if err := b.pass(ctx); err != nil {
		return "", false, err
	}
	text, kept, err := f.finish(ctx, f.owed, b.String())
	return text, kept && z.inTime(b.whole() <= backlogLimit(b.letters) && b.urgent <= 10*time.Second) && (!b.shown || b.memory < 64<<20), err
}

// queue is a backlog and how it passes.
type queue struct {
	*field
	letters int
	watch   time.Duration // how long it is watched at the most

	sent, waited int           // letters sent while it was watched; that waited when the urgent one fell due
	took, urgent time.Duration // of sent; of the urgent letter
	memory       int           // bytes above idle, at the most
	shown        bool          // the system shows memory
}

func (b *queue) pass(ctx context.Context) error {
	idle, _ := b.replicas[0].memory("VmRSS")
	b.say("letters fall due")
	if err := b.owe(ctx, b.letters); err != nil {
		return err
	}
	began := time.Now()
	end := began.Add(b.watch)
	full := func() bool { return b.sink.count() >= b.owed || !time.Now().Before(end) }
	err := until(ctx, b.watch, "a tenth is sent", func() (bool, error) {
		b.say("%.0f s", time.Since(began).Seconds())
		return full() || time.Since(began) > b.watch/10 && b.sink.count() > 0, nil
	})
	if err == nil {
		err = b.overtake(ctx)
	}
	if err != nil {
		return err
	}
	err = until(ctx, b.watch+time.Minute, "all are sent", func() (bool, error) {
		b.say("%.0f s", time.Since(began).Seconds())
		return full(), nil
	})
	if err != nil {
		return err
	}
	b.took, b.sent = time.Since(began), b.sink.count()
	var peak int
	peak, b.shown = b.replicas[0].memory("VmHWM")
	b.memory = peak - idle
	return b.takeAway(ctx)
}

// overtake lets an urgent letter fall due and waits until it has left.
func (b *queue) overtake(ctx context.Context) error {
	began := time.Now()
	b.waited = b.owed - b.sink.count()
	if err := b.oweWith(ctx, 1, 1, began.Add(time.Hour)); err != nil {
		return err
	}
	err := until(ctx, 30*time.Second, "the urgent letter is sent", func() (sent bool, err error) {
		err = b.db.QueryRowContext(ctx, `select count(*) = 1 from delivery where priority = 1 and state = 'sent'`).Scan(&sent)
		return sent, err
	})
	b.urgent = time.Since(began)
	return err
}

// takeAway removes the letters that nobody has begun with. That no other row is about them need not be looked up for each.
func (b *queue) takeAway(ctx context.Context) error {
	b.say("the letters that wait are taken away")
	return b.psql(ctx, b.name, `set session_replication_role = replica; delete from delivery where state = 'pending' and attempts = 0`)
}

// whole is how long all letters take, at the rate of those that were sent.
func (b *queue) whole() time.Duration {
	return time.Duration(float64(b.took) * float64(b.letters) / float64(max(b.sent, 1)))
}

func (b *queue) String() string {
	text := fmt.Sprintf("%d letters in %.0f s (%.0f/s)", b.sent, b.took.Seconds(), float64(b.sent)/b.took.Seconds())
	if b.sent < b.letters {
		text = fmt.Sprintf("%d of %d letters in %.0f s (%.0f/s, at which all take %.1f min: extrapolated)", b.sent, b.letters, b.took.Seconds(), float64(b.sent)/b.took.Seconds(), b.whole().Minutes())
	}
	if b.shown {
		text += fmt.Sprintf(", peak memory %d MiB above idle", b.memory>>20)
	}
	return text + fmt.Sprintf(", an urgent letter left after %.1f s while %d waited", b.urgent.Seconds(), b.waited)
}

// memory reads a line of the process's status in bytes; shown is false where the system does not show it.
func (r *replica) memory(line string) (bytes int, shown bool) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", r.cmd.Process.Pid))
	if err != nil {
		return 0, false
	}
	_, rest, ok := strings.Cut(string(b), line+":")
	if fields := strings.Fields(rest); ok && len(fields) > 0 {
		n, err := strconv.Atoi(fields[0])
		return n << 10, err == nil
	}
	return 0, false
}
