package main

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"secretariat/acts"
	"secretariat/examples"
	"secretariat/mail"
	"secretariat/programme/file"
)

// The sample speaks of one morning: a report is due at 09:00, and so are the reminders of a session in two weeks.
var (
	demoStart = time.Date(2026, 11, 23, 8, 59, 0, 0, time.FixedZone("", 5*3600))
	demoHour  = 6 * time.Minute // what --once covers: up to and including 09:05
)

func (a *app) demoCommand() *cobra.Command {
	var once bool
	var at string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Show the whole walk on the sample programme; nothing leaves this machine",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			start := demoStart
			if at != "" {
				var err error
				if start, err = parseMoment("at", at, demoStart.Location()); err != nil {
					return err
				}
			}
			return a.demo(cmd.Context(), start, once)
		},
	}
	cmd.Flags().BoolVar(&once, "once", false, "do everything that is due within six minutes of --at, then end")
	cmd.Flags().StringVar(&at, "at", "", "moment at which the demonstration's clock starts (default 2026-11-23T08:59:00+05:00)")
	return cmd
}

// demo runs the demonstration in the data folder: database, relay and Maildir of its own.
func (a *app) demo(ctx context.Context, start time.Time, once bool) (err error) {
	began := time.Now()
	dir := a.options.text("dir")
	if a.options["dir"].source == "default" {
		dir = filepath.Join(os.TempDir(), "secretariat-demo")
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	h, relay, err := a.openDemo(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, relay.Close(), h.close()) }()
	from, err := h.applySample(ctx, start)
	if err != nil {
		return err
	}
	if !once {
		a.say("The demonstration's clock stands at %s. Letters: http://%s", from.Format("Mon 2 January 2006 15:04"), a.options.text("listen"))
		return a.serve(ctx, h, true)
	}
	to := start.Add(demoHour)
	if err := a.runUntil(ctx, h, to); err != nil {
		return err
	}
	if to.Before(from) { // done before: the clock has gone on, and never runs backwards
		to = from
	}
	return a.writeDemo(ctx, h, dir, from, to, began)
}

// openDemo opens the house of a demonstration with its local relay. The caller closes both.
func (a *app) openDemo(ctx context.Context, dir string) (*house, *mail.Relay, error) {
	a.demoOptions(dir)
	d, err := a.openDatabase(ctx)
	if err != nil {
		return nil, nil, err
	}
	if _, err := d.migrate(ctx); err != nil {
		return nil, nil, errors.Join(err, d.close())
	}
	h, err := a.furnish(ctx, d, needDatabase)
	if err != nil {
		return nil, nil, errors.Join(err, d.close())
	}
	relay, err := h.localRelay(filepath.Join(dir, "mail"))
	if err != nil {
		return nil, nil, errors.Join(err, h.close())
	}
	return h, relay, nil
}

// demoOptions sets what a demonstration decides itself, where nothing else was said.
func (a *app) demoOptions(dir string) {
	a.options["dir"] = setting{dir, "demo"}
	for name, value := range map[string]string{
		"from":       "Secretariat ISRS–UNOCT <secretariat@isrs.example>",
		"public-url": "http://" + a.options.text("listen"),
	} {
		if s := a.options[name]; s.source == "default" {
			a.options[name] = setting{value, "demo"}
		}
	}
}

// localRelay starts a relay on this machine that delivers into a Maildir, which is also the oracle.
func (h *house) localRelay(dir string) (*mail.Relay, error) {
	maildir, err := mail.OpenMaildir(dir)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	relay := mail.StartRelay(listener, maildir)
	h.acts.Oracle = maildir
	h.acts.Mail.QuietPeriod = time.Second // a relay in this very process takes in no letter after its connection is gone
	return relay, h.connect(mail.Settings{URL: relay.URL()})
}

// applySample sets the clock, unless it is past that moment already, applies the sample and returns what the clock shows.
func (h *house) applySample(ctx context.Context, start time.Time) (time.Time, error) {
	from, err := h.acts.StartClock(ctx, start)
	if err != nil {
		return from, err
	}
	if err := h.KeepLinks(ctx); err != nil {
		return from, err
	}
	sample, err := h.acts.ReadProgramme(file.Source{Name: "tashkent/programme.yaml", Text: examples.Tashkent})
	if err != nil {
		return from, err
	}
	_, err = h.acts.Apply(ctx, acts.ApplyRequest{Document: sample, Actor: "demo"})
	return from.In(start.Location()), err
}

// runUntil steps the clock from one due moment to the next and does what is due, up to and including the end.
func (a *app) runUntil(ctx context.Context, h *house, end time.Time) error {
	working, stop := context.WithCancel(ctx)
	worked := make(chan error, 1)
	go func() { worked <- h.engine.Run(working, h.acts) }()
	err := func() error {
		for {
			if err := h.engine.Settle(ctx, h.acts); err != nil {
				return err
			}
			at, due, err := h.acts.NextDue(ctx, end)
			if err != nil || !due {
				return err
			}
			a.progress("%s", at.In(end.Location()).Format("15:04:05"))
			if err := h.SetClock(ctx, at); err != nil {
				return err
			}
		}
	}()
	stop()
	return errors.Join(err, <-worked)
}
