package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"secretariat/acts"
	"secretariat/examples"
	"secretariat/letters"
	"secretariat/mail"
	"secretariat/programme/file"
	"secretariat/reports"
	"secretariat/scheduler"
	"secretariat/store"
	"secretariat/store/private"
	"secretariat/templates"
)

// start is a moment shortly before the sample's weekly report is due.
var start = time.Date(2026, 11, 23, 8, 59, 0, 0, time.FixedZone("", 5*3600))

// house is an installation with a database of its own, whose sample has sent its weekly reports once.
type house struct {
	*store.Store
	cluster *private.Cluster
	engine  *scheduler.Engine
	acts    *acts.Acts
	kind    string // of the letters that are measured
}

func open(ctx context.Context, dir, kind string) (h *house, err error) {
	h = &house{kind: kind}
	if h.cluster, err = private.Start(ctx, filepath.Join(dir, "data"), private.Options{}); err != nil {
		return nil, err
	}
	if h.Store, err = store.Open(ctx, h.cluster.URL()); err != nil {
		return h, err
	}
	err = h.WithMigrationLock(ctx, func(ctx context.Context, db *sql.DB) error {
		if _, err := h.Migrate(ctx, db); err != nil {
			return err
		}
		return scheduler.MigrateEngine(ctx, db)
	})
	if err != nil {
		return h, err
	}
	library, err := reports.Load(templates.Reports())
	if err != nil {
		return h, err
	}
	set, err := letters.Load(templates.Letters)
	if err != nil {
		return h, err
	}
	if h.engine, err = scheduler.New(h.Store, scheduler.Options{}); err != nil {
		return h, err
	}
	h.acts = &acts.Acts{Store: h.Store, Reports: library, Letters: set, Replica: "bench", Enqueue: h.engine.Enqueue, Mail: acts.MailOptions{
		From: mail.Address{Name: "Secretariat", Address: "secretariat@isrs.example"}, Domain: "isrs.example", PublicURL: "https://sec.isrs.example"}}
	return h, h.morning(ctx, filepath.Join(dir, "mail"))
}

// morning applies the sample and sends what is due at nine, so that there are reports to send on.
func (h *house) morning(ctx context.Context, dir string) error {
	if _, err := h.acts.StartClock(ctx, start); err != nil {
		return err
	}
	sample, err := h.acts.ReadProgramme(file.Source{Name: "tashkent/programme.yaml", Text: examples.Tashkent})
	if err != nil {
		return err
	}
	if _, err := h.acts.Apply(ctx, acts.ApplyRequest{Document: sample, Actor: "bench"}); err != nil {
		return err
	}
	maildir, err := mail.OpenMaildir(dir)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	relay := mail.StartRelay(listener, maildir)
	if err := h.SetClock(ctx, start.Add(6*time.Minute)); err != nil {
		return err
	}
	if _, err := h.acts.RequestUpdates(ctx, start); err != nil { // in the sample they are due on another day
		return err
	}
	return errors.Join(h.drain(ctx, relay.URL(), 4, func() error { return h.engine.Settle(ctx, h.acts) }), relay.Close())
}

// drain sends what is due to a relay, as the daemon does with pass, nudges and workers, until wait returns.
func (h *house) drain(ctx context.Context, relay string, connections int, wait func() error) error {
	pool, err := mail.NewPool(mail.Settings{URL: relay, Connections: connections})
	if err != nil {
		return err
	}
	defer pool.Close()
	a := h.acts
	a.Sender = pool
	working, stop := context.WithCancel(ctx)
	worked := make(chan error, 1)
	go func() { worked <- h.engine.Run(working, a) }()
	err = wait()
	stop()
	return errors.Join(err, <-worked)
}

// sentAll waits until none of the letters of owe is left.
func (h *house) sentAll(ctx context.Context) error {
	for {
		time.Sleep(200 * time.Millisecond)
		left := 0
		err := h.InTx(ctx, func(tx *store.Tx) error {
			return tx.GetContext(ctx, &left, `select count(*) from delivery where dedupe_key like 'bench%' and state in ('pending', 'sending', 'committing')`)
		})
		if err != nil || left == 0 {
			return err
		}
	}
}

// owe makes n letters of the house's kind due, copies of those sent in the morning to readers of their own.
func (h *house) owe(ctx context.Context, name string, n int) error {
	return h.InTx(ctx, func(tx *store.Tx) error {
		_, err := tx.ExecContext(ctx, `
			insert into delivery (dedupe_key, message_id, kind, state, run_id, variant, session_id, session_revision, rule_ref, subject_key, person_id, seat_id,
				address, name, language, timezone, not_before, priority, created_at, updated_at)
			select $1 || i, md5($1 || i), kind, 'pending', run_id, variant, session_id, session_revision, rule_ref, subject_key, person_id, seat_id,
				'reader' || i || '@d' || i % 50 || '.example', name, language, timezone, $3, priority, $3, $3
			from (select *, row_number() over (order by id) - 1 as r, count(*) over () as c from delivery
			      where kind = $4 and state = 'sent' and resend_of is null and dedupe_key not like 'bench%') d,
				generate_series(0, $2::int - 1) i where i % c = r`, "bench "+name+" ", n, tx.Now, h.kind)
		return err
	})
}

// sample is one of the letters sent, whole.
func (h *house) sample(ctx context.Context) (*mail.Message, error) {
	found, err := h.acts.Deliveries(ctx, acts.Outbox{Kind: h.kind, State: "sent", Limit: 1})
	if err != nil || len(found) == 0 {
		return nil, fmt.Errorf("no %s was sent: %w", h.kind, err)
	}
	return h.acts.Message(ctx, found[0].ID)
}

func (h *house) close() error {
	var err error
	if h.Store != nil {
		err = h.Store.Close()
	}
	if h.cluster != nil {
		err = errors.Join(err, h.cluster.Close())
	}
	return err
}

// serverCPU is the CPU time that the database server has used, its processes that ended included.
func (h *house) serverCPU() time.Duration {
	files, _ := filepath.Glob(filepath.Join(h.cluster.Dir, "*", "postmaster.pid"))
	if len(files) == 0 {
		return 0
	}
	b, _ := os.ReadFile(files[0])
	master, _, _ := strings.Cut(string(b), "\n")
	var ticks int64
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		b, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(b), ") ")
		fields := strings.Fields(rest) // from state on: ppid is 1, utime 11, stime 12, those of ended children 13 and 14
		if len(fields) < 15 {
			continue
		}
		last := 13
		if pid := strings.Fields(string(b))[0]; pid == master {
			last = 15
		} else if fields[1] != master {
			continue
		}
		for _, f := range fields[11:last] {
			n, _ := strconv.ParseInt(f, 10, 64)
			ticks += n
		}
	}
	return time.Duration(ticks) * time.Second / 100
}
