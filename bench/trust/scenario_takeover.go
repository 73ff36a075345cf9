package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// takenOverWithin is how soon after a death the fires that fall due with it are decided and run: the hold on one that the
// dead replica had begun lasts ten seconds.
const takenOverWithin = 15 * time.Second

// takeOver kills the replica that decided the last fires as the next fall due, again and again.
func takeOver(ctx context.Context, g *ground, z size) (string, bool, error) {
	f, err := g.openField(ctx, "takeover", z, fieldOptions{})
	if err != nil {
		return "", false, err
	}
	defer f.close()
	const schedules = 10
	if err := f.everyMinute(ctx, schedules); err != nil {
		return "", false, err
	}
	// Some of them make a report, which takes a while: there a death finds a fire in hand.
	if _, err := f.db.ExecContext(ctx, `update schedule set task = null, report = 'annual-review' where ref in ('MINUTE-1', 'MINUTE-2', 'MINUTE-3', 'MINUTE-4')`); err != nil {
		return "", false, err
	}
	if err := f.startServing(ctx, z.replicas); err != nil {
		return "", false, err
	}
	var took []time.Duration
	inHand := 0
	for n := range z.deaths {
		f.say("%d of %d deaths", n, z.deaths)
		d, began, err := f.die(ctx, schedules)
		if err != nil {
			return "", false, err
		}
		took = append(took, d)
		if began {
			inHand++
		}
	}
	slices.Sort(took)
	text, kept, err := f.finish(ctx, f.owed, fmt.Sprintf("%d deaths of the replica that decided last, %d of them with a fire in hand: all fires of the minute were decided and run after %.1f s in the middle and %.1f s at the most",
		len(took), inHand, took[len(took)/2].Seconds(), took[len(took)-1].Seconds()))
	return text, kept && z.inTime(took[len(took)-1] <= takenOverWithin), err
}

// die lets a minute begin, kills the replica that decided the fires of the one before, and returns how long it took until
// the others had decided and run those of this one, and whether the dead one had begun some of them.
func (f *field) die(ctx context.Context, schedules int) (took time.Duration, began bool, err error) {
	var minute time.Time
	err = f.db.QueryRowContext(ctx, `
		update instance set clock_offset = clock_offset + (date_trunc('minute', now() + clock_offset) + interval '59.5 s' - (now() + clock_offset))
		returning date_trunc('minute', now() + clock_offset) + interval '1 minute'`).Scan(&minute)
	if err != nil {
		return 0, false, err
	}
	pause(ctx, 300*time.Millisecond+time.Duration(f.rng.IntN(1200))*time.Millisecond) // from a little before the minute to a pass after it
	i, name, err := f.lastToDecide(ctx)
	if err != nil {
		return 0, false, err
	}
	f.replicas[i].kill()
	died := time.Now()
	err = f.db.QueryRowContext(ctx, `select exists (select from schedule_occurrence where fire_at = $1 and done_at is null and owner = $2)`, minute, name).Scan(&began)
	if err != nil {
		return 0, false, err
	}
	err = until(ctx, time.Minute, "the fires of the minute are decided and run", func() (bool, error) {
		var done int
		err := f.db.QueryRowContext(ctx, `select count(*) from schedule_occurrence where fire_at = $1 and done_at is not null`, minute).Scan(&done)
		return done >= schedules, err
	})
	if err != nil {
		return 0, false, err
	}
	took = time.Since(died)
	if err := f.again(i); err != nil {
		return 0, false, err
	}
	return took, began, until(ctx, time.Minute, "the new replica has come up", func() (bool, error) { return f.replicas[i].serving(), nil })
}

// lastToDecide is the replica that decided the latest fire and still runs, or the first.
func (f *field) lastToDecide(ctx context.Context) (i int, name string, err error) {
	err = f.db.QueryRowContext(ctx, `select coalesce((select decided_by from schedule_occurrence order by decided_at desc, fire_at desc limit 1), '')`).Scan(&name)
	i = slices.IndexFunc(f.replicas, func(r *replica) bool { return strings.HasSuffix(name, fmt.Sprintf(":%d", r.cmd.Process.Pid)) })
	return max(i, 0), name, err
}
