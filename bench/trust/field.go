package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Times of the replicas in a campaign, short so that much happens in a minute. The relay gives up on a letter before the
// quiet period is over, as the option demands.
const (
	leaseTime   = 2 * time.Second
	quietPeriod = 1500 * time.Millisecond
	smtpTimeout = time.Second
	patience    = time.Second
)

// kinds of letters that are owed: one that waits for an officer when its fate is unknown, one that is sent once more.
const (
	heldKind   = "nothing-to-report"
	resentKind = "update-request"
)

// field is where one scenario takes place: a database, a relay and replicas of its own.
type field struct {
	*ground
	name     string
	dir      string
	url      string
	db       *sql.DB
	sink     *sink
	relayURL string // where the replicas look for the relay: the sink, or a proxy before it
	oracle   bool
	args     []string // further options of the replicas
	env      []string
	wrong    []int64 // by how many seconds the clocks of the replicas are wrong at first; none for the machine's
	rng      *rand.Rand
	replicas []*replica
	owed     int
	told     *told
}

// fieldOptions say what is not as usual.
type fieldOptions struct {
	noOracle bool
	args     []string
}

func (g *ground) openField(ctx context.Context, name string, z size, o fieldOptions) (*field, error) {
	f := &field{ground: g, name: fmt.Sprintf("%s_%d", name, g.serial.Add(1)), oracle: !o.noOracle, args: o.args, told: z.told, rng: rand.New(rand.NewPCG(z.seed, 2))}
	f.dir = filepath.Join(g.dir, f.name)
	if err := os.Mkdir(f.dir, 0o755); err != nil {
		return nil, err
	}
	if err := g.psql(ctx, "postgres", `create database `+f.name+` template base strategy file_copy`); err != nil {
		return nil, err
	}
	f.url = g.pg.DatabaseURL(f.name)
	var err error
	if f.db, err = sql.Open("postgres", f.url); err != nil {
		return nil, err
	}
	if f.sink, err = openSink(f.dir, z.seed); err != nil {
		return nil, err
	}
	f.relayURL = "smtp://" + f.sink.address()
	return f, nil
}

// say notes how far the scenario is.
func (f *field) say(format string, args ...any) {
	f.told.say("%s, %d letters owed, %d taken", fmt.Sprintf(format, args...), f.owed, f.sink.count())
}

// close ends everything of the scenario and drops its database. The logs stay.
func (f *field) close() error {
	for _, r := range f.replicas {
		r.kill()
	}
	err := errors.Join(f.sink.close(), f.db.Close())
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return errors.Join(err, f.psql(ctx, "postgres", `drop database `+f.name+` with (force)`))
}

// start adds a replica.
func (f *field) start(n int) error {
	for range n {
		r, err := f.spawn(len(f.replicas))
		if err != nil {
			return err
		}
		f.replicas = append(f.replicas, r)
	}
	return nil
}

// startServing adds replicas and waits until they serve. A daemon that loses the database while it starts ends with an error,
// and whoever started it starts it again: where that is not what is looked at, replicas are to have come up.
func (f *field) startServing(ctx context.Context, n int) error {
	if err := f.start(n); err != nil {
		return err
	}
	return until(ctx, time.Minute, "every replica serves", func() (bool, error) {
		return !slices.ContainsFunc(f.replicas, func(r *replica) bool { return !r.serving() }), nil
	})
}

// again starts the i-th replica anew.
func (f *field) again(i int) (err error) {
	f.replicas[i], err = f.spawn(i)
	return err
}

func (f *field) spawn(i int) (*replica, error) {
	args := []string{"--database-url", f.url, "--smtp-url", f.relayURL, "--from", "Proof <proof@trust.example>", "--lease", leaseTime.String(),
		"--quiet-period", quietPeriod.String(), "--smtp-timeout", smtpTimeout.String(), "--crash-limit", "1000000"}
	if f.oracle {
		args = append(args, "--journal", f.sink.journal)
	}
	o := replicaOptions{binary: f.binary, dir: f.dir, name: fmt.Sprintf("replica-%d", i), args: append(args, f.args...), env: f.env}
	if i < len(f.wrong) {
		o.wrong = &f.wrong[i]
	}
	return startReplica(o)
}

// command runs the program under test beside the replicas.
func (f *field) command(ctx context.Context, args ...string) error {
	cmd := exec.CommandContext(ctx, f.binary, append(args, "--database-url", f.url, "--from", "Proof <proof@trust.example>")...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("secretariat %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// owe makes the programme owe n letters, every fourth of the kind that is resent, all due now.
func (f *field) owe(ctx context.Context, n int) error { return f.oweWith(ctx, n, 5, time.Time{}) }

func (f *field) oweWith(ctx context.Context, n, priority int, expires time.Time) error {
	var end any
	if !expires.IsZero() {
		end = expires
	}
	// Whole rows are copied, whatever columns there are: only what must differ is set. In the list of what is selected the
	// function would be called once per column.
	_, err := f.db.ExecContext(ctx, `
		insert into delivery overriding system value
		select r.* from generate_series($2::int + 1, $3::int) i
		join trust.seed s on s.kind = case when i % 4 = 0 then '`+resentKind+`' else '`+heldKind+`' end
		cross join lateral jsonb_populate_record(null::delivery, to_jsonb(s) || jsonb_build_object('id', nextval(pg_get_serial_sequence('delivery', 'id')),
			'dedupe_key', $1::text || i, 'message_id', $1::text || i, 'not_before', now(), 'created_at', now(), 'updated_at', now(),
			'priority', $4::int, 'expires_at', $5::timestamptz)) r`,
		"trust:"+f.name+":", f.owed, f.owed+n, priority, end)
	if err == nil {
		f.owed += n
	}
	return err
}

// everyMinute adds schedules that fire every minute and have nothing to do.
func (f *field) everyMinute(ctx context.Context, n int) error {
	_, err := f.db.ExecContext(ctx, `
		insert into schedule (ref, task, spec, timezone, catch_up, grace, deadline, overlap, jitter, enabled, next_fire_at)
		select 'MINUTE-' || i, 'reminders', '* * * * *', 'Asia/Tashkent', 'all', 'PT1H', 'P6D', 'queue', 'PT0S', true, date_trunc('minute', now()) + interval '1 minute'
		from generate_series(1, $1::int) i`, n)
	return err
}

// states counts the letters by state.
func (f *field) states(ctx context.Context) (map[string]int, error) {
	rows, err := f.db.QueryContext(ctx, `select state, count(*) from delivery group by state`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	counts := map[string]int{}
	for rows.Next() {
		var state string
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		counts[state] = n
	}
	return counts, rows.Err()
}

// waiting is how many letters have not come to their end; without an oracle an uncertain one has.
func (f *field) waiting(ctx context.Context) (n int, err error) {
	err = f.db.QueryRowContext(ctx, `select count(*) from delivery where state in ('planned', 'pending', 'sending', 'committing') or $1 and state = 'uncertain'`, f.oracle).Scan(&n)
	return n, err
}

// drain waits until every letter has come to its end and no fire is under way.
func (f *field) drain(ctx context.Context, limit time.Duration) error {
	err := until(ctx, limit, "every letter has come to its end", func() (bool, error) {
		n, err := f.waiting(ctx)
		return n == 0, err
	})
	if err == nil && !f.oracle { // what is resent once becomes pending again only after the quiet period
		pause(ctx, quietPeriod+leaseTime+time.Second)
		err = until(ctx, limit, "every letter has come to its end", func() (bool, error) {
			n, err := f.waiting(ctx)
			return n == 0, err
		})
	}
	if err != nil {
		told, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second) // ctx may be why
		defer cancel()
		states, _ := f.states(told)
		return fmt.Errorf("%w: %v", err, states)
	}
	return until(ctx, limit, "every fire has come to its end", func() (bool, error) {
		var n int
		err := f.db.QueryRowContext(ctx, `select count(*) from schedule_occurrence where done_at is null and decision <> 'skipped'`).Scan(&n)
		return n == 0, err
	})
}

// verdict is the checker's, as far as figures are shown.
type verdict struct {
	Letters, Accepted, Uncertain, Fires                                       int
	Lost, Duplicated, Unlisted, Phantom, Denied, Orphans, Unsettled, Unlogged []string
	FiresMissing                                                              []string `json:"fires_missing"`
	FiresDoubled                                                              []string `json:"fires_doubled"`
	FiresUnended                                                              []string `json:"fires_unended"`
	kept                                                                      bool
}

// check exports the tables with psql and lets the checker, a program of its own, compare them with the relay's log.
func (f *field) check(ctx context.Context) (v verdict, err error) {
	args := []string{"-log", filepath.Join(f.dir, "sink.log")}
	for _, e := range []struct{ flag, query string }{
		{"delivery", `select id, message_id, state, was_uncertain from delivery`},
		{"attempt", `select delivery_id, stage, code, text, replica from delivery_attempt order by id`},
		{"fires", `select o.schedule_id, to_char(o.fire_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as fire_at, o.decision, o.done_at
			from schedule_occurrence o join schedule s on s.id = o.schedule_id where s.ref like 'MINUTE-%'`},
	} {
		b, err := f.query(ctx, f.name, `copy (`+e.query+`) to stdout csv header`)
		if err != nil {
			return v, err
		}
		file := filepath.Join(f.dir, e.flag+".csv")
		if err := os.WriteFile(file, b, 0o600); err != nil {
			return v, err
		}
		args = append(args, "-"+e.flag, file)
	}
	if f.oracle {
		args = append(args, "-oracle")
	}
	out, kept, err := f.checker(ctx, args)
	if err != nil {
		return v, err
	}
	v.kept = kept
	return v, json.Unmarshal(out, &v)
}

// checker runs the checker and returns what it said, and whether the promise was kept.
func (f *field) checker(ctx context.Context, args []string) (out []byte, kept bool, err error) {
	out, err = exec.CommandContext(ctx, filepath.Join(filepath.Dir(f.binary), "checker"), args...).Output()
	var exit *exec.ExitError
	if err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
		return out, false, fmt.Errorf("checker: %w %s", err, out)
	}
	return out, err == nil, nil
}

// String tells the figures and names the first of every fault.
func (v verdict) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d letters: %d lost, %d duplicated, %d uncertain for a while or still", v.Letters, len(v.Lost)+len(v.Phantom), len(v.Duplicated), v.Uncertain)
	if v.Fires > 0 {
		fmt.Fprintf(&b, "; %d fires: %d missing, %d doubled", v.Fires, len(v.FiresMissing), len(v.FiresDoubled))
	}
	for name, list := range map[string][]string{"lost": v.Lost, "sent without a copy": v.Phantom, "copies without a row": v.Orphans, "copies denied": v.Denied,
		"copies not listed as uncertain": v.Unlisted, "sent without an attempt": v.Unlogged, "fires not ended": v.FiresUnended} {
		if len(list) > 0 {
			fmt.Fprintf(&b, "; %s: %d (%s)", name, len(list), list[0])
		}
	}
	return b.String()
}
