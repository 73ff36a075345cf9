package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// settings are the moves of a clock that somebody sets, in seconds.
var settings = []int64{3600, -3600, 86400, -86400, 10 * 365 * 86400, 600, -600}

// wrongClocks lets one replica be ten minutes ahead and one ten minutes behind from the beginning, and sets the clocks of all
// while they decide fires and send letters. A clock that was set makes its replica wait until it has been steady for a
// while; one that is only wrong changes nothing.
func wrongClocks(ctx context.Context, g *ground, z size) (string, bool, error) {
	f, err := g.openField(ctx, "clocks", z, fieldOptions{})
	if err != nil {
		return "", false, err
	}
	defer f.close()
	f.sink.behave(hostile(false))
	if err := f.everyMinute(ctx, 10); err != nil {
		return "", false, err
	}
	f.wrong = []int64{600, -600, 0}
	if err := f.startServing(ctx, len(f.wrong)); err != nil {
		return "", false, err
	}
	shows := append([]int64{}, f.wrong...)
	for n := range z.jumps {
		f.say("%d of %d × a clock was set", n, z.jumps)
		if err := f.feed(ctx, 0, 60); err != nil {
			return "", false, err
		}
		i := f.rng.IntN(len(f.replicas))
		shows[i] += settings[f.rng.IntN(len(settings))]
		before := clockTold(f.replicas[i])
		if err := f.replicas[i].clock.set(shows[i]); err != nil {
			return "", false, err
		}
		err := until(ctx, time.Minute, "the replica notices that its clock was set", func() (bool, error) {
			return clockTold(f.replicas[i]) > before || !f.replicas[i].alive(), nil
		})
		if err != nil {
			return "", false, err
		}
		pause(ctx, time.Duration(f.rng.IntN(1500))*time.Millisecond)
	}
	told, died := 0, f.ended()
	for _, r := range f.replicas {
		told += clockTold(r)
	}
	what := fmt.Sprintf("3 replicas whose clocks began 10 min ahead, 10 min behind and right and were set %d times by 10 min to 10 years, which they noticed %d times; %d replicas ended", z.jumps, told, died)
	text, kept, err := f.finish(ctx, f.owed, what)
	early, earlyErr := f.firedEarly(ctx)
	text += fmt.Sprintf("; %d fires before their moment", early)
	return text, kept && early == 0 && told >= z.jumps && died == 0, errors.Join(err, earlyErr)
}

// clockTold is how often a replica said that a clock was set.
func clockTold(r *replica) int {
	b, err := os.ReadFile(r.log)
	if err != nil {
		return 0
	}
	return strings.Count(string(b), "a clock was set")
}

// firedEarly counts the fires that were written down before their moment, by the clock of the database.
func (f *field) firedEarly(ctx context.Context) (n int, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	err = f.db.QueryRowContext(ctx, `select count(*) from schedule_occurrence where decided_at < fire_at or started_at < fire_at`).Scan(&n)
	return n, err
}
