// Package run measures a whole run of the weekly report on a real PostgreSQL: reading, composing, drawing, recording, and
// the letters into a Maildir through an SMTP relay on this machine. script/bench run prints the figures.
package run

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"secretariat/acts"
	"secretariat/letters"
	"secretariat/mail"
	"secretariat/mail/mailtest"
	"secretariat/programme/file"
	"secretariat/reports"
	"secretariat/store"
	"secretariat/store/storetest"
	"secretariat/templates"
)

// fire is the moment of the run, the Monday that the sample is made for.
var fire = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

// office is an installation with the sample programme.
func office(b *testing.B) *acts.Acts {
	b.Helper()
	set, err := letters.Load(templates.Letters)
	if err != nil {
		b.Fatal(err)
	}
	library, err := reports.Load(templates.Reports())
	if err != nil {
		b.Fatal(err)
	}
	relay := mailtest.Start(b, mailtest.Script{})
	pool, err := mail.NewPool(mail.Settings{URL: relay.URL(), DialTimeout: time.Minute, StepTimeout: time.Minute, ReplyTimeout: time.Minute})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { pool.Close() })
	a := &acts.Acts{Store: storetest.New(b), Letters: set, Reports: library, Sender: pool, Replica: "bench", Mail: acts.MailOptions{Domain: "sec.example",
		PublicURL: "https://council.example", From: mail.Address{Name: "Secretariat", Address: "secretariat@isrs.example"}, Lease: time.Minute}}
	if err := a.Store.SetClock(b.Context(), fire); err != nil {
		b.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "tashkent", "programme.yaml"))
	if err != nil {
		b.Fatal(err)
	}
	doc, err := file.Read(nil, file.Source{Name: "programme.yaml", Text: text})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := a.Apply(b.Context(), acts.ApplyRequest{Document: doc, Actor: "bench"}); err != nil {
		b.Fatal(err)
	}
	storetest.Exec(b, a.Store, `update delivery set state = 'suppressed', reason = 'not measured'`)
	return a
}

// oneZone lets all readers share a clearance and a time zone, so that a rendering is left for each of three languages.
const oneZone = `update person set timezone = 'Asia/Tashkent', clearance = 'limited', language = case when language in ('ru', 'uz') then language else 'en' end`

// readers replaces the readers of the report by a thousand in twenty kinds: ten time zones, two clearances.
const readers = `
	update subscription set retired_at = now() where report = 'weekly-progress';
	insert into person (ref, name, organisation_id, email, language, timezone, clearance)
	select 'R-' || i, 'Reader ' || i, (select min(id) from organisation), 'reader' || i || '@un.example', 'en',
	       (array['Asia/Tashkent', 'Europe/Vienna', 'America/New_York', 'Asia/Almaty', 'Asia/Bishkek', 'Asia/Dushanbe', 'Asia/Ashgabat', 'Asia/Riyadh',
	              'Asia/Shanghai', 'Europe/London'])[i %% 10 + 1],
	       (array['public', 'limited'])[i / 10 %% 2 + 1]
	from   generate_series(1, %d) as i;
	insert into subscription (report, people, format) select 'weekly-progress', array_agg(ref), 'pdf' from person where ref like 'R-%%'`

func BenchmarkRun(b *testing.B) {
	for _, row := range []struct {
		name    string
		grow    int
		prepare string
	}{
		{"sample", 0, ""},
		{"sample in three languages", 0, oneZone},
		{"10,000 activities", 10_000, ""},
		{"10,000 activities in three languages", 10_000, oneZone},
		{"1,000 readers with 20 renderings", 0, fmt.Sprintf(readers, 1000)},
	} {
		b.Run(row.name, func(b *testing.B) {
			a := office(b)
			if row.prepare != "" {
				storetest.Exec(b, a.Store, row.prepare)
			}
			if row.grow > 0 {
				storetest.Grow(b, a.Store, row.grow)
			}
			measure(b, a)
		})
	}
}

// BenchmarkReaders tells how many renderings' worth of CPU time the run for a thousand readers is, who need twenty: against
// the run for twenty readers, one for each rendering, in the same process and the same minutes. Sending is not part of it.
func BenchmarkReaders(b *testing.B) {
	b.Run("1,000 readers against 20", func(b *testing.B) {
		few, many := office(b), office(b)
		storetest.Exec(b, few.Store, fmt.Sprintf(readers, 20))
		storetest.Exec(b, many.Store, fmt.Sprintf(readers, 1000))
		server := postgres(b, few.Store)
		makeRun(b, few, 0)
		makeRun(b, many, 0)
		var base, whole cost
		n := 0
		for b.Loop() {
			n++
			var r result
			base.add(server, func() { r = makeRun(b, few, n) })
			if r.renderings != 20 {
				b.Fatalf("%d renderings for 20 readers of 20 kinds", r.renderings)
			}
			whole.add(server, func() { r = makeRun(b, many, n) })
			if r.renderings != 20 {
				b.Fatalf("%d renderings for 1,000 readers of 20 kinds", r.renderings)
			}
		}
		one := (base.program + base.database) / 20
		b.ReportMetric(float64(one.Microseconds())/1000/float64(n), "rendering-ms/op")
		b.ReportMetric(float64(whole.program+whole.database)/float64(one), "renderings-worth")
	})
}

// measure runs the report once to warm up and then as often as asked, and reports the CPU time of this process and of
// PostgreSQL apart: of the run (reading, composing, drawing, recording), and of sending its letters. The relay that takes
// them in is part of this process, so that its work counts as well.
func measure(b *testing.B, a *acts.Acts) {
	deliver(b, a, makeRun(b, a, 0).id)
	server := postgres(b, a.Store)
	var runs, letters cost
	var last result
	n := 0
	for b.Loop() {
		n++
		runs.add(server, func() { last = makeRun(b, a, n) })
		letters.add(server, func() { last.letters = deliver(b, a, last.id) })
	}
	per := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 / float64(n) }
	b.ReportMetric(per(runs.program), "run-ms/op")
	b.ReportMetric(per(runs.database), "run-postgres-ms/op")
	b.ReportMetric(per(letters.program), "send-ms/op")
	b.ReportMetric(per(letters.database), "send-postgres-ms/op")
	b.ReportMetric(float64(last.renderings), "renderings/op")
	b.ReportMetric(float64(last.pages), "pages/op")
	b.ReportMetric(float64(last.letters), "letters/op")
}

type result struct {
	id                         int64
	renderings, pages, letters int
}

// makeRun makes and records the report of the n-th second after the fire.
func makeRun(b *testing.B, a *acts.Acts, n int) (r result) {
	b.Helper()
	at := fire.Add(time.Duration(n) * time.Second)
	if err := a.Store.SetClock(b.Context(), at); err != nil {
		b.Fatal(err)
	}
	var schedule int64
	err := a.Store.InTx(b.Context(), func(tx *store.Tx) error {
		return tx.GetContext(b.Context(), &schedule, `select id from schedule where report = 'weekly-progress'`)
	})
	if err != nil {
		b.Fatal(err)
	}
	plan, err := a.PlanRun(b.Context(), acts.Occasion{Schedule: schedule, Report: "weekly-progress", FireAt: at})
	if err != nil || plan.State != store.RunReleased {
		b.Fatalf("run is %s: %v %v", plan.State, plan.Faults, err)
	}
	recorded, err := a.RecordRun(b.Context(), plan)
	if err != nil {
		b.Fatal(err)
	}
	r = result{id: recorded.ID, renderings: len(plan.Renderings)}
	for _, made := range plan.Renderings {
		r.pages += made.Pages
	}
	return r
}

// deliver sends the letters of a run.
func deliver(b *testing.B, a *acts.Acts, run int64) int {
	b.Helper()
	var ids []int64
	err := a.Store.InTx(b.Context(), func(tx *store.Tx) error {
		return tx.SelectContext(b.Context(), &ids, `select id from delivery where run_id = $1 order by id`, run)
	})
	if err != nil {
		b.Fatal(err)
	}
	for _, id := range ids {
		if err := a.Deliver(b.Context(), id); err != nil {
			b.Fatal(err)
		}
	}
	var sent int
	err = a.Store.InTx(b.Context(), func(tx *store.Tx) error {
		return tx.GetContext(b.Context(), &sent, `select count(*) from delivery where run_id = $1 and state = 'sent'`, run)
	})
	if err != nil || sent != len(ids) {
		b.Fatalf("%d of %d letters are sent: %v", sent, len(ids), err)
	}
	return sent
}
