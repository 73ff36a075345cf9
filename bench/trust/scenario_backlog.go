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

// backlog lets many letters fall due at once before one replica, and an urgent one in the middle.
func backlog(ctx context.Context, g *ground, z size) (string, bool, error) {
	f, err := g.openField(ctx, "backlog", z.seed, fieldOptions{args: []string{"--lease", "2m", "--smtp-timeout", "1m", "--quiet-period", "65s"}})
	if err != nil {
		return "", false, err
	}
	defer f.close()
	// A relay that gives up on a slow sender would leave letters in doubt; this one is about speed.
	f.sink.behave(func(*rand.Rand) mood { return mood{patience: time.Minute} })
	limit := max(10*time.Minute*time.Duration(z.backlog)/100_000, time.Minute)
	if err := f.start(1); err != nil {
		return "", false, err
	}
	pause(ctx, 2*time.Second)
	idle, _ := f.replicas[0].memory("VmRSS")
	if err := f.owe(ctx, z.backlog); err != nil {
		return "", false, err
	}
	began := time.Now()
	if err := until(ctx, limit, "a tenth is sent", func() (bool, error) { return f.sink.count() > z.backlog/10, nil }); err != nil {
		return "", false, err
	}
	owed := time.Now()
	if err := f.oweWith(ctx, 1, 1, owed.Add(time.Hour)); err != nil {
		return "", false, err
	}
	var urgent time.Duration
	err = until(ctx, 30*time.Second, "the urgent letter is sent", func() (sent bool, err error) {
		err = f.db.QueryRowContext(ctx, `select count(*) = 1 from delivery where priority = 1 and state = 'sent'`).Scan(&sent)
		return sent, err
	})
	if err != nil {
		return "", false, err
	}
	urgent = time.Since(owed)
	left := z.backlog + 1 - f.sink.count()
	if err := until(ctx, limit+time.Minute, "all are sent", func() (bool, error) { return f.sink.count() > z.backlog, nil }); err != nil {
		return "", false, err
	}
	took := time.Since(began)
	peak, shown := f.replicas[0].memory("VmHWM")
	text, kept, err := f.finish(ctx, f.owed, fmt.Sprintf("%d letters in %.0f s (%.0f/s), peak memory %d MiB above idle, an urgent letter left after %.1f s while %d waited",
		z.backlog, took.Seconds(), float64(z.backlog)/took.Seconds(), (peak-idle)>>20, urgent.Seconds(), left))
	return text, kept && z.inTime(took <= limit && urgent <= 10*time.Second) && (!shown || peak-idle < 64<<20), err
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
