package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"secretariat/store"
)

// drainBacklog works a backlog off and prints how long it took, how much memory beyond that of idleness, and how long an
// urgent letter waited that came in when a tenth was done.
func drainBacklog(ctx context.Context, h *house, address string, n, connections int) error {
	if err := h.owe(ctx, "backlog", n); err != nil {
		return err
	}
	debug.FreeOSMemory()
	idle := memory()
	watched, stop := context.WithCancel(ctx)
	seen := make(chan sight, 1)
	go func() { seen <- h.watch(watched, n) }()
	began, cpu := time.Now(), selfCPU()
	err := h.drain(ctx, "smtp://"+address, connections, func() error { return h.sentAll(ctx) })
	took := time.Since(began)
	stop()
	s := <-seen
	if err != nil {
		return err
	}
	fmt.Printf("\nBacklog of %d: %.0f s, %.0f letters/s, %.2f ms CPU each; greatest memory %d MB above %d MB idle; an urgent letter left after %.1f s\n",
		n, took.Seconds(), float64(n)/took.Seconds(), (selfCPU()-cpu).Seconds()*1000/float64(n), (s.memory-idle)>>20, idle>>20, s.urgent.Seconds())
	return nil
}

// sight is what was seen while a backlog was worked off.
type sight struct {
	memory int64
	urgent time.Duration
}

func (h *house) watch(ctx context.Context, n int) (s sight) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	var owed time.Time
	for {
		select {
		case <-ctx.Done():
			return s
		case <-tick.C:
		}
		s.memory = max(s.memory, memory())
		err := h.InTx(ctx, func(tx *store.Tx) error {
			if s.urgent > 0 {
				return nil
			}
			if owed.IsZero() {
				var waiting int
				if err := tx.GetContext(ctx, &waiting, `select count(*) from delivery where state = 'pending'`); err != nil || waiting > n*9/10 {
					return err
				}
				owed = time.Now()
				_, err := tx.ExecContext(ctx, `update delivery set priority = 1 where id = (select max(id) from delivery where state = 'pending' and nudged_at is null)`)
				return err
			}
			var sent int
			err := tx.GetContext(ctx, &sent, `select count(*) from delivery where priority = 1 and state = 'sent' and dedupe_key like 'bench%'`)
			if sent > 0 {
				s.urgent = time.Since(owed)
			}
			return err
		})
		if err != nil && ctx.Err() == nil {
			fmt.Fprintln(os.Stderr, "watch:", err)
		}
	}
}

// memory is what this process holds in memory, in octets.
func memory() int64 {
	b, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return n << 10
		}
	}
	return 0
}
