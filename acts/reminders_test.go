package acts

import (
	"errors"
	"strings"
	"testing"
	"time"

	"secretariat/meetings"
	"secretariat/store"
)

func (d *desk) plan() PlanResult {
	d.t.Helper()
	r, err := d.PlanReminders(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

func TestPlanRemindersTwiceChangesNothing(t *testing.T) {
	d := newDesk(t)
	began := time.Now()
	first := d.plan()
	t.Logf("%s in %s", first, time.Since(began))
	if first.Planned == 0 {
		t.Fatal("nothing was planned")
	}
	if second := d.plan(); second.Planned+second.Late+second.Expired+second.Withheld+second.Suppressed+second.Retimed+second.Revived != 0 {
		t.Errorf("the second time: %+v", second)
	}
}

func TestAnswerStopsTheReplyRequest(t *testing.T) {
	d := newDesk(t)
	d.plan()
	var member int64
	d.inTx(func(tx *store.Tx) error {
		ids, err := tx.PersonIDs(t.Context())
		member = ids["X-hashimi"]
		return err
	})
	asked := func(states ...string) (n int) {
		for _, l := range d.letters("X-REC-6", states...) {
			if l.Kind == "reply-request" && *l.PersonID == member {
				n++
			}
		}
		return n
	}
	if asked(store.DeliveryPlanned) != 1 {
		t.Fatalf("%d reply requests to a member who has not answered", asked(store.DeliveryPlanned))
	}
	answer := NewReply{Session: "X-REC-6", Seat: "X-S10", Answer: "accepted", Mode: "online", Via: "command", Actor: "test"}
	result, err := d.RecordReply(t.Context(), answer)
	if err != nil {
		t.Fatal(err)
	}
	if asked(store.DeliveryPlanned) != 0 || asked(store.DeliverySuppressed) != 1 {
		t.Error("the member who answered is still asked")
	}
	if result.Reminders == 0 {
		t.Error("who accepts gets the reminders of those who come")
	}
	answer.Answer, answer.Mode = "declined", ""
	if _, err := d.RecordReply(t.Context(), answer); err != nil {
		t.Fatal(err)
	}
	for _, l := range d.letters("X-REC-6", store.DeliveryPlanned) {
		if *l.PersonID == member && l.SubjectKey == "" {
			t.Errorf("who declined still gets %s", l.Kind)
		}
	}
	answer.Answer = "accepted"
	if _, err := d.RecordReply(t.Context(), answer); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, l := range d.letters("X-REC-6", store.DeliveryPlanned) {
		if *l.PersonID == member && (l.Kind == "session-tomorrow" || l.Kind == "join-link") {
			n++
		}
	}
	if n != 2 {
		t.Errorf("who accepts after all gets %d of the two letters for those who come", n)
	}
}

func TestAnswerBetweenPlanningAndSending(t *testing.T) {
	d := newDesk(t)
	d.plan()
	var letter store.Delivery
	for _, l := range d.letters("X-REC-6", store.DeliveryPlanned) {
		if l.Kind == "reply-request" {
			letter = l
		}
	}
	d.clock("2026-12-04T10:00:00+05:00")
	d.inTx(func(tx *store.Tx) error {
		_, reason, err := sessionReminder(t.Context(), d.Acts, tx, letter)
		if reason != "" || err != nil {
			t.Errorf("before the answer: %q, %v", reason, err)
		}
		// the answer is recorded while the letter is being sent
		_, err = tx.ExecContext(t.Context(), `
			insert into reply (session_id, seat_id, person_id, answer, replied_on, replied_at, revision, via)
			select s.id, t.id, m.person_id, 'accepted', '2026-12-04', now(), s.revision, 'link'
			from session s, seat t, membership m where s.ref = 'X-REC-6' and m.seat_id = t.id and m.capacity = 'member' and m.person_id = $1 and t.council_id = s.council_id`, *letter.PersonID)
		if err != nil {
			return err
		}
		_, reason, err = sessionReminder(t.Context(), d.Acts, tx, letter)
		if reason != "answered" {
			t.Errorf("after the answer: %q", reason)
		}
		return err
	})
}

func TestRecordReplyRefuses(t *testing.T) {
	d := newDesk(t)
	for _, c := range []struct {
		why, want string
		r         NewReply
	}{
		{"unknown seat", "no seat", NewReply{Session: "X-REC-6", Seat: "X-S99", Answer: "accepted"}},
		{"unknown answer", "not known", NewReply{Session: "X-REC-6", Seat: "X-S01", Answer: "perhaps"}},
		{"stranger", "neither the member", NewReply{Session: "X-REC-6", Seat: "X-S01", Person: "X-kim", Answer: "accepted"}},
		{"delegation to a stranger", "not an alternate", NewReply{Session: "X-REC-6", Seat: "X-S01", Answer: "delegated", Delegate: "X-kim"}},
		{"delegation to oneself", "themselves", NewReply{Session: "X-REC-6", Seat: "X-S01", Answer: "delegated", Delegate: "X-suleimenova"}},
		{"delegation in a chain", "cannot pass it on", NewReply{Session: "X-REC-6", Seat: "X-S07", Person: "X-adebayo", Answer: "delegated", Delegate: "X-orourke"}},
		{"delegation without delegate", "names a delegate", NewReply{Session: "X-REC-6", Seat: "X-S01", Answer: "delegated"}},
		{"mode of a refusal", "acceptance only", NewReply{Session: "X-REC-6", Seat: "X-S01", Answer: "declined", Mode: "online"}},
		{"mode that the session has not", "meets online", NewReply{Session: "X-PSS-S6", Seat: "X-PSS-1", Answer: "accepted", Mode: "in-person"}},
		{"closed session", "is closed", NewReply{Session: "X-REC-5", Seat: "X-S01", Answer: "accepted"}},
		{"draft", "is draft", NewReply{Session: "X-REC-7", Seat: "X-S01", Answer: "accepted"}},
	} {
		c.r.Via, c.r.Actor = "command", "test"
		var refused *ReplyError
		if _, err := d.RecordReply(t.Context(), c.r); !errors.As(err, &refused) || !strings.Contains(err.Error(), c.want) || refused.Hint() == "" {
			t.Errorf("%s: got %v, want %q", c.why, err, c.want)
		}
	}
}

func TestDelegateWhoAccepts(t *testing.T) {
	d := newDesk(t)
	if _, err := d.RecordReply(t.Context(), NewReply{Session: "X-REC-6", Seat: "X-S01", Answer: "accepted", Delegate: "X-tleubek", Via: "command", Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	rows, m, err := d.Replies(t.Context(), "X-REC-6")
	if err != nil {
		t.Fatal(err)
	}
	if st, _ := m.Standing("X-S01"); st.Acting != "X-tleubek" || st.Answer != "accepted" || st.Capacity != "delegate" {
		t.Errorf("the seat: %+v", st)
	}
	if last := rows[len(rows)-2:]; last[0].Answer != "delegated" || last[1].Person != "X-tleubek" {
		t.Errorf("on record: %+v", last)
	}
}

func TestRequestUpdatesOncePerFocalPointAndDay(t *testing.T) {
	d := newDesk(t)
	fire := when(t, "2026-11-26T10:00:00+05:00")
	n, err := d.RequestUpdates(t.Context(), fire)
	if err != nil || n == 0 {
		t.Fatalf("%d letters, %v", n, err)
	}
	if again, err := d.RequestUpdates(t.Context(), fire); err != nil || again != 0 {
		t.Errorf("again: %d letters, %v", again, err)
	}
	d.inTx(func(tx *store.Tx) error {
		list, err := tx.Deliveries(t.Context(), store.DeliveryFilter{Kinds: []string{"update-request"}})
		if err != nil {
			return err
		}
		people := map[int64]bool{}
		for _, l := range list {
			if people[*l.PersonID] {
				t.Errorf("two letters to %s", l.Address)
			}
			people[*l.PersonID] = true
			parts, reason, err := updateRequest(t.Context(), d.Acts, tx, l)
			if err != nil || reason != "" || parts.Letter.Text == "" {
				t.Errorf("letter to %s: reason %q, %v", l.Address, reason, err)
			}
		}
		return nil
	})
}

// Every kind of reminder of the sample can be composed, in the moment in which it is due.
func TestEveryPlannedReminderIsComposed(t *testing.T) {
	d := newDesk(t)
	d.plan()
	kinds := map[string]int{}
	for _, session := range []string{"X-REC-6", "X-PSS-S6", "X-REC-5", "X-JCG-Q-2026-10-06"} {
		for _, l := range d.letters(session, store.DeliveryPlanned, store.DeliveryPending) {
			d.clock(l.NotBefore.Format(time.RFC3339))
			d.inTx(func(tx *store.Tx) error {
				parts, reason, err := sourceOf(t, l.Kind)(t.Context(), d.Acts, tx, l)
				if err != nil || reason != "" || parts.Letter.Subject == "" {
					t.Errorf("%s to %s: %q, reason %q, %v", l.Kind, l.Address, parts.Letter.Subject, reason, err)
				}
				if l.Kind == "session-reminder" && parts.Method != "REQUEST" {
					t.Errorf("first letter of ours to %s brings no calendar entry", l.Address)
				}
				kinds[l.Kind]++
				return nil
			})
		}
	}
	for _, kind := range []string{"session-reminder", "reply-request", "session-tomorrow", "join-link", "action-due", "action-overdue"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s among %v", kind, kinds)
		}
	}
}

func TestTimetableAndQuorumOfTheSample(t *testing.T) {
	d := newDesk(t)
	d.plan()
	timetable, err := d.SessionTimetable(t.Context(), TimetableOf{Session: "X-REC-6"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"notice": "2026-10-26 done", "documents-issued": "2026-11-06 missed", "replies": "2026-11-23 open", "late-papers": "2026-12-01 open",
		"draft-record": "2026-12-21 open", "corrections": "2027-01-06 open", "visa-letters": "2026-11-13 missed"}
	for _, l := range timetable.Lines {
		if w := want[l.Rule.Ref]; w != "" && l.DueOn.String()+" "+l.State != w {
			t.Errorf("%s: got %s %s, want %s", l.Rule.Ref, l.DueOn, l.State, w)
		}
	}
	if timetable.Earliest.String() != "2027-01-04" { // six weeks from today, a working day
		t.Errorf("earliest feasible: %s", timetable.Earliest)
	}
	quorums, _, err := d.SessionQuorums(t.Context(), "X-REC-6")
	if err != nil || len(quorums) != 2 {
		t.Fatalf("%v, %v", quorums, err)
	}
	for i, w := range []meetings.Quorum{{Purpose: "open", Required: 5, Seats: 14}, {Purpose: "decide", Required: 8, Seats: 14}} {
		q := quorums[i]
		if q.Purpose != w.Purpose || q.Required != w.Required || q.Seats != w.Seats || !(q.Low <= q.Probability && q.Probability <= q.High) || q.Probability < 0.8 {
			t.Errorf("quorum: %+v", q)
		}
	}
}

// Two replicas that plan at the same time write each reminder once.
func TestTwoReplicasPlanOnce(t *testing.T) {
	d := newDesk(t)
	results, errs := make(chan PlanResult, 2), make(chan error, 2)
	for range 2 {
		go func() {
			r, err := d.PlanReminders(t.Context())
			results <- r
			errs <- err
		}()
	}
	first, second := <-results, <-results
	if err := errors.Join(<-errs, <-errs); err != nil {
		t.Fatal(err)
	}
	if (first.Planned == 0) == (second.Planned == 0) {
		t.Errorf("one of them plans all: %+v, %+v", first, second)
	}
}
