package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// turns is how often at most a letter waits for one of the connections to the relay: 16 workers share 4.
const turns = 4

// blackHoleRelay swallows all that passes between the replicas and the relay.
func blackHoleRelay(ctx context.Context, g *ground, z size) (string, bool, error) {
	f, err := g.openField(ctx, "hole_smtp", z, fieldOptions{})
	if err != nil {
		return "", false, err
	}
	defer f.close()
	f.sink.behave(hostile(false))
	link, err := openProxy("tcp", f.sink.address())
	if err != nil {
		return "", false, err
	}
	defer link.close()
	f.relayURL = "smtp://" + link.address()
	if err := f.start(2); err != nil {
		return "", false, err
	}
	if err := f.owe(ctx, 100); err != nil {
		return "", false, err
	}
	pause(ctx, 1200*time.Millisecond)
	f.say("the link to the relay swallows everything")
	link.swallow()
	if err := f.owe(ctx, 100); err != nil {
		return "", false, err
	}
	pause(ctx, quietPeriod+3*time.Second)
	var worst int
	err = f.db.QueryRowContext(ctx, `select coalesce(max(duration_ms), 0) from delivery_attempt`).Scan(&worst)
	if err != nil {
		return "", false, err
	}
	stopped, code, err := f.replicas[0].terminate(60 * time.Second)
	if err != nil {
		return "", false, err
	}
	link.heal()
	if err := f.later(ctx, 10*time.Minute); err != nil { // the relay's rest is over
		return "", false, err
	}
	text, kept, err := f.finish(ctx, f.owed, fmt.Sprintf("black hole to the relay: the longest attempt took %.1f s, waiting for a connection included (deadline %.1f s), SIGTERM ended after %.1f s (exit %d)",
		float64(worst)/1000, (turns*quietPeriod).Seconds(), stopped.Seconds(), code))
	return text, kept && worst > 0 && z.inTime(time.Duration(worst)*time.Millisecond <= turns*quietPeriod+time.Second && stopped <= 20*time.Second), err
}

// later lets the one clock show a later moment, as a demonstration does.
func (f *field) later(ctx context.Context, d time.Duration) error {
	_, err := f.db.ExecContext(ctx, `update instance set clock_offset = clock_offset + make_interval(secs => $1)`, d.Seconds())
	return err
}

// evilRelay meets every fault of the relay that leaves the promise within reach.
func evilRelay(ctx context.Context, g *ground, z size) (string, bool, error) {
	f, err := g.openField(ctx, "evil", z, fieldOptions{})
	if err != nil {
		return "", false, err
	}
	defer f.close()
	var met []string
	for name := range faults {
		if !strings.HasPrefix(name, "lie-") { // a relay that lies is beyond what anybody can promise
			met = append(met, name)
		}
	}
	f.sink.behave(func(r *rand.Rand) mood {
		m := mood{patience: patience}
		if r.IntN(3) == 0 {
			m.fault = met[r.IntN(len(met))]
		}
		return m
	})
	if err := f.start(2); err != nil {
		return "", false, err
	}
	if err := f.owe(ctx, 150); err != nil {
		return "", false, err
	}
	for range 6 {
		f.say("a relay with %d faults at random points", len(met))
		pause(ctx, 2500*time.Millisecond)
		if err := f.later(ctx, 5*time.Minute); err != nil {
			return "", false, err
		}
	}
	f.sink.behave(func(*rand.Rand) mood { return mood{} })
	for range 3 {
		if err := f.later(ctx, 2*time.Hour); err != nil {
			return "", false, err
		}
		pause(ctx, 1500*time.Millisecond)
	}
	return f.finish(ctx, f.owed, fmt.Sprintf("a relay with %d faults at random points", len(met)))
}
