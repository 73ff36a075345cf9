package acts

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"secretariat/calendar"
	"secretariat/store"
)

// Foreseen is a letter that would be sent, or that would be held back. At carries the recipient's offset.
type Foreseen struct {
	At       time.Time
	Kind     string
	To       string
	Language string
	Subject  string // of a letter that would be sent
	Why      string // what causes the letter, or why it would be held back
}

// Forecast is what would happen between two moments.
type Forecast struct{ Letters, HeldBack []Foreseen }

// errForecast ends the transaction of a forecast: nothing of it is kept.
var errForecast = errors.New("forecast")

// Forecast says what would be sent from one moment to another if nobody acted meanwhile. It does what the daemon would do,
// by the same functions, at each moment in turn, in a transaction that is then rolled back.
func (a *Acts) Forecast(ctx context.Context, from, to time.Time) (f Forecast, err error) {
	silent := &Acts{Store: a.Store, Reports: a.Reports, Letters: a.Letters, Mail: a.Mail, Replica: a.Replica}
	silent.Enqueue = func(context.Context, *store.Tx, ...Nudge) error { return nil }
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		f = Forecast{}
		if tx.Now.Before(from) {
			tx.Now = from
		}
		if err := silent.foresee(ctx, tx, to, &f); err != nil {
			return err
		}
		return errForecast
	})
	if !errors.Is(err, errForecast) {
		return Forecast{}, err
	}
	for _, list := range [][]Foreseen{f.Letters, f.HeldBack} {
		slices.SortFunc(list, func(x, y Foreseen) int {
			return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.To, y.To))
		})
	}
	return f, nil
}

func (a *Acts) foresee(ctx context.Context, tx *store.Tx, to time.Time, f *Forecast) error {
	start := tx.Now
	// Planning depends on the clock only for what is late, so that once at the start stands for every later time.
	if _, err := a.PlanRemindersIn(ctx, tx); err != nil {
		return err
	}
	fires, err := foreseenFires(ctx, tx, to)
	if err != nil {
		return err
	}
	for _, o := range fires {
		tx.Now = later(start, o.NotBefore)
		if err := a.foreseeFire(ctx, tx, o, to, f); err != nil {
			return err
		}
	}
	waiting, err := tx.Deliveries(ctx, store.DeliveryFilter{States: []string{store.DeliveryPlanned, store.DeliveryPending}})
	if err != nil {
		return err
	}
	for _, d := range waiting {
		at := later(start, d.NotBefore)
		if d.RetryAt != nil {
			at = later(at, *d.RetryAt)
		}
		if at.After(to) {
			continue
		}
		tx.Now = at
		if err := a.foreseeLetter(ctx, tx, d, f); err != nil {
			return err
		}
	}
	return nil
}

func later(x, y time.Time) time.Time {
	if x.After(y) {
		return x
	}
	return y
}

// foreseenFires lists the fires that will run until a moment: those decided and not yet run, then those to come.
func foreseenFires(ctx context.Context, tx *store.Tx, to time.Time) ([]store.Occurrence, error) {
	fires, err := tx.WaitingOccurrences(ctx, to)
	if err != nil {
		return nil, err
	}
	schedules, err := tx.DueSchedules(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range schedules {
		if !s.Enabled || s.PausedAt != nil || s.NextFireAt == nil || s.Task == "reminders" {
			continue
		}
		t, err := timingOf(ctx, tx, s)
		if err != nil {
			return nil, err
		}
		var decided []store.Occurrence
		next := s.NextFireAt.In(t.spec.Zone())
		if !next.After(tx.Now) {
			decided, next = t.fires(next, tx.Now)
		}
		for ; !next.IsZero() && !next.After(to); next = t.spec.Next(next) {
			decided = append(decided, t.decide(next, next))
		}
		for _, o := range decided {
			if o.ScheduleID, o.Schedule, o.Report, o.Task = s.ID, s.Ref, s.Report, s.Task; o.Decision != store.Skipped && !o.NotBefore.After(to) {
				fires = append(fires, o)
			}
		}
	}
	slices.SortFunc(fires, func(x, y store.Occurrence) int { return x.NotBefore.Compare(y.NotBefore) })
	return fires, nil
}

// foreseeFire adds the letters of a fire. Letters of tasks are rows of the transaction; those of reports are listed.
func (a *Acts) foreseeFire(ctx context.Context, tx *store.Tx, o store.Occurrence, to time.Time, f *Forecast) error {
	if o.Task == "request-updates" {
		owed, err := updateRequests(ctx, tx, o.FireAt)
		if err == nil {
			_, err = tx.InsertDeliveries(ctx, owed)
		}
		return err
	}
	if o.Report == "" {
		return nil
	}
	plan, err := a.PlanRun(ctx, Occasion{Schedule: o.ScheduleID, Report: o.Report, FireAt: o.FireAt})
	if err != nil {
		return err
	}
	for _, l := range plan.Letters {
		at := tx.Now
		if plan.State == store.RunReview && l.Kind != kindHeld {
			if at = at.Add(plan.Review); at.After(to) {
				continue
			}
		}
		foreseen := Foreseen{At: clockOf(at, l.Timezone), Kind: l.Kind, To: l.Address, Language: l.Language, Subject: l.Subject, Why: "schedule " + o.Schedule}
		if l.HeldBack != "" {
			foreseen.Why = heldBackBecause(plan, l)
			f.HeldBack = append(f.HeldBack, foreseen)
			continue
		}
		f.Letters = append(f.Letters, foreseen)
	}
	return nil
}

// heldBackBecause says why a letter of a report would not be sent.
func heldBackBecause(plan RunPlan, l RunLetter) string {
	if l.HeldBack == runHeld && len(plan.Faults) > 0 {
		first, _, _ := strings.Cut(plan.Reason, "\n")
		return "the report would be held: " + first
	}
	return l.HeldBack
}

// foreseeLetter prepares a letter as its sender would at that moment.
func (a *Acts) foreseeLetter(ctx context.Context, tx *store.Tx, d store.Delivery, f *Forecast) error {
	foreseen := Foreseen{At: clockOf(tx.Now, d.Timezone), Kind: d.Kind, To: d.Address, Language: d.Language, Why: cause(d)}
	step, reason, err := a.prepare(ctx, tx, &d)
	if err != nil {
		return err
	}
	if step != "" {
		foreseen.Why = reason
		f.HeldBack = append(f.HeldBack, foreseen)
		return nil
	}
	foreseen.Subject = d.Subject
	f.Letters = append(f.Letters, foreseen)
	return nil
}

// clockOf shows a moment on the clocks of a zone; in UTC when the zone is not known.
func clockOf(moment time.Time, zone string) time.Time {
	if z, err := calendar.LoadZone(zone); err == nil {
		return moment.In(z)
	}
	return moment.UTC()
}

// cause says in words what a waiting letter comes from.
func cause(d store.Delivery) string {
	switch {
	case d.Kind == "session-overdue":
		return "the session is over and not closed"
	case d.RuleRef != "":
		return "reminder rule " + d.RuleRef
	case d.RunID != nil && d.State == store.DeliveryPlanned:
		return "a report in review"
	case d.RunID != nil:
		return "a report that was made"
	case d.SessionID != nil:
		return "a change of the session"
	case d.Kind == kindPoll || d.Kind == kindPollReminder:
		return "poll " + strings.TrimPrefix(d.SubjectKey, "poll:")
	default:
		return "task request-updates"
	}
}
