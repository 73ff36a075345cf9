package store_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"secretariat/store"
	"secretariat/store/storetest"
)

// TestDeliverySteps tries every step from every state and holds it to the table: what the design allows, and no more.
func TestDeliverySteps(t *testing.T) {
	ctx, s := t.Context(), storetest.New(t)
	if err := s.SetClock(ctx, testClock); err != nil { // of the steps that are transactions by themselves
		t.Fatal(err)
	}
	settle := func(step string) func(tx *store.Tx, id int64) error {
		return func(tx *store.Tx, id int64) error {
			return tx.SettleDelivery(ctx, store.Settlement{ID: id, Owner: "me", Attempt: 1, Step: step, RetryAt: testClock.Add(time.Minute)})
		}
	}
	resolve := func(step string) func(tx *store.Tx, id int64) error {
		return func(tx *store.Tx, id int64) error { return tx.ResolveDelivery(ctx, id, step, "because") }
	}
	steps := map[string]struct {
		do   func(tx *store.Tx, id int64) error
		from []string
		to   string
	}{
		"promote": {func(tx *store.Tx, id int64) error { _, err := tx.PromoteDeliveries(ctx, 9); return err }, []string{"planned"}, "pending"},
		"claim":   {func(tx *store.Tx, id int64) error { _, err := tx.ClaimDelivery(ctx, id, "me", time.Minute); return err }, []string{"pending"}, "sending"},
		"commit":  {func(_ *store.Tx, id int64) error { return s.CommitDelivery(ctx, id, "me", 1, time.Minute) }, []string{"sending"}, "committing"},
		"unclaim": {func(tx *store.Tx, id int64) error { return tx.UnclaimDelivery(ctx, id, "me", 1) }, []string{"sending"}, "pending"},
		"suppress": {func(tx *store.Tx, id int64) error { return tx.SuppressDeliveries(ctx, []int64{id}, "moved") },
			[]string{"planned", "pending", "sending"}, "suppressed"},
		"sent": {func(_ *store.Tx, id int64) error {
			return s.SentDelivery(ctx, "me", store.Attempt{DeliveryID: id, Attempt: 1, Stage: "sent"})
		}, []string{"committing", "uncertain"}, "sent"},
		"retry":     {settle("retry"), []string{"sending", "committing", "uncertain"}, "pending"},
		"fail":      {settle("fail"), []string{"sending", "committing", "uncertain"}, "failed"},
		"lose":      {settle("lose"), []string{"committing"}, "uncertain"},
		"confirm":   {resolve("confirm"), []string{"uncertain"}, "sent"},
		"send anew": {resolve("send anew"), []string{"uncertain"}, "pending"},
		"drop":      {resolve("drop"), []string{"uncertain"}, "suppressed"},
		"bounce":    {func(tx *store.Tx, id int64) error { return tx.BounceDelivery(ctx, id, "no such mailbox") }, []string{"sent", "uncertain"}, "failed"},
	}
	states := []string{"planned", "pending", "sending", "committing", "sent", "uncertain", "failed", "suppressed", "expired"}
	for _, name := range slices.Sorted(maps.Keys(steps)) {
		step := steps[name]
		for _, from := range states {
			d := owed(name + " " + from)
			d.State = from
			id := insertOwed(t, s, d).ID
			lease := testClock.Add(time.Minute)
			storetest.Exec(t, s, `update delivery set owner = 'me', attempts = case when state = 'pending' then 0 else 1 end,
				lease_until = case when state in ('sending', 'committing') then $1::timestamptz end`, lease)
			err := atClock(t, s, testClock, func(tx *store.Tx) error { return step.do(tx, id) })
			want := from
			if slices.Contains(step.from, from) {
				want = step.to
				mustDo(t, err)
			}
			if got := deliveryOf(t, s, id).State; got != want {
				t.Errorf("%s from %s: got %s, want %s (%v)", name, from, got, want, err)
			}
			storetest.Exec(t, s, `delete from delivery_attempt`)
			storetest.Exec(t, s, `delete from delivery`)
		}
	}
}

func TestClaim(t *testing.T) {
	for _, row := range []struct {
		name, set string
		claimed   bool
	}{
		{"due", ``, true},
		{"its moment is ahead", `update delivery set not_before = $1::timestamptz + interval '1 second'`, false},
		{"its retry is ahead", `update delivery set retry_at = $1::timestamptz + interval '1 second'`, false},
		{"its retry has come", `update delivery set retry_at = $1::timestamptz`, true},
		{"the installation is held", `update instance set held = $1::timestamptz is not null`, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := storetest.New(t)
			id := insertOwed(t, s, owed("a")).ID
			if row.set != "" {
				storetest.Exec(t, s, row.set, testClock)
			}
			err := atClock(t, s, testClock, func(tx *store.Tx) error {
				d, err := tx.ClaimDelivery(t.Context(), id, "me", time.Minute)
				if err == nil && (d.Attempts != 1 || d.Owner != "me" || !d.LeaseUntil.Equal(testClock.Add(time.Minute))) {
					t.Errorf("claimed %+v, want the first attempt of me for a minute", d)
				}
				return err
			})
			if row.claimed != (err == nil) || err != nil && !errors.Is(err, store.ErrNotFound) {
				t.Errorf("got %v, want claimed %v", err, row.claimed)
			}
		})
	}
}

// TestClaimSkipsLocked: of two rival claims one gets the row and the other nothing, without waiting.
func TestClaimSkipsLocked(t *testing.T) {
	s := storetest.New(t)
	id := insertOwed(t, s, owed("a")).ID
	mustDo(t, atClock(t, s, testClock, func(tx *store.Tx) error {
		if _, err := tx.ClaimDelivery(t.Context(), id, "first", time.Minute); err != nil {
			return err
		}
		rival := atClock(t, s, testClock, func(tx *store.Tx) error {
			_, err := tx.ClaimDelivery(t.Context(), id, "second", time.Minute)
			return err
		})
		if !errors.Is(rival, store.ErrNotFound) {
			t.Errorf("the rival got %v, want nothing to claim", rival)
		}
		return nil
	}))
}

// TestSentDelivery: what the relay took is recorded in one statement, for the attempt that has the letter only; that it was
// taken stands in the log even where the letter is another's by now.
func TestSentDelivery(t *testing.T) {
	for _, row := range []struct {
		name, state, owner string
		attempt            int
		fenced             bool
	}{
		{"its own", "committing", "me", 2, false},
		{"the sweep was there before the answer", "uncertain", "me", 2, false},
		{"another owner", "committing", "you", 2, true},
		{"an earlier attempt of the same owner", "committing", "me", 1, true},
		{"taken back before the commit point", "pending", "me", 2, true},
		{"not past the commit point", "sending", "me", 2, true},
	} {
		s := storetest.New(t)
		mustDo(t, s.SetClock(t.Context(), testClock))
		id := insertOwed(t, s, owed("a")).ID
		storetest.Exec(t, s, `update delivery set state = $1, owner = 'me', attempts = 2, lease_until = $2, retry_at = $2, nudged_at = $2, reason = 'before'`, row.state, testClock.Add(time.Minute))
		err := s.SentDelivery(t.Context(), row.owner, store.Attempt{DeliveryID: id, Attempt: row.attempt, Stage: "sent", Code: 250, Text: "queued", Replica: "me", DurationMS: 7})
		if errors.Is(err, store.ErrFenced) != row.fenced || err != nil && !row.fenced {
			t.Errorf("%s: got %v, want fenced %v", row.name, err, row.fenced)
		}
		d := deliveryOf(t, s, id)
		if row.fenced && (d.State != row.state || d.SentAt != nil) ||
			!row.fenced && (d.State != "sent" || d.SentAt == nil || d.SentAt.Sub(testClock) > time.Hour || d.LeaseUntil != nil || d.RetryAt != nil || d.Reason != "") {
			t.Errorf("%s: the delivery is %+v", row.name, d)
		}
		var log []store.Attempt
		mustDo(t, s.InTx(t.Context(), func(tx *store.Tx) (err error) { log, err = tx.Attempts(t.Context(), id); return err }))
		if len(log) != 1 || log[0].Attempt != row.attempt || log[0].Code != 250 || log[0].Text != "queued" || log[0].DurationMS != 7 || log[0].EnhancedCode != "" {
			t.Errorf("%s: the log of attempts is %+v", row.name, log)
		}
	}
}

// TestFence: what is not this attempt's any more cannot be committed.
func TestFence(t *testing.T) {
	for _, row := range []struct {
		name, set string
		owner     string
		attempt   int
		fenced    bool
	}{
		{"its own", ``, "me", 1, false},
		{"another owner", ``, "you", 1, true},
		{"an earlier attempt of the same owner", ``, "me", 0, true},
		{"the lease has ended", `update delivery set lease_until = $1::timestamptz`, "me", 1, true},
		{"suppressed meanwhile", `update delivery set state = 'suppressed' where $1::timestamptz is not null`, "me", 1, true},
	} {
		s := storetest.New(t)
		id := insertOwed(t, s, owed("a")).ID
		mustDo(t, atClock(t, s, testClock, func(tx *store.Tx) error {
			_, err := tx.ClaimDelivery(t.Context(), id, "me", time.Minute)
			return err
		}))
		if row.set != "" {
			storetest.Exec(t, s, row.set, testClock)
		}
		mustDo(t, s.SetClock(t.Context(), testClock))
		err := s.CommitDelivery(t.Context(), id, row.owner, row.attempt, time.Minute)
		if errors.Is(err, store.ErrFenced) != row.fenced {
			t.Errorf("commit, %s: got %v, want fenced %v", row.name, err, row.fenced)
		}
	}
}

// What a sender writes down as the letter's text is written only while the letter is its own: another that has taken it over
// builds and sends its own, and a retry must be what was sent.
func TestFreezeFence(t *testing.T) {
	for _, row := range []struct {
		name, set string
		fenced    bool
	}{
		{"its own", ``, false},
		{"taken over by another owner", `update delivery set owner = 'you'`, true},
		{"taken over by a later attempt of the same owner", `update delivery set attempts = 2`, true},
		{"taken back", `update delivery set state = 'pending'`, true},
		{"suppressed", `update delivery set state = 'suppressed'`, true},
		{"past its commit point", `update delivery set state = 'committing'`, true},
	} {
		s := storetest.New(t)
		id := insertOwed(t, s, owed("a")).ID
		var d store.Delivery
		mustDo(t, atClock(t, s, testClock, func(tx *store.Tx) (err error) {
			d, err = tx.ClaimDelivery(t.Context(), id, "me", time.Minute)
			return err
		}))
		if row.set != "" {
			storetest.Exec(t, s, row.set)
		}
		d.Subject = "of me"
		err := atClock(t, s, testClock, func(tx *store.Tx) error { return tx.FreezeDelivery(t.Context(), d) })
		if errors.Is(err, store.ErrFenced) != row.fenced || (deliveryOf(t, s, id).Subject == "") != row.fenced {
			t.Errorf("%s: got %v and subject %q, want fenced %v", row.name, err, deliveryOf(t, s, id).Subject, row.fenced)
		}
	}
}

// A claim that is given back was no attempt; one that the sweep ended is remembered against the letter.
func TestSenderDied(t *testing.T) {
	s := storetest.New(t)
	id := insertOwed(t, s, owed("a")).ID
	claim := func(moment time.Time) (died bool, attempts int) {
		mustDo(t, atClock(t, s, moment, func(tx *store.Tx) error {
			d, err := tx.ClaimDelivery(t.Context(), id, "me", time.Minute)
			if err == nil {
				died, err = tx.SenderDied(t.Context(), d)
			}
			attempts = d.Attempts
			return err
		}))
		return died, attempts
	}
	if died, n := claim(testClock); died || n != 1 {
		t.Errorf("fresh: died %v, attempt %d", died, n)
	}
	mustDo(t, atClock(t, s, testClock, func(tx *store.Tx) error { return tx.UnclaimDelivery(t.Context(), id, "me", 1) }))
	if died, n := claim(testClock); died || n != 1 {
		t.Errorf("given back: died %v, attempt %d; want it as if it had never been claimed", died, n)
	}
	later := testClock.Add(time.Minute)
	mustDo(t, atClock(t, s, later, func(tx *store.Tx) error { _, err := tx.SweepDeliveries(t.Context(), "me", 3, 9); return err }))
	if died, n := claim(later); !died || n != 2 {
		t.Errorf("after the sweep: died %v, attempt %d; want it remembered", died, n)
	}
}

func TestSweep(t *testing.T) {
	s := storetest.New(t)
	claim := func(id int64, moment time.Time) {
		mustDo(t, atClock(t, s, moment, func(tx *store.Tx) error {
			_, err := tx.ClaimDelivery(t.Context(), id, "me", time.Minute)
			return err
		}))
	}
	sweep := func(moment time.Time) (swept store.Swept) {
		mustDo(t, atClock(t, s, moment, func(tx *store.Tx) (err error) {
			swept, err = tx.SweepDeliveries(t.Context(), "me", 3, 100)
			return err
		}))
		return swept
	}
	sending, committing := insertOwed(t, s, owed("sending")).ID, insertOwed(t, s, owed("committing")).ID
	claim(sending, testClock)
	claim(committing, testClock)
	storetest.Exec(t, s, `update delivery set state = 'committing' where id = $1`, committing)
	if got := sweep(testClock.Add(59 * time.Second)); len(got.Released)+len(got.Uncertain) != 0 {
		t.Errorf("swept %+v before the lease ended", got)
	}
	got := sweep(testClock.Add(time.Minute))
	if !slices.Equal(got.Released, []int64{sending}) || !slices.Equal(got.Uncertain, []int64{committing}) {
		t.Errorf("swept %+v, want %d released and %d uncertain", got, sending, committing)
	}
	// What was sending is provably unsent; but a letter that costs its sender its life three times is put aside.
	for n := 2; n <= 3; n++ {
		claim(sending, testClock.Add(time.Duration(n)*time.Hour))
		got = sweep(testClock.Add(time.Duration(n)*time.Hour + time.Minute))
	}
	if !slices.Equal(got.Quarantined, []int64{sending}) || deliveryOf(t, s, sending).State != store.DeliveryFailed {
		t.Errorf("third death: %+v, want %d quarantined", got, sending)
	}
}

func TestExpire(t *testing.T) {
	s := storetest.New(t)
	ended, ahead := testClock, testClock.Add(time.Second)
	for _, row := range []struct {
		name string
		d    store.Delivery
		set  string
		want string
	}{
		{"past its end", store.Delivery{ExpiresAt: &ended}, ``, "expired"},
		{"not yet", store.Delivery{ExpiresAt: &ahead}, ``, "pending"},
		{"planned and past its end", store.Delivery{ExpiresAt: &ended, State: "planned"}, ``, "expired"},
		{"without an end, put off for five days", store.Delivery{NotBefore: testClock.Add(-store.RetryWindow)}, `update delivery set attempts = 9, retry_at = not_before`, "expired"},
		{"without an end, never tried: the installation was held", store.Delivery{NotBefore: testClock.Add(-30 * 24 * time.Hour)}, ``, "pending"},
		{"sent is sent", store.Delivery{ExpiresAt: &ended, State: "sent"}, ``, "sent"},
		{"uncertain stays listed", store.Delivery{ExpiresAt: &ended, State: "uncertain"}, ``, "uncertain"},
	} {
		d := owed(row.name)
		d.ExpiresAt, d.State, d.NotBefore = row.d.ExpiresAt, row.d.State, row.d.NotBefore
		id := insertOwed(t, s, d).ID
		if row.set != "" {
			storetest.Exec(t, s, row.set)
		}
		mustDo(t, atClock(t, s, testClock, func(tx *store.Tx) error { _, err := tx.ExpireDeliveries(t.Context(), 100); return err }))
		if got := deliveryOf(t, s, id).State; got != row.want {
			t.Errorf("%s: got %s, want %s", row.name, got, row.want)
		}
		storetest.Exec(t, s, `delete from delivery`)
	}
}

// TestNudgeByUrgency: the most urgent letter is told of first, and none twice within the time given.
func TestNudgeByUrgency(t *testing.T) {
	s := storetest.New(t)
	var ids []int64
	for i, priority := range []int{5, 9, 1} {
		d := owed(fmt.Sprint("row", i))
		d.Priority = priority
		ids = append(ids, insertOwed(t, s, d).ID)
	}
	nudge := func(moment time.Time, limit int) (got []int64) {
		mustDo(t, atClock(t, s, moment, func(tx *store.Tx) error {
			due, err := tx.NudgeDeliveries(t.Context(), time.Minute, false, limit)
			for _, d := range due {
				got = append(got, d.ID)
			}
			return err
		}))
		return got
	}
	if got := nudge(testClock, 2); !slices.Equal(got, []int64{ids[2], ids[0]}) {
		t.Errorf("nudged %v, want the urgent %d and then %d", got, ids[2], ids[0])
	}
	if got := nudge(testClock.Add(30*time.Second), 9); !slices.Equal(got, []int64{ids[1]}) {
		t.Errorf("half a minute later nudged %v, want the one that was left over", got)
	}
	if got := nudge(testClock.Add(time.Minute), 9); len(got) != 2 {
		t.Errorf("a minute later nudged %v, want the first two again: their nudges are taken for lost", got)
	}
	storetest.Exec(t, s, `update instance set held = true`)
	if got := nudge(testClock.Add(time.Hour), 9); len(got) != 0 {
		t.Errorf("held: nudged %v, want none", got)
	}
}

// TestNudgePastBacklog: workers that are told of as many letters as they may be still hear of an urgent one (R10).
func TestNudgePastBacklog(t *testing.T) {
	s := storetest.New(t)
	for i := range 5 {
		d := owed(fmt.Sprint("report", i))
		d.Priority = 7
		insertOwed(t, s, d)
	}
	nudge := func() (n int) {
		mustDo(t, atClock(t, s, testClock, func(tx *store.Tx) error {
			due, err := tx.NudgeDeliveries(t.Context(), time.Minute, false, 3)
			n = len(due)
			return err
		}))
		return n
	}
	if first, second := nudge(), nudge(); first != 3 || second != 0 {
		t.Fatalf("nudged %d and then %d, want 3 and none before they are taken up", first, second)
	}
	d := owed("reminder")
	d.Priority = 1
	insertOwed(t, s, d)
	if n := nudge(); n != 1 {
		t.Errorf("nudged %d, want the urgent one and no other", n)
	}
}

func TestNextDelivery(t *testing.T) {
	s := storetest.New(t)
	next := func(unbuilt bool) string {
		var text string
		mustDo(t, atClock(t, s, testClock, func(tx *store.Tx) error {
			moment, ok, err := tx.NextDelivery(t.Context(), testClock.Add(24*time.Hour), unbuilt)
			if ok {
				text = moment.Sub(testClock).String()
			}
			return err
		}))
		return text
	}
	if got := next(false); got != "" {
		t.Errorf("an empty outbox waits for %s", got)
	}
	d := owed("planned")
	d.NotBefore = testClock.Add(3 * time.Hour)
	insertOwed(t, s, d)
	if got := next(false); got != "3h0m0s" {
		t.Errorf("got %q, want the planned letter's moment", got)
	}
	id := insertOwed(t, s, owed("pending")).ID
	mustDo(t, atClock(t, s, testClock, func(tx *store.Tx) error { return tx.DelayDelivery(t.Context(), id, testClock.Add(time.Hour)) }))
	if got := next(false); got != "1h0m0s" {
		t.Errorf("got %q, want the retry", got)
	}
	storetest.Exec(t, s, `update relay set failures = 1, rest_until = $1`, testClock.Add(2*time.Hour))
	if got := next(false); got != "2h0m0s" {
		t.Errorf("got %q, want the end of the relay's rest", got)
	}
	storetest.Exec(t, s, `update delivery set frozen_at = created_at where state = 'pending'`)
	if got := next(true); got != "3h0m0s" {
		t.Errorf("got %q, want the letter that is not built yet", got)
	}
	storetest.Exec(t, s, `update instance set held = true`)
	if got := next(false); got != "3h0m0s" {
		t.Errorf("held: got %q, want only what becomes pending later", got)
	}
}
