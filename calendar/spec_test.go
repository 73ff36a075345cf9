package calendar

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

func TestParseSpecRefuses(t *testing.T) {
	for _, c := range []struct{ spec, want, cure string }{
		{"", "schedule is empty", "five fields"},
		{" \t ", "schedule is empty", "five fields"},
		{"* * * *", "4 fields, need 5", "0 9 * * MON"},
		{"* * * * * *", "seconds and years are not supported", ""},
		{"* * * * * * *", "7 fields", ""},
		{"60 * * * *", "minute 60: 0-59", "0-59"},
		{"0 24 * * *", "hour 24: 0-23", ""},
		{"0 0 0 * *", "day-of-month 0: 1-31", ""},
		{"0 0 * 13 *", "month 13: 1-12", ""},
		{"0 0 * * 8", "day-of-week 8: 0-7", ""},
		{"0 0 31 2 *", "never fires", "date that exists"},
		{"0 0 30 2 *", "never fires", ""},
		{"0 0 31 4,6,9,11 *", "never fires", ""},
		{"@every 0s", "@every", "name the times"},
		{"@every -5s", "@every", ""},
		{"@every 1ns", "@every", ""},
		{"TZ=", "time zone inside", "timezone"},
		{"TZ=Asia/Tashkent", "time zone inside", ""},
		{"CRON_TZ=UTC", "time zone inside", ""},
		{"TZ=Nowhere/Bad 0 9 * * 1", "time zone inside", ""},
		{"0 9 * * MON#2", "nth weekday", "second monday"},
		{"0 9 L * *", "last or nearest day", "last working day"},
		{"0 9 15W * *", "last or nearest day", ""},
		{"@reboot", "@reboot", ""},
		{"@WEEKLY", "upper case", "@weekly"},
		{"@fortnightly", "unknown shorthand", "@daily"},
		{"*/0 * * * *", "step \"0\"", "1 or more"},
		{"*/99999999 * * * *", "exceeds the range", ""},
		{"5-1 * * * *", "runs backwards", "5-59,0-1"},
		{"0 22-2 * * *", "runs backwards", "22-23,0-2"},
		{"0 9 * * FRI-MON", "runs backwards", "FRI-7,0-MON"},
		{"0-59/99 * * * *", "exceeds the range", "at most 59"},
		{"1,,2 * * * *", "empty list item", "comma"},
		{", * * * *", "empty list item", ""},
		{"+5 * * * *", "is not a value", ""},
		{"?/5 * * * *", "is not a value", ""},
		{"1- * * * *", "without its value", ""},
		{"1-2-3 * * * *", "is not a value", ""},
		{"*/2/2 * * * *", "is not a number", ""},
		{"\uff10 9 * * *", "U+FF10", "plain"},
		{"0 9 * * *\n", "U+000A", ""},
		{"0 9 * * *\x00", "U+0000", ""},
		{"\xff 9 * * *", "U+FFFD", ""},
		{strings.Repeat("0,", 5000) + "0 * * * *", "longer than 256", "several"},
		{"0 9 13 * 5", "both restricted", "--allow-or"},
		{"0 0 */2 * 1", "both restricted", ""},
		{"0 0 1-31 * 1", "both restricted", ""},
		{"first monday of every month", "at what time", "at 09:00"},
		{"first monday of every month at 25:00", "not a time of day", ""},
		{"first mondy of every month at 09:00", "mondy", "first tuesday"},
		{"every 6 weeks at 09:00", "counts from a day", ""},
		{"fifth friday of february at 09:00", "never fires", ""},
		{"MON 9 * * *", `minute "MON" is not a value`, ""},
	} {
		_, err := ParseSpec(c.spec, "Asia/Tashkent", SpecOptions{})
		var refused *SpecError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) || !strings.Contains(refused.Hint(), c.cure) || refused.Hint() == "" {
			t.Errorf("%q: got %v (hint %v), want %q (hint %q)", c.spec, err, refused, c.want, c.cure)
		}
		if err != nil && len(err.Error()) > 250 {
			t.Errorf("%.20q…: message of %d bytes", c.spec, len(err.Error()))
		}
	}
}

func TestLoadZoneRefuses(t *testing.T) {
	for _, zone := range []string{"", "Local", "local", "UTC+5", "GMT-3+1", "Nowhere/Bad", "../etc/passwd", "Asia/Tashkent\x00", strings.Repeat("a", 100)} {
		var refused *ZoneError
		if _, err := ParseSpec("0 9 * * 1", zone, SpecOptions{}); !errors.As(err, &refused) || refused.Hint() == "" {
			t.Errorf("zone %q: got %v", zone, err)
		}
	}
}

// Each row says what the clocks show at the next fires.
func TestNext(t *testing.T) {
	for _, c := range []struct {
		why, spec, zone, from string
		want                  []string
	}{
		{"Mondays", "0 9 * * MON", "Asia/Tashkent", "2026-11-23T08:59:00+05:00", []string{"2026-11-23T09:00:00+05:00", "2026-11-30T09:00:00+05:00"}},
		{"strictly after", "0 9 * * MON", "Asia/Tashkent", "2026-11-23T09:00:00+05:00", []string{"2026-11-30T09:00:00+05:00"}},
		{"within a second", "0 9 * * MON", "Asia/Tashkent", "2026-11-23T09:00:00.5+05:00", []string{"2026-11-30T09:00:00+05:00"}},
		{"7 is Sunday", "0 9 * * 7", "UTC", "2026-11-23T00:00:00Z", []string{"2026-11-29T09:00:00Z", "2026-12-06T09:00:00Z"}},
		{"7 in a list", "0 9 * * 6,7", "UTC", "2026-11-23T00:00:00Z", []string{"2026-11-28T09:00:00Z", "2026-11-29T09:00:00Z", "2026-12-05T09:00:00Z"}},
		{"7 in a range", "0 9 * * 5-7", "UTC", "2026-11-23T00:00:00Z", []string{"2026-11-27T09:00:00Z", "2026-11-28T09:00:00Z", "2026-11-29T09:00:00Z", "2026-12-04T09:00:00Z"}},
		{"SUN ends a range", "0 9 * * sat-sun", "UTC", "2026-11-23T00:00:00Z", []string{"2026-11-28T09:00:00Z", "2026-11-29T09:00:00Z", "2026-12-05T09:00:00Z"}},
		{"step to 7", "0 9 * * 1-7/3", "UTC", "2026-11-23T10:00:00Z", []string{"2026-11-26T09:00:00Z", "2026-11-29T09:00:00Z", "2026-11-30T09:00:00Z"}},
		{"month names", "0 0 1 jan,JUL *", "UTC", "2026-11-23T00:00:00Z", []string{"2027-01-01T00:00:00Z", "2027-07-01T00:00:00Z"}},
		{"value with step", "50/5 0 1 1 *", "UTC", "2026-11-23T00:00:00Z", []string{"2027-01-01T00:50:00Z", "2027-01-01T00:55:00Z", "2028-01-01T00:50:00Z"}},
		{"@weekly", "@weekly", "UTC", "2026-11-23T00:00:00Z", []string{"2026-11-29T00:00:00Z"}},
		{"leap day over 2100", "0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", []string{"2104-02-29T00:00:00Z"}},
		{"rule in words", "First Tuesday of every quarter at 10:00", "Asia/Tashkent", "2026-12-31T00:00:00Z",
			[]string{"2027-01-05T10:00:00+05:00", "2027-04-06T10:00:00+05:00", "2027-07-06T10:00:00+05:00", "2027-10-05T10:00:00+05:00", "2028-01-04T10:00:00+05:00"}},
		{"rule later today", "last day of the month at 10:00", "UTC", "2026-11-30T09:59:59Z", []string{"2026-11-30T10:00:00Z", "2026-12-31T10:00:00Z"}},
		{"rule earlier today", "last day of the month at 10:00", "UTC", "2026-11-30T10:00:00Z", []string{"2026-12-31T10:00:00Z"}},

		{"gap runs at its end", "30 2 * * *", "America/New_York", "2026-03-07T12:00:00-05:00", []string{"2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00"}},
		{"gap, weekly", "30 2 * * 0", "America/New_York", "2026-03-02T12:00:00-05:00", []string{"2026-03-08T03:00:00-04:00", "2026-03-15T02:30:00-04:00"}},
		{"gap, yearly", "30 2 8 3 *", "America/New_York", "2026-01-01T12:00:00-05:00", []string{"2026-03-08T03:00:00-04:00", "2027-03-08T02:30:00-05:00"}},
		{"several in one gap run once", "*/10 2 * * *", "America/New_York", "2026-03-08T01:00:00-05:00", []string{"2026-03-08T03:00:00-04:00", "2026-03-09T02:00:00-04:00"}},
		{"gap end is a fire too", "0,30 2,3 * * *", "America/New_York", "2026-03-08T01:00:00-05:00", []string{"2026-03-08T03:00:00-04:00", "2026-03-08T03:30:00-04:00"}},
		{"repeated hour once", "30 1 * * *", "America/New_York", "2026-10-31T12:00:00-04:00", []string{"2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00"}},
		{"asked within the repeat", "30 1 * * *", "America/New_York", "2026-11-01T01:10:00-05:00", []string{"2026-11-02T01:30:00-05:00"}},
		{"wildcard repeats", "0 * * * *", "America/New_York", "2026-11-01T00:30:00-04:00", []string{"2026-11-01T01:00:00-04:00", "2026-11-01T01:00:00-05:00", "2026-11-01T02:00:00-05:00"}},
		{"*/1 is a wildcard", "30 */1 * * *", "America/New_York", "2026-11-01T00:59:00-04:00", []string{"2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00"}},
		{"*/2 is fixed", "30 */2 * * *", "America/New_York", "2026-03-08T01:00:00-05:00", []string{"2026-03-08T03:00:00-04:00", "2026-03-08T04:30:00-04:00"}},
		{"wildcard, nothing in a gap", "30 * * * *", "America/New_York", "2026-03-08T01:00:00-05:00", []string{"2026-03-08T01:30:00-05:00", "2026-03-08T03:30:00-04:00"}},
		{"every minute of a repeat", "59 * * * *", "Europe/London", "2026-10-25T01:00:00+01:00", []string{"2026-10-25T01:59:00+01:00", "2026-10-25T01:59:00Z", "2026-10-25T02:59:00Z"}},
		{"half an hour", "0 2 * * *", "Australia/Lord_Howe", "2026-04-04T12:00:00+11:00", []string{"2026-04-05T02:00:00+10:30"}},
		{"Lord Howe Sundays", "0 9 * * 0", "Australia/Lord_Howe", "2026-04-03T12:00:00+11:00", []string{"2026-04-05T09:00:00+10:30", "2026-04-12T09:00:00+10:30"}},
		{"Lord Howe in spring", "0 9 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00+10:30", []string{"2026-10-04T09:00:00+11:00"}},
		{"Chatham stood still", "45 3 * * *", "Pacific/Chatham", "2026-04-05T02:45:00+12:45", []string{"2026-04-05T03:45:00+12:45", "2026-04-06T03:45:00+12:45"}},
		{"Chatham repeats 02:45", "45 2 * * *", "Pacific/Chatham", "2026-04-04T12:00:00+13:45", []string{"2026-04-05T02:45:00+13:45", "2026-04-06T02:45:00+12:45"}},
		{"Cairo jumps at midnight", "0 0 * * *", "Africa/Cairo", "2026-04-23T12:00:00+02:00", []string{"2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00"}},
		{"Havana, weekly", "0 0 * * 0", "America/Havana", "2026-03-03T12:00:00-05:00", []string{"2026-03-08T01:00:00-04:00", "2026-03-15T00:00:00-04:00"}},
		{"Troll jumps two hours", "30 2 * * *", "Antarctica/Troll", "2026-03-28T12:00:00Z", []string{"2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"}},
		{"Troll repeats two hours", "30 1 * * *", "Antarctica/Troll", "2026-10-25T00:00:00+02:00", []string{"2026-10-25T01:30:00+02:00", "2026-10-26T01:30:00Z"}},
		{"Santiago jumps at midnight", "0 0 * * *", "America/Santiago", "2026-09-05T12:00:00-04:00", []string{"2026-09-06T01:00:00-03:00", "2026-09-07T00:00:00-03:00"}},
		{"Santiago, half an hour later", "30 0 * * *", "America/Santiago", "2026-09-05T12:00:00-04:00", []string{"2026-09-06T01:00:00-03:00", "2026-09-07T00:30:00-03:00"}},
		{"Scoresbysund jumps over midnight", "30 23 * * *", "America/Scoresbysund", "2026-03-28T12:00:00-02:00", []string{"2026-03-29T00:00:00-01:00", "2026-03-29T23:30:00-01:00"}},
		{"Amman jumped at midnight", "30 0 * * *", "Asia/Amman", "2022-02-24T12:00:00+02:00", []string{"2022-02-25T01:00:00+03:00", "2022-02-26T00:30:00+03:00"}},
		{"Amman stays on summer time", "30 0 * * *", "Asia/Amman", "2022-10-27T12:00:00+03:00", []string{"2022-10-28T00:30:00+03:00", "2022-10-29T00:30:00+03:00"}},
		{"a whole day missing", "0 9 * * *", "Pacific/Apia", "2011-12-29T12:00:00-10:00", []string{"2011-12-31T00:00:00+14:00", "2011-12-31T09:00:00+14:00"}},
		{"a whole day twice", "0 9 * * *", "Pacific/Kwajalein", "1969-09-29T12:00:00+11:00", []string{"1969-09-30T09:00:00+11:00", "1969-10-01T09:00:00-12:00"}},
	} {
		s, err := ParseSpec(c.spec, c.zone, SpecOptions{})
		if err != nil {
			t.Errorf("%s: %v", c.why, err)
			continue
		}
		at := moment(t, c.from)
		for i, want := range c.want {
			at = s.Next(at)
			if got := at.Format(time.RFC3339); got != want {
				t.Errorf("%s: %q in %s, fire %d: got %s, want %s", c.why, c.spec, c.zone, i+1, got, want)
				break
			}
		}
	}
}

func TestAllowOr(t *testing.T) {
	s, err := ParseSpec("0 9 13 * 5", "UTC", SpecOptions{AllowOr: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Next(moment(t, "2026-12-11T10:00:00Z")).Format(time.DateOnly); got != "2026-12-13" {
		t.Errorf("after Friday the 11th: got %s, want the 13th", got)
	}
}

func TestZeroSpecNeverFires(t *testing.T) {
	if got := (Spec{}).Next(time.Now()); !got.IsZero() {
		t.Errorf("got %s", got)
	}
}

func FuzzParseSpec(f *testing.F) {
	for _, s := range []string{"0 9 * * MON", "*/5 * * * 5-7", "TZ=", "@every 1s", "first monday of every month at 09:00", "last working day of june at 10:00", "\x00"} {
		f.Add(s, "Europe/Vienna")
	}
	f.Fuzz(func(t *testing.T, text, zone string) {
		s, err := ParseSpec(text, zone, SpecOptions{AllowOr: true})
		if err != nil {
			return
		}
		at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		for range 50 {
			next := s.Next(at)
			if !next.After(at) {
				t.Fatalf("%q in %s: after %s comes %s", text, zone, at, next)
			}
			at = next
		}
	})
}

func moment(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}
