package calendar

import (
	"errors"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"
)

// Each refusal names the field and its value, and says what to write instead.
func TestParseSpecRefuses(t *testing.T) {
	const (
		five    = `five fields are needed, e.g. "0 9 * * MON"`
		monday  = `e.g. "0 9 * * MON" for Mondays at 9:00`
		never   = "never fires: no such date within five years"
		exists  = `give a date that exists, e.g. "0 9 1 3 *"`
		every   = "@every counts from whenever the program was started"
		times   = `name the times instead, e.g. "*/15 * * * *"`
		inside  = "a time zone inside the schedule"
		outside = "leave the zone out of the schedule and give it as its timezone, e.g. Asia/Tashkent"
		lastDay = `write a rule, e.g. "last working day of the month at 09:00"`
		nine    = `name the times instead, e.g. "0 9 * * *"`
		plain   = "write it with plain digits, letters and spaces"
		both    = "day-of-month and day-of-week are both restricted, and either alone would fire it"
		oneOf   = `leave one of them *, write a rule such as "first monday of every month at 09:00", or allow it: allow_or in a programme file, --allow-or on the command line`
		rules   = `e.g. "first tuesday of every quarter", "last working day of the month", "day 15 of every month", "every 6 weeks"`
		need5   = " fields, need 5 (minute hour day-of-month month day-of-week)"
		seconds = "; seconds and years are not supported"
		known   = "@hourly, @daily, @weekly, @monthly, @yearly, or five fields"
	)
	for _, c := range []struct{ spec, problem, cure string }{
		{"", "schedule is empty", five},
		{" \t ", "schedule is empty", five},
		{"* * * *", "4" + need5, monday},
		{"* * * * * *", "6" + need5 + seconds, monday},
		{"* * * * * * *", "7" + need5 + seconds, monday},
		{"60 * * * *", "minute 60: 0-59", "0-59"},
		{"0 24 * * *", "hour 24: 0-23", "0-23"},
		{"0 0 0 * *", "day-of-month 0: 1-31", "1-31"},
		{"0 0 * 13 *", "month 13: 1-12 or JAN-DEC", "1-12 or JAN-DEC"},
		{"0 0 * * 8", "day-of-week 8: 0-7 or SUN-SAT", "0-7 or SUN-SAT"},
		{"0 0 31 2 *", never, exists},
		{"0 0 30 2 *", never, exists},
		{"0 0 31 4,6,9,11 *", never, exists},
		{"@every 0s", every, times},
		{"@every -5s", every, times},
		{"@every 1ns", every, times},
		{"TZ=", inside, outside},
		{"TZ=Asia/Tashkent", inside, outside},
		{"CRON_TZ=UTC", inside, outside},
		{"TZ=Nowhere/Bad 0 9 * * 1", inside, outside},
		{"0 9 * * MON#2", "day-of-week MON#2: the nth weekday is no cron field", `write a rule, e.g. "second monday of every month at 09:00"`},
		{"0 9 L * *", "day-of-month L: the last or nearest day is no cron field", lastDay},
		{"0 9 15W * *", "day-of-month 15W: the last or nearest day is no cron field", lastDay},
		{"@reboot", "@reboot is no time", nine},
		{"@WEEKLY", "upper case", "write @weekly"},
		{"@fortnightly", "unknown shorthand", known},
		{"*/0 * * * *", `minute step "0" is not a number from 1`, "a step is 1 or more, e.g. */2"},
		{"*/99999999 * * * *", "minute step 99999999 exceeds the range 0-59", "a step of at most 59"},
		{"5-1 * * * *", "minute 5-1 runs backwards", "write it as a list of two, e.g. 5-59,0-1"},
		{"0 22-2 * * *", "hour 22-2 runs backwards", "write it as a list of two, e.g. 22-23,0-2"},
		{"0 9 * * FRI-MON", "day-of-week FRI-MON runs backwards", "write it as a list of two, e.g. FRI-7,0-MON"},
		{"0-59/99 * * * *", "minute step 99 exceeds the range 0-59", "a step of at most 59"},
		{"1,,2 * * * *", `minute "1,,2" has an empty list item`, "put a value before and after every comma"},
		{", * * * *", `minute "," has an empty list item`, "put a value before and after every comma"},
		{"+5 * * * *", `minute "+5" is not a value: 0-59`, "0-59"},
		{"?/5 * * * *", `minute "?" is not a value: 0-59`, "0-59"},
		{"1- * * * *", "minute has a range or a step without its value", "0-59"},
		{"1-2-3 * * * *", `minute "2-3" is not a value: 0-59`, "0-59"},
		{"*/2/2 * * * *", `minute step "2/2" is not a number from 1`, "a step is 1 or more, e.g. */2"},
		{"\uff10 9 * * *", "non-ASCII or control character U+FF10", plain},
		{"0 9 * * *\n", "non-ASCII or control character U+000A", plain},
		{"0 9 * * *\x00", "non-ASCII or control character U+0000", plain},
		{"\xff 9 * * *", "non-ASCII or control character U+FFFD", plain},
		{strings.Repeat("0,", 5000) + "0 * * * *", "10009 characters, longer than 256", "split it into several schedules"},
		{"0 9 13 * 5", both, oneOf},
		{"0 0 */2 * 1", both, oneOf},
		{"0 0 1-31 * 1", both, oneOf},
		{"first monday of every month", "says not at what time", `add the time of day, e.g. "first monday of every month at 09:00"; or write five cron fields`},
		{"first monday of every month at 25:00", `"25:00" is not a time of day such as 09:00`, "a time of day such as 09:00"},
		{"first mondy of every month at 09:00", `"mondy" is no weekday, day or working day`, rules},
		{"every 6 weeks at 09:00", "counts from a day that it does not name",
			`say which: starts_on in a programme file, --starts-on on the command line; or name the days, e.g. "first monday of every month at 09:00"`},
		{"fifth friday of february at 09:00", never, exists},
		{"MON 9 * * *", `minute "MON" is not a value: 0-59`, "0-59"},
		{"@every 24h", every, times},
		{"@every 10ms", every, times},
		{"@every 1.5s", every, times},
		{"@EVERY 1h", every, times},
		{"TZ= * * * * *", inside, outside},
		{"CRON_TZ=Local * * * * *", inside, outside},
		{"CRON_TZ=UTC\t* * * * *", inside, outside},
		{"tz=UTC 0 9 * * *", inside, outside},
		{" CRON_TZ=UTC 0 9 * * *", inside, outside},
		{"0 9 * * * 2026", "6" + need5 + seconds, monday},
		{"0 9 * * * # daily", "7" + need5 + seconds, monday},
		{"0 9 1-7 * 1", both, oneOf},
		{"0-60 * * * *", "minute 60: 0-59", "0-59"},
		{"0 9 * * MON-", "day-of-week has a range or a step without its value", "0-7 or SUN-SAT"},
		{"0 9 LW * *", "day-of-month LW: the last or nearest day is no cron field", lastDay},
		{"0 9 * * 5L", "day-of-week 5L: the last or nearest day is no cron field", lastDay},
		{"@Reboot", "@reboot is no time", nine},
		{"@hourly 5", "unknown shorthand", known},
		{"every 0 weeks at 09:00", "0 is not a number from 1 to 520", rules},
		{"last working day of the month at 9", `"9" is not a time of day such as 09:00`, "a time of day such as 09:00"},
		{"sixth monday of every month at 09:00", `"sixth" is none of first, second, third, fourth, fifth, last, day, every`, rules},
		{"day 31 of every month at 09:00", "day 31: 1 to 28 (later days are not in every month; write last day)", rules},
		{"first monday of every fortnight at 09:00", `"fortnight" is no month, quarter or year`, rules},
		{"0 0 31 9 *", never, exists},
	} {
		_, err := ParseSpec(c.spec, "Asia/Tashkent", SpecOptions{})
		var refused *SpecError
		if !errors.As(err, &refused) || refused.Spec != c.spec || refused.Problem != c.problem || refused.Hint() != c.cure {
			t.Errorf("%.60q: got %#v, want %q (hint %q)", c.spec, err, c.problem, c.cure)
			continue
		}
		if got := err.Error(); !strings.HasPrefix(got, `schedule "`) || !strings.HasSuffix(got, `": `+c.problem) || len(got) > 250 {
			t.Errorf("%.60q: says %q", c.spec, got)
		}
	}
}

func TestLoadZoneRefuses(t *testing.T) {
	const (
		name  = "a name of the IANA time zone database, e.g. "
		any   = name + "Asia/Tashkent, Europe/Vienna or UTC"
		fixed = "fixed offsets are not zones; use " + name
	)
	for _, row := range []struct{ why, zone, cure string }{
		{"none", "", any},
		{"the machine's", "Local", any},
		{"the machine's, in small letters", "local", any},
		{"an offset", "UTC+5", fixed + "Asia/Tashkent, Asia/Almaty or Asia/Dushanbe"},
		{"an offset without a name", "+05:00", fixed + "Asia/Tashkent, Asia/Almaty or Asia/Dushanbe"},
		{"an offset of the database, which counts to the west", "Etc/GMT+5", fixed + "America/Atikokan, America/Bogota or America/Cancun"},
		{"a rule of POSIX", "GMT-3+1", any},
		{"a slip", "America/New_Yrok", "did you mean America/New_York?"},
		{"small letters", "asia/tashkent", "did you mean Asia/Tashkent?"},
		{"a zone and more", "Asia/Tashkent\x00", "did you mean Asia/Tashkent?"},
		{"near to one only at the end", "Nowhere/Bad", "did you mean Asia/Baghdad?"},
		{"a file", "../etc/passwd", any},
		{"longer than any", strings.Repeat("a", 100), any},
	} {
		var refused *ZoneError
		if _, err := ParseSpec("0 9 * * 1", row.zone, SpecOptions{}); !errors.As(err, &refused) || refused.Zone != row.zone || refused.Hint() != row.cure {
			t.Errorf("%s, %q: got %#v, want the hint %q", row.why, row.zone, err, row.cure)
		}
	}
}

// Each row says what the clocks show at the next fires. The moments of the changes of clocks were found with another program, which
// walks minute by minute through the zones of Python.
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
		{"London shifts", "30 1 * * *", "Europe/London", "2026-03-28T12:00:00Z", []string{"2026-03-29T02:00:00+01:00", "2026-03-30T01:30:00+01:00"}},
		{"London once", "30 1 * * *", "Europe/London", "2026-10-24T12:00:00+01:00", []string{"2026-10-25T01:30:00+01:00", "2026-10-26T01:30:00Z"}},
		{"hourly over a gap", "0 * * * *", "America/New_York", "2026-03-08T00:30:00-05:00", []string{"2026-03-08T01:00:00-05:00", "2026-03-08T03:00:00-04:00", "2026-03-08T04:00:00-04:00"}},
		{"Lord Howe jumps half an hour", "15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00+10:30", []string{"2026-10-04T02:30:00+11:00", "2026-10-05T02:15:00+11:00"}},
		{"Lord Howe repeats half an hour", "45 1 * * *", "Australia/Lord_Howe", "2026-04-04T12:00:00+11:00", []string{"2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30"}},
		{"Cairo repeats before midnight", "30 23 * * *", "Africa/Cairo", "2026-10-29T12:00:00+03:00", []string{"2026-10-29T23:30:00+03:00", "2026-10-30T23:30:00+02:00"}},
		{"Havana repeats midnight", "0 0 * * *", "America/Havana", "2026-10-31T12:00:00-04:00", []string{"2026-11-01T00:00:00-04:00", "2026-11-02T00:00:00-05:00"}},
		{"Havana hourly", "30 * * * *", "America/Havana", "2026-11-01T00:00:00-04:00", []string{"2026-11-01T00:30:00-04:00", "2026-11-01T00:30:00-05:00", "2026-11-01T01:30:00-05:00"}},
		{"Chatham in spring", "0 3 * * *", "Pacific/Chatham", "2026-09-26T12:00:00+12:45", []string{"2026-09-27T03:45:00+13:45", "2026-09-28T03:00:00+13:45"}},
		{"Berlin gap Sunday", "30 2 * * 0", "Europe/Berlin", "2026-03-28T12:00:00+01:00", []string{"2026-03-29T03:00:00+02:00", "2026-04-05T02:30:00+02:00"}},
		{"Troll hourly", "30 * * * *", "Antarctica/Troll", "2026-10-25T02:00:00+02:00", []string{"2026-10-25T02:30:00+02:00", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z", "2026-10-25T03:30:00Z"}},
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
