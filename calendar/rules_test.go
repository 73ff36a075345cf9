package calendar

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

// uz2026 are the days off around the turn of the year in Uzbekistan; 12 December is a working Saturday.
var uz2026 = Holidays{
	Off:     []time.Time{day("2026-12-08"), day("2026-12-31"), day("2027-01-01")},
	Working: []time.Time{day("2026-12-12")},
}

func TestRuleAfter(t *testing.T) {
	work := CalendarWorkdays("UZ", uz2026)
	for _, c := range []struct {
		why, rule, from, anchor string
		want                    []string
	}{
		{"the series of the sample", "first tuesday of every quarter", "2026-10-06", "", []string{"2027-01-05", "2027-04-06", "2027-07-06", "2027-10-05", "2028-01-04"}},
		{"a rule's day itself is not after it", "first tuesday of every quarter", "2027-01-05", "", []string{"2027-04-06"}},
		{"the day before", "first tuesday of every quarter", "2027-01-04", "", []string{"2027-01-05"}},
		{"last working day, holiday at the end", "last working day of the month", "2026-12-01", "", []string{"2026-12-30", "2027-01-29"}},
		{"first working day after New Year", "first working day of every year", "2026-12-31", "", []string{"2027-01-04"}},
		{"second monday", "second monday of each month", "2026-11-23", "", []string{"2026-12-14", "2027-01-11"}},
		{"fifth only where there is one", "fifth monday of the month", "2026-11-23", "", []string{"2026-11-30", "2027-03-29"}},
		{"last day, leap year", "last day of february", "2026-11-23", "", []string{"2027-02-28", "2028-02-29"}},
		{"day number", "day 15 of every month", "2026-11-15", "", []string{"2026-12-15", "2027-01-15"}},
		{"day of the quarter", "day 15 of every quarter", "2026-10-15", "", []string{"2027-01-15", "2027-04-15"}},
		{"a named month", "third thursday of june", "2026-11-23", "", []string{"2027-06-17", "2028-06-15"}},
		{"every 6 weeks", "every 6 weeks", "2026-11-23", "2026-11-03", []string{"2026-12-15", "2027-01-26"}},
		{"every 6 weeks, on the day", "every 6 weeks", "2026-12-15", "2026-11-03", []string{"2027-01-26"}},
		{"the anchor itself from before it", "every 6 weeks", "2026-11-02", "2026-11-03", []string{"2026-11-03", "2026-12-15"}},
		{"long before the anchor", "every week", "2026-10-01", "2026-11-03", []string{"2026-10-06"}},
		{"every 10 days", "Every 10 days", "2026-11-23", "2026-11-23", []string{"2026-12-03", "2026-12-13"}},
		{"months keep the day, or their last", "every month", "2026-12-31", "2026-12-31", []string{"2027-01-31", "2027-02-28", "2027-03-31"}},
		{"every 2 months before the anchor", "every 2 months", "2026-09-30", "2026-12-31", []string{"2026-10-31", "2026-12-31"}},
	} {
		r, err := ParseRule(c.rule)
		if err != nil {
			t.Errorf("%s: %v", c.why, err)
			continue
		}
		var anchor time.Time
		if c.anchor != "" {
			anchor = day(c.anchor)
		}
		at := day(c.from)
		for i, want := range c.want {
			at = r.After(at, anchor, work)
			if got := at.Format(time.DateOnly); got != want {
				t.Errorf("%s: %q, day %d: got %s, want %s", c.why, c.rule, i+1, got, want)
				break
			}
		}
	}
}

func TestParseRuleRefuses(t *testing.T) {
	for _, c := range []struct{ rule, want string }{
		{"", "empty"},
		{"sixth monday of every month", "sixth"},
		{"first", "what is counted"},
		{"first mon of every month", `"mon"`},
		{"first monday", "needs a period"},
		{"first monday of", "needs a period"},
		{"first monday of every moon", "moon"},
		{"first monday of every month please", "no period"},
		{"first working week of the month", "working"},
		{"day 31 of every month", "1 to 28"},
		{"day x of every month", "1 to 28"},
		{"every", "needs a number"},
		{"every 0 weeks", "1 to 520"},
		{"every six weeks", "1 to 520"},
		{"every 6 quarters", "days, weeks or months"},
		{strings.Repeat("first ", 100), "too long"},
	} {
		_, err := ParseRule(c.rule)
		var refused *RuleError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) || refused.Hint() == "" {
			t.Errorf("%q: got %v, want %q", c.rule, err, c.want)
		}
	}
}

func TestEveryNeedsAnchor(t *testing.T) {
	r, err := ParseRule("every 6 weeks")
	if err != nil {
		t.Fatal(err)
	}
	if got := r.After(day("2026-11-23"), time.Time{}, Workdays{}); !got.IsZero() {
		t.Errorf("without an anchor: got %s", got)
	}
	s, err := ParseSpec("every 2 weeks at 09:30", "Asia/Tashkent", SpecOptions{Anchor: day("2026-11-23")})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Next(moment(t, "2026-11-23T09:30:00+05:00")).Format(time.RFC3339); got != "2026-12-07T09:30:00+05:00" {
		t.Errorf("got %s", got)
	}
}
