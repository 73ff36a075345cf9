package acts

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/reports"
	"secretariat/store"
	"secretariat/templates"
)

// storyFile is a programme with organisations, people, holidays and one council of sixteen seats that has never met.
func storyFile(t *testing.T) string {
	t.Helper()
	// the rotating seat is taken, so that all sixteen have a member
	text := sampleText(t, "member: X-saidkarimova, since: 2025-01-01,\n         until: 2026-12-31, ", "member: X-saidkarimova, since: 2025-01-01, ")
	cut := func(from, to string) string {
		_, rest, found := strings.Cut(text, "\n"+from)
		part, _, ended := strings.Cut(rest, "\n"+to)
		if !found || !ended {
			t.Fatalf("the sample has no part from %q to %q", from, to)
		}
		return from + part + "\n"
	}
	return cut("programme:", "agreements:") + cut("councils:", "    sessions:") + "    sessions: []\n" + cut("holidays:", "# -----")
}

// reportFile adds who reads the weekly report, and when.
const reportFile = `
subscriptions:
  - {report: weekly-progress, people: [X-tolaganova, X-gulomov], format: pdf, language: en}
schedules:
  - {ref: X-SCH-WEEKLY, report: weekly-progress, spec: "0 9 * * MON", timezone: Asia/Tashkent}
`

// TestCheck40SeedStory: from an empty database to the adopted record of a council's first session, and every letter on the
// way by its key. Letters travel by SMTP, members answer on the pages that the letters name, calendars follow what arrives.
func TestCheck40SeedStory(t *testing.T) {
	d := newBureau(t)
	if n := d.count(`select count(*) from council`) + d.count(`select count(*) from person`); n != 0 {
		t.Fatalf("the database is not empty: %d councils and people", n)
	}
	library, err := reports.Load(templates.Reports())
	if err != nil {
		t.Fatal(err)
	}
	d.Reports, d.Mail.PublicURL = library, "https://council.example"
	s := &storyOfCouncil{bureau: newPost(d)}
	d.applied(storyFile(t), ApplyRequest{})

	s.pollOnDates()
	s.convene()
	s.moveAndPostpone()
	s.meet()
	s.adoptRecord()
	s.weeklyReport()
	s.account()
	s.mailcheck(s.files(invitations...), "--calendar")
	s.mailcheck(s.files("poll", "poll-reminder", "session-reminder", "reply-request", "session-tomorrow", "join-link", "record-circulated", "duty-due", "report", "nothing-to-report"))
}

type storyOfCouncil struct {
	*bureau
	ref    string // of the session
	seats  []storySeat
	opens  string
	action string
}

// step takes a step of the session and holds it to the letters that it says.
func (s *storyOfCouncil) step(verb string, opens string, kind string, n int) StepResult {
	s.t.Helper()
	change := SessionStep{Ref: s.ref, Actor: "secretary", Reason: programme.Text{"en": "The hall is not free."}, Waiver: plain.Waiver}
	if verb == meetings.Announce || verb == meetings.Confirm {
		change.Venue = programme.Text{"en": "Hall 2"}
	}
	if opens != "" {
		change.OpensAt, s.opens = when(s.t, opens), opens
	}
	r, err := s.TakeStep(s.t.Context(), verb, change)
	if err != nil {
		s.t.Fatalf("%s: %v", verb, err)
	}
	if r.Letters[kind] != n || r.Total() != n {
		s.t.Fatalf("%s says %v, want %d of kind %s", verb, r.Letters, n, kind)
	}
	return r
}

// pollOnDates finds dates, asks the members, and holds the one that they prefer.
func (s *storyOfCouncil) pollOnDates() {
	t, ctx := s.t, s.t.Context()
	found, err := s.Slots(ctx, SlotRequest{Council: "REC", From: day(t, "2027-05-11"), To: day(t, "2027-05-21"), Lasts: 3 * time.Hour, Top: 5})
	if err != nil || len(found.Slots) != 5 { // nobody has a record of attendance yet: the floor may not be reached
		t.Fatalf("%d slots, %v", len(found.Slots), err)
	}
	var starts []time.Time
	for _, slot := range found.Slots {
		starts = append(starts, slot.Start)
	}
	until := when(t, "2026-12-04T18:00:00+05:00")
	opened, err := s.OpenPoll(ctx, store.Poll{Council: "REC", Lasts: "PT3H", Mode: "hybrid", AnswerUntil: until, OpenedBy: "secretary"}, starts, false)
	if err != nil || opened.Letters[kindPoll] != 17 || len(opened.Unreachable) > 0 { // sixteen members and the secretary
		t.Fatalf("opening the poll: %+v, %v", opened, err)
	}
	s.until("2026-11-24T18:00:00+05:00")
	voters := s.voters()
	if len(voters) != 16 {
		t.Fatalf("%d members", len(voters))
	}
	like := func(n int) url.Values { // the third option suits everybody
		form := url.Values{}
		for i := range starts {
			form.Set(fmt.Sprintf("option-%d", i+1), []string{"no", "if-need-be", "yes"}[(n+i)%3])
		}
		form.Set("option-3", "yes")
		return form
	}
	for n, person := range voters[:12] {
		s.answer(s.email(person), kindPoll, like(n))
	}
	s.until("2026-12-02T12:00:00+05:00") // the first reminder, to the four who are silent and the secretary
	for n, person := range voters[12:15] {
		s.answer(s.email(person), kindPollReminder, like(n))
	}
	s.until("2026-12-04T19:00:00+05:00") // the second, to the last member and the secretary
	proposal, err := s.ShowPoll(ctx, opened.Ref)
	if err != nil || len(proposal.Answered) != 15 {
		t.Fatalf("%d have answered, %v", len(proposal.Answered), err)
	}
	best := slices.IndexFunc(proposal.Options, func(o PollOptionState) bool { return o.Rank == 1 })
	if best != 2 || proposal.Options[2].Count("yes") != 15 || proposal.Options[2].Probability < 0.95 {
		t.Fatalf("the proposal is option %d: %+v", best+1, proposal.Options)
	}
	done, err := s.ClosePoll(ctx, PollClosing{Poll: opened.Ref, Choose: best + 1, Actor: "secretary"}, false)
	if err != nil || done.State != meetings.Tentative || done.Letters["hold-the-date"] != 16 || done.Total() != 16 {
		t.Fatalf("closing the poll: %+v, %v", done, err)
	}
	s.ref, s.seats, s.opens = done.Session, s.seatsOf(done.Session), proposal.Options[2].Starts.Format(time.RFC3339)
	s.until("2026-12-05T10:00:00+05:00")
	s.calendars("TENTATIVE", s.opens, 16)
}

// convene writes the agenda and invites; one member answers on the page, one by calendar, one by telephone.
func (s *storyOfCouncil) convene() {
	t, ctx := s.t, s.t.Context()
	for i, purpose := range []string{"decision", "discussion"} {
		item := NewAgendaItem{Session: s.ref, Ref: fmt.Sprintf("AG-%d", i+1), Title: programme.Text{"en": fmt.Sprintf("Item %d", i+1)}, Purpose: purpose, Minutes: 60, Actor: "secretary"}
		if _, err := s.AddAgendaItem(ctx, item); err != nil {
			t.Fatal(err)
		}
	}
	s.step(meetings.Confirm, "", "invitation", 16)
	s.until("2026-12-07T10:00:00+05:00")
	s.calendars("CONFIRMED", s.opens, 16)
	s.answer(s.seats[0].email, "invitation", url.Values{"seat": {s.seats[0].ref}, "answer": {"in-person"}})
	facts := s.facts(s.ref)
	byCalendar := calendarLetter{s.seats[1].email, "REPLY", facts.UID, s.seats[1].email, "ACCEPTED", "20261207T060000Z", "", facts.Sequence}
	if r, err := s.TakeCalendarReply(ctx, byCalendar.bytes()); err != nil || r.Outcome != "recorded" {
		t.Fatalf("by calendar: %+v, %v", r, err)
	}
	if _, err := s.RecordReply(ctx, NewReply{Session: s.ref, Seat: s.seats[2].ref, Answer: "tentative", Via: "command", Actor: "secretary"}); err != nil {
		t.Fatal(err)
	}
}

// moveAndPostpone moves the session twice, puts it off, and gives it a new date: answers are stale, calendars follow.
func (s *storyOfCouncil) moveAndPostpone() {
	t := s.t
	for i, opens := range []string{"2027-05-25T10:00:00+05:00", "2027-06-01T10:00:00+05:00"} {
		s.step(meetings.Reschedule, opens, "session-changed", 16)
		s.until(fmt.Sprintf("2026-12-%02dT10:00:00+05:00", 8+i))
		s.calendars("CONFIRMED", opens, 16)
	}
	if st := s.standing(s.ref, s.seats[0].ref); st.Stale == nil || st.Answer != "" {
		t.Errorf("an answer to the first date: %+v", st)
	}
	s.step(meetings.Postpone, "", "session-postponed", 16)
	s.until("2026-12-10T10:00:00+05:00")
	s.calendars("CANCELLED", s.opens, 16)
	if r := s.step(meetings.Reschedule, "2027-09-14T10:00:00+05:00", "invitation", 16); r.State != meetings.Confirmed {
		t.Fatalf("a new date: %+v", r)
	}
	s.until("2026-12-11T10:00:00+05:00")
	s.calendars("CONFIRMED", s.opens, 16)
	for i, seat := range s.seats[:12] {
		choice := []string{"in-person", "online", "in-person"}[i%3]
		if i >= 10 {
			choice = "declined"
		}
		s.answer(seat.email, "invitation", url.Values{"seat": {seat.ref}, "answer": {choice}})
	}
}

// meet holds the session with nine of sixteen, who decide.
func (s *storyOfCouncil) meet() {
	t, ctx := s.t, s.t.Context()
	s.until("2027-09-14T10:00:00+05:00")
	s.step(meetings.Open, "", "", 0)
	for i, seat := range s.seats[:9] {
		verdicts, err := s.Attend(ctx, RollCall{Session: s.ref, Seat: seat.ref, Actor: "secretary"})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range verdicts { // of fourteen votes five open, eight decide
			if needs := map[string]int{"open": 5, "decide": 8}[v.Purpose]; v.Present != i+1 || v.Required != needs || v.Quorate != s.quorate(v.Purpose, i+1, needs) {
				t.Errorf("after %d: %+v", i+1, v)
			}
		}
	}
	s.clock("2027-09-14T12:00:00+05:00")
	first, err := s.Decide(ctx, NewDecision{Session: s.ref, Item: "AG-2", Text: programme.Text{"en": "The review is welcomed."}, Method: "vote", Votes: &[3]int{8, 0, 1}, Actor: "secretary"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Decide(ctx, NewDecision{Session: s.ref, Item: "AG-1", Text: programme.Text{"en": "The agenda is adopted."}, Method: "consensus", NoAction: "It took effect at once.", Actor: "secretary"}); err != nil {
		t.Fatal(err)
	}
	if s.action, err = s.AddAction(ctx, NewAction{Session: s.ref, Decision: first.Ref, Text: programme.Text{"en": "Publish the review."}, Owner: "X-thooft", Backup: "X-nxumalo", DueOn: programme.NewDate(2027, 10, 1), Actor: "secretary"}); err != nil {
		t.Fatal(err)
	}
	s.clock("2027-09-14T17:00:00+05:00")
	s.step(meetings.Hold, "", "", 0)
}

// quorate says what the verdict must be: the chair sits on the sixth seat, and nothing opens without the chair.
func (s *storyOfCouncil) quorate(purpose string, present, needs int) bool {
	return present >= needs && (purpose != "open" || present >= 6)
}

// adoptRecord circulates the record, lets the time for corrections pass in silence, and closes.
func (s *storyOfCouncil) adoptRecord() {
	t, ctx := s.t, s.t.Context()
	if _, err := s.DraftRecord(ctx, s.ref, "secretary"); err != nil {
		t.Fatal(err)
	}
	record, err := s.CirculateRecord(ctx, s.ref, "secretary")
	if err != nil || record.Letters["record-circulated"] != 14 { // two declined
		t.Fatalf("circulated: %v, %v", record.Letters, err)
	}
	if doc := header(t) + reportFile; len(changeLines(s.applied(doc, ApplyRequest{}).Plan)) == 0 {
		t.Fatal("the weekly report was not set up")
	}
	s.until("2027-09-20T10:00:00+05:00") // a Monday: the first weekly report
	s.reads("Publish the review.", true)
	if err := s.FinishAction(ctx, s.action, programme.Text{"en": "On the web page."}, "secretary"); err != nil {
		t.Fatal(err)
	}
	s.until(record.CorrectionsUntil.Add(time.Minute).Format(time.RFC3339))
	if r, err := s.AdoptRecord(ctx, s.ref, "", "secretary"); err != nil || r.State != "adopted" {
		t.Fatalf("adopted: %+v, %v", r, err)
	}
	s.step(meetings.Close, "", "", 0)
}

// weeklyReport reads the report over the weeks of the session at the end: the decision stands, and nothing is open. Those
// who read it by subscription hear on Mondays that nothing new is to be told.
func (s *storyOfCouncil) weeklyReport() {
	s.until("2027-10-04T10:00:00+05:00")
	for _, reader := range []string{"X-tolaganova", "X-gulomov"} {
		if s.latest[s.email(reader)]["nothing-to-report"] == nil {
			s.t.Errorf("%s hears nothing on the last Monday", reader)
		}
	}
	b, made, err := s.Render(s.t.Context(), OnDemand{Report: "weekly-progress", Format: "pdf", Language: "en", Clearance: "limited", Since: when(s.t, "2027-09-13T09:00:00+05:00")})
	if err != nil || made.Pages == 0 {
		s.t.Fatal(err)
	}
	s.holds(b, "The review is welcomed.", true)
	s.holds(b, "Publish the review.", false)
}

// reads looks for a sentence in the weekly report that the secretary received last.
func (s *storyOfCouncil) reads(sentence string, want bool) {
	s.t.Helper()
	letter := s.latest[s.email("X-tolaganova")]["report"]
	if letter == nil {
		s.t.Fatal("the secretary has no weekly report")
	}
	s.holds(letter.parts["application/pdf"], sentence, want)
}

func (s *storyOfCouncil) holds(report []byte, sentence string, want bool) {
	s.t.Helper()
	if text := tool(s.t, "pdftotext", report, "FILE", "-"); strings.Contains(text, sentence) != want {
		s.t.Errorf("the weekly report has %q: %t\n%s", sentence, !want, text)
	}
}
