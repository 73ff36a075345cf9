package acts

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/store"
)

// at reads a moment of the tests: local time in Tashkent, which has no summer time.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Tashkent")
	if err != nil {
		t.Fatal(err)
	}
	m, err := time.ParseInLocation("2006-01-02 15:04:05", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func daily(catchUp string) store.DueSchedule {
	return store.DueSchedule{Ref: "D", Spec: "0 9 * * *", Timezone: "Asia/Tashkent", CatchUp: catchUp, Grace: "PT1H", Deadline: "P30D", Overlap: "skip", Jitter: "PT0S", Holiday: "send", CatchUpLimit: 20}
}

func TestFires(t *testing.T) {
	for _, row := range []struct {
		why        string
		schedule   store.DueSchedule
		first, now string
		want       string // decisions oldest first, by day
		next       string
	}{
		{"met at once", daily("skip"), "2026-11-23 09:00:00", "2026-11-23 09:00:00", "23 on_time", "2026-11-24 09:00:00"},
		{"within its grace", daily("skip"), "2026-11-23 09:00:00", "2026-11-23 10:00:00", "23 on_time", "2026-11-24 09:00:00"},
		{"after its grace, skip", daily("skip"), "2026-11-23 09:00:00", "2026-11-23 10:00:01", "23 skipped", "2026-11-24 09:00:00"},
		{"after its grace, latest", daily("latest"), "2026-11-23 09:00:00", "2026-11-23 12:00:00", "23 catch_up", "2026-11-24 09:00:00"},
		{"three missed, latest runs one", daily("latest"), "2026-11-21 09:00:00", "2026-11-23 12:00:00", "21 skipped, 22 skipped, 23 catch_up", "2026-11-24 09:00:00"},
		{"a fire on time covers those missed", daily("latest"), "2026-11-21 09:00:00", "2026-11-23 09:30:00", "21 skipped, 22 skipped, 23 on_time", "2026-11-24 09:00:00"},
		{"all are made up for", daily("all"), "2026-11-21 09:00:00", "2026-11-23 12:00:00", "21 catch_up, 22 catch_up, 23 catch_up", "2026-11-24 09:00:00"},
	} {
		t.Run(row.why, func(t *testing.T) {
			timing, err := readTiming(row.schedule, civil{})
			if err != nil {
				t.Fatal(err)
			}
			decided, next := timing.fires(at(t, row.first), at(t, row.now))
			var got []string
			for _, o := range decided {
				got = append(got, fmt.Sprintf("%d %s", o.FireAt.Day(), o.Decision))
			}
			if s := strings.Join(got, ", "); s != row.want || !next.Equal(at(t, row.next)) {
				t.Errorf("got %s, next %s; want %s, next %s", s, next, row.want, row.next)
			}
		})
	}
}

func TestFiresPastTheirDeadline(t *testing.T) {
	s := daily("all")
	s.Deadline = "P2D"
	timing, err := readTiming(s, civil{})
	if err != nil {
		t.Fatal(err)
	}
	decided, _ := timing.fires(at(t, "2026-11-19 09:00:00"), at(t, "2026-11-23 12:00:00"))
	if len(decided) != 5 || decided[0].Reason != "past its deadline" || decided[3].Decision != store.CatchUp {
		t.Errorf("want two fires past their deadline and three made up for, got %+v", decided)
	}
}

func TestCatchUpLimit(t *testing.T) {
	timing, err := readTiming(daily("all"), civil{})
	if err != nil {
		t.Fatal(err)
	}
	decided, _ := timing.fires(at(t, "2026-10-26 09:00:00"), at(t, "2026-11-23 12:00:00"))
	ran := 0
	for _, o := range decided {
		if o.Decision == store.CatchUp {
			ran++
		}
	}
	if ran != 20 || decided[0].Decision != store.Skipped {
		t.Errorf("%d of %d fires made up for, want the latest %d", ran, len(decided), 20)
	}
}

// A year without the daemon costs bounded work and leaves bounded rows, whatever the schedule.
func TestYearOfDowntime(t *testing.T) {
	s := daily("latest")
	s.Spec, s.Deadline = "* * * * *", "P6D"
	timing, err := readTiming(s, civil{})
	if err != nil {
		t.Fatal(err)
	}
	now := at(t, "2026-11-23 12:00:30")
	decided, next := timing.fires(at(t, "2025-11-23 12:00:00"), now)
	if len(decided) > 100 {
		t.Errorf("%d rows, want at most 100", len(decided))
	}
	if !next.Equal(at(t, "2026-11-23 12:01:00")) {
		t.Errorf("next fire %s, want the coming minute", next)
	}
	if first := decided[0]; first.SkippedBefore == 0 || !strings.Contains(first.Reason, "there were more before") {
		t.Errorf("the first row should stand for the rest, got %+v", first)
	}
	ran := slices.IndexFunc(decided, func(o store.Occurrence) bool { return o.Decision != store.Skipped })
	if ran < 0 {
		t.Error("the latest fire should run")
	}
}

// The jitter of a schedule is the same at every fire and on every replica.
func TestJitter(t *testing.T) {
	s := daily("latest")
	s.Jitter = "PT5M"
	one, err := readTiming(s, civil{})
	if err != nil {
		t.Fatal(err)
	}
	two, _ := readTiming(s, civil{})
	if one.offset != two.offset || one.offset < 0 || one.offset >= 5*time.Minute {
		t.Errorf("offsets %s and %s, want the same within five minutes", one.offset, two.offset)
	}
	decided, _ := one.fires(at(t, "2026-11-23 09:00:00"), at(t, "2026-11-23 09:00:00"))
	if got := decided[0].NotBefore.Sub(decided[0].FireAt); got != one.offset {
		t.Errorf("run %s after its fire, want %s", got, one.offset)
	}
}

func TestBrokenTiming(t *testing.T) {
	s := daily("latest")
	s.Grace, s.Spec = "soon", "0 0 31 2 *"
	_, err := readTiming(s, civil{})
	if err == nil || !strings.Contains(err.Error(), "schedule D") || !strings.Contains(err.Error(), "soon") {
		t.Errorf("got %v, want an error that names the schedule and the value", err)
	}
}
