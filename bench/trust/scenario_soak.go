package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// stride is how far the clock of the database goes on at a time.
const stride = 72 * time.Hour

// soak lets one daemon live through a year of reports, reminders and letters, on the clock of the database, and looks at
// what it holds: goroutines, open files, memory.
func soak(ctx context.Context, g *ground, z size) (string, bool, error) {
	f, err := g.openField(ctx, "soak", z, fieldOptions{args: []string{"--lease", "2m", "--smtp-timeout", "1m", "--quiet-period", "65s"}}) // no stride ends a lease that matters
	if err != nil {
		return "", false, err
	}
	defer f.close()
	y := &year{field: f}
	if err := y.prepare(ctx); err != nil {
		return "", false, err
	}
	if err := f.startServing(ctx, 1); err != nil {
		return "", false, err
	}
	if err := f.command(ctx, "sessions", "confirm", "SESSION", "--yes", "--venue", "Hall 1"); err != nil {
		return "", false, err
	}
	strides := z.days * int(24*time.Hour) / int(stride)
	for n := range strides {
		f.say("day %d of %d", n*3, z.days)
		if err := f.later(ctx, stride); err != nil {
			return "", false, err
		}
		if err := y.settle(ctx); err != nil {
			return "", false, err
		}
		if err := y.look(ctx); err != nil {
			return "", false, err
		}
	}
	var reports int
	if err := f.db.QueryRowContext(ctx, `select count(*) from report_run`).Scan(&reports); err != nil {
		return "", false, err
	}
	died, letters := f.ended(), f.sink.count()
	text := fmt.Sprintf("%d days with %d reports and %d letters; in the second and in the last quarter %s (medians); %d replicas ended", z.days, reports, letters, y, died)
	return text, y.flat() && died == 0 && reports >= z.days/7 && letters >= reports, nil
}

// year is a life of a daemon.
type year struct {
	*field
	held []holding
}

// holding is what a process has at a moment.
type holding struct{ Goroutines, Files, Bytes float64 }

// prepare writes a programme with a council whose schedules fire every day, every week and every month.
func (y *year) prepare(ctx context.Context) error {
	file := filepath.Join(y.dir, "year.yaml")
	text := string(council(8, time.Now().In(zone).Truncate(24*time.Hour).AddDate(0, 0, 110).Add(5*time.Hour)))
	for ref, spec := range map[string]string{"WEEKLY": "0 9 * * 1", "UPDATES": "0 9 2 * *", "REVIEW": "0 9 * * 4"} {
		yearly := regexp.MustCompile(`(ref: ` + ref + `, .*spec: )"0 9 1 1 \*"`)
		text = yearly.ReplaceAllString(text, `${1}"`+spec+`"`)
	}
	text = strings.ReplaceAll(text, "catch_up: skip", "catch_up: latest") // a stride is longer than any grace
	text = strings.Replace(text, "schedules:\n", "schedules:\n  - {ref: DAILY, task: reminders, spec: \"0 6 * * *\", timezone: Asia/Tashkent, catch_up: all}\n", 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return err
	}
	// The database is a copy and remembers who led the engine's upkeep in the original: until that term is over, nobody leads,
	// and the dozen goroutines of the upkeep would begin somewhere in the year.
	if _, err := y.db.ExecContext(ctx, `delete from river_leader`); err != nil {
		return err
	}
	return y.command(ctx, "apply", file)
}

// settle waits until nothing is due any more.
func (y *year) settle(ctx context.Context) error {
	return until(ctx, time.Minute, "all that has fallen due is done", func() (done bool, err error) {
		err = y.db.QueryRowContext(ctx, `
			with clock as (select now() + clock_offset as now from instance)
			select not exists (select from delivery where state in ('sending', 'committing') or state in ('planned', 'pending') and coalesce(retry_at, not_before) <= (select now from clock))
				and not exists (select from schedule where enabled and retired_at is null and next_fire_at <= (select now from clock))
				and not exists (select from schedule_occurrence where done_at is null and decision <> 'skipped' and not_before <= (select now from clock))`).Scan(&done)
		return done, err
	})
}

// look asks the daemon's own metrics.
func (y *year) look(ctx context.Context) error {
	log, err := os.ReadFile(y.replicas[0].log)
	if err != nil {
		return err
	}
	page := regexp.MustCompile(`page=(http://\S+)`).FindSubmatch(log)
	if page == nil {
		return errors.New("the replica does not say where its page is")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, string(page[1])+"/metrics", nil)
	if err != nil {
		return err
	}
	request.Close = true // no connection of ours is to count
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	h, err := readHolding(answer.Body)
	y.held = append(y.held, h)
	return err
}

func readHolding(r io.Reader) (h holding, err error) {
	into := map[string]*float64{"go_goroutines": &h.Goroutines, "process_open_fds": &h.Files, "process_resident_memory_bytes": &h.Bytes}
	found := 0
	for lines := bufio.NewScanner(r); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if target := into[name]; target != nil {
			if *target, err = strconv.ParseFloat(value, 64); err != nil {
				return h, err
			}
			found++
		}
	}
	if found != len(into) {
		err = errors.New("the metrics tell of no goroutines, files or memory")
	}
	return h, err
}

// quarters are the medians of the second and of the last quarter: in the first, pools fill and templates are read.
func (y *year) quarters() (second, last holding) {
	n := len(y.held) / 4
	if n == 0 {
		return second, last
	}
	return median(y.held[n : 2*n]), median(y.held[3*n:])
}

func median(list []holding) holding {
	middle := func(of func(holding) float64) float64 {
		var values []float64
		for _, h := range list {
			values = append(values, of(h))
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	return holding{middle(func(h holding) float64 { return h.Goroutines }), middle(func(h holding) float64 { return h.Files }), middle(func(h holding) float64 { return h.Bytes })}
}

// flat reports whether nothing grows with time: no goroutine and no file for every report or letter, and memory within what
// the collector may leave lying.
func (y *year) flat() bool {
	before, after := y.quarters()
	return before.Goroutines > 0 && after.Goroutines <= before.Goroutines+8 && after.Files <= before.Files+8 && after.Bytes <= 1.25*before.Bytes+8<<20
}

func (y *year) String() string {
	before, after := y.quarters()
	return fmt.Sprintf("%.0f and %.0f goroutines, %.0f and %.0f open files, %.0f and %.0f MiB resident", before.Goroutines, after.Goroutines, before.Files, after.Files, before.Bytes/(1<<20), after.Bytes/(1<<20))
}
