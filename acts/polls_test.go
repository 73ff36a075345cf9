package acts

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/store"
)

// pollOf opens a poll of the sample's council on three mornings.
func (d *desk) pollOf(secret bool) string {
	d.t.Helper()
	opened, err := d.OpenPoll(d.t.Context(), store.Poll{Council: "REC", Lasts: "PT3H", Mode: "hybrid", Secret: secret, OpenedBy: "test"},
		[]time.Time{when(d.t, "2027-02-03T10:00:00+05:00"), when(d.t, "2027-02-02T10:00:00+05:00"), when(d.t, "2027-02-04T10:00:00+05:00")}, false)
	if err != nil {
		d.t.Fatal(err)
	}
	return opened.Ref
}

func (d *desk) vote(poll, person string, answers map[int]string) {
	d.t.Helper()
	if err := d.AnswerPoll(d.t.Context(), PollAnswerRequest{Poll: poll, Person: person, Actor: "test", Answers: answers}); err != nil {
		d.t.Fatal(err)
	}
}

// voters are the members of the sample's council.
func (d *desk) voters() (people []string) {
	d.t.Helper()
	seats, err := d.Seats(d.t.Context(), "REC")
	if err != nil {
		d.t.Fatal(err)
	}
	for _, s := range seats {
		if s.Member != "" {
			people = append(people, s.Member)
		}
	}
	return people
}

// A poll from its opening to the tentative session: the last answer counts, a secret one shows nothing before it is
// closed, options rank by the answers, and closing causes exactly the letters that it says.
func TestPollBecomesASession(t *testing.T) {
	for _, c := range []struct {
		name   string
		secret bool
	}{{"open", false}, {"secret until it is closed", true}} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			poll, voters := d.pollOf(c.secret), d.voters()
			d.vote(poll, voters[0], map[int]string{1: "yes", 2: "yes", 3: "yes"})
			for _, person := range voters {
				d.vote(poll, person, map[int]string{1: "no", 2: "yes", 3: "if-need-be"})
			}
			seen, err := d.ShowPoll(t.Context(), poll)
			if err != nil || seen.Hidden != c.secret || len(seen.Answered) != len(voters) {
				t.Fatalf("hidden %t, %d answered, %v", seen.Hidden, len(seen.Answered), err)
			}
			for _, o := range seen.Options {
				if c.secret && (len(o.Answers) > 0 || o.Rank > 0 || o.Probability > 0 || len(o.Reasons) > 0) {
					t.Errorf("option %d of a secret poll shows %+v", o.N, o)
				}
			}
			if n := d.count(`select count(*) from audit_log where action = 'poll answer' and after::text like '%if-need-be%'`); (n > 0) == c.secret {
				t.Errorf("%d audit lines tell what was answered", n)
			}
			closing := PollClosing{Poll: poll, Choose: 2, Actor: "test"}
			preview, err := d.ClosePoll(t.Context(), closing, true)
			if err != nil || d.count(`select count(*) from availability_poll where closed_at is not null`) != 0 {
				t.Fatalf("a preview changed something, or failed: %v", err)
			}
			done, err := d.ClosePoll(t.Context(), closing, false)
			if err != nil {
				t.Fatal(err)
			}
			session := d.meeting(done.Session).Session
			if session.State != "tentative" || !session.OpensAt.Equal(when(t, "2027-02-03T10:00:00+05:00")) || session.ClosesAt.Sub(session.OpensAt) != 3*time.Hour {
				t.Errorf("session %s is %s, %s – %s", session.Ref, session.State, session.OpensAt, session.ClosesAt)
			}
			if got := count(d.letters(done.Session), "hold-the-date"); got != preview.Total() || got != done.Total() || got < 10 {
				t.Errorf("%d letters, %d foreseen, %d said", got, preview.Total(), done.Total())
			}
			after, err := d.ShowPoll(t.Context(), poll)
			if err != nil || after.Hidden || after.Session != done.Session {
				t.Fatalf("hidden %t, session %q, %v", after.Hidden, after.Session, err)
			}
			if o := after.Options[1]; o.Rank != 1 || o.Count("yes") != len(voters) || o.Probability < 0.9 {
				t.Errorf("everybody said yes to option 2: rank %d, %d yes, quorum %.2f", o.Rank, o.Count("yes"), o.Probability)
			}
			if o := after.Options[0]; o.Count("yes") != 0 || o.Count("no") != len(voters) {
				t.Errorf("the last answers count: option 1 has %d yes, %d no", o.Count("yes"), o.Count("no"))
			}
		})
	}
}

// What a poll cannot do is refused, and says what can.
func TestPollRefuses(t *testing.T) {
	d := newDesk(t)
	poll, member := d.pollOf(false), d.voters()[0]
	open := func(change func(*store.Poll), starts ...string) func() error {
		return func() error {
			p := store.Poll{Council: "REC", Lasts: "PT3H", Mode: "hybrid", OpenedBy: "test"}
			change(&p)
			var list []time.Time
			for _, s := range starts {
				list = append(list, when(t, s))
			}
			_, err := d.OpenPoll(t.Context(), p, list, false)
			return err
		}
	}
	answer := func(poll, person string, answers map[int]string) func() error {
		return func() error {
			return d.AnswerPoll(t.Context(), PollAnswerRequest{Poll: poll, Person: person, Answers: answers, Actor: "test"})
		}
	}
	closes := func(c PollClosing) func() error {
		return func() error { _, err := d.ClosePoll(t.Context(), c, false); return err }
	}
	asIs, first, second := func(*store.Poll) {}, "2027-02-03T10:00:00+05:00", "2027-02-04T10:00:00+05:00"
	for _, c := range []struct {
		name string
		do   func() error
		want string
	}{
		{"unknown council", open(func(p *store.Poll) { p.Council = "RECC" }, first, second), "did you mean"},
		{"one option", open(asIs, first), "1 options"},
		{"an option twice", open(asIs, first, first), "twice"},
		{"an option that is over", open(asIs, "2026-02-03T10:00:00+05:00", second), "is over"},
		{"answers after the first option", open(func(p *store.Poll) { p.AnswerUntil = when(t, second) }, first, second), "answers until"},
		{"a length that is none", open(func(p *store.Poll) { p.Lasts = "long" }, first, second), `"long"`},
		{"a ref that is taken", open(func(p *store.Poll) { p.Ref = poll }, first, second), "exists already"},
		{"unknown poll", answer("POLL-9", member, map[int]string{1: "yes"}), "POLL-9"},
		{"somebody else", answer(poll, "X-nobody", map[int]string{1: "yes"}), "sits on no seat"},
		{"an option that is not there", answer(poll, member, map[int]string{4: "yes"}), "no option 4"},
		{"an answer that is none", answer(poll, member, map[int]string{1: "maybe"}), `"maybe"`},
		{"no such choice", closes(PollClosing{Poll: poll, Choose: 0}), "no option 0"},
		{"a session that is there", closes(PollClosing{Poll: poll, Choose: 1, Session: "X-REC-6"}), "exists already"},
	} {
		if err := c.do(); !errors.Is(err, ErrRefused) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want a refusal with %q", c.name, err, c.want)
		}
	}
	if n := d.count(`select count(*) from poll_answer`) + d.count(`select count(*) from availability_poll`); n != 1 {
		t.Errorf("what was refused is on record: %d rows", n)
	}
	d.clock("2027-02-02T11:00:00+05:00")
	if err := answer(poll, member, map[int]string{1: "yes"})(); err == nil || !strings.Contains(err.Error(), "were taken until") {
		t.Errorf("an answer too late: %v", err)
	}
	if err := closes(PollClosing{Poll: poll, Choose: 1})(); err == nil || !strings.Contains(err.Error(), "is over") {
		t.Errorf("an option in the past: %v", err)
	}
}

// Seats show who holds them today and stand under the command that errors name.
func TestSeats(t *testing.T) {
	d := newDesk(t)
	all, err := d.Seats(t.Context(), "")
	one, oneErr := d.Seats(t.Context(), "REC")
	if err != nil || oneErr != nil || len(one) != 16 || len(all) <= len(one) {
		t.Fatalf("%d seats, %d of REC, %v, %v", len(all), len(one), err, oneErr)
	}
	if !slices.ContainsFunc(one, func(s SeatHeld) bool { return s.Member != "" && len(s.Alternates) > 0 }) {
		t.Error("no seat of REC has a member and an alternate")
	}
	if _, err := d.Seats(t.Context(), "REK"); !errors.Is(err, ErrRefused) {
		t.Errorf("an unknown council: %v", err)
	}
}
