package acts

import (
	"context"
	"fmt"
	"time"

	"secretariat/calendar"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// RequestUpdates asks each focal point of open activities for news, one letter each for all of theirs, as of a fire of
// the task. It returns how many letters it inserted; a second call for the same day inserts none.
func (a *Acts) RequestUpdates(ctx context.Context, fireAt time.Time) (n int, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		owed, err := updateRequests(ctx, tx, fireAt)
		if err != nil {
			return err
		}
		inserted, err := tx.InsertDeliveries(ctx, owed)
		if err != nil {
			return err
		}
		n = len(inserted)
		return a.nudge(ctx, tx, inserted)
	})
	return n, err
}

func updateRequests(ctx context.Context, tx *store.Tx, fireAt time.Time) ([]store.Delivery, error) {
	info, err := tx.ProgrammeInfo(ctx)
	if err != nil {
		return nil, err
	}
	zone, err := calendar.LoadZone(info.Timezone)
	if err != nil {
		return nil, fmt.Errorf("programme: %w", err)
	}
	people, err := tx.People(ctx)
	if err != nil {
		return nil, err
	}
	ids, err := tx.PersonIDs(ctx)
	if err != nil {
		return nil, err
	}
	activities, err := tx.Activities(ctx)
	if err != nil {
		return nil, err
	}
	asked := map[string]bool{}
	for _, activity := range activities {
		asked[activity.FocalPoint] = asked[activity.FocalPoint] || openActivity(activity)
	}
	var owed []store.Delivery
	for _, p := range people {
		if !asked[p.Ref] || !p.Active || p.Email == "" {
			continue
		}
		id, expires := ids[p.Ref], fireAt.Add(updateRequestGrace)
		owed = append(owed, store.Delivery{Kind: "update-request", PersonID: &id, Address: p.Email, Name: p.Name, Language: p.Language, Timezone: p.Timezone,
			DedupeKey: fmt.Sprintf("update-request:%s:%s", programme.DateOf(fireAt, zone), p.Ref), ExpiresAt: &expires, Priority: 5})
	}
	return owed, nil
}

// openActivity reports whether work on an activity is still ahead (RULES, Activities).
func openActivity(a programme.Activity) bool {
	return a.Status != "closed" && a.Status != "cancelled" && a.Status != "suspended"
}

// SessionQuorums returns the forecasts of a session.
func (a *Acts) SessionQuorums(ctx context.Context, ref string) (quorums []meetings.Quorum, m *meetings.Meeting, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		if m, err = p.meeting(ref); err != nil {
			return err
		}
		quorums, err = m.Quorums()
		return err
	})
	return quorums, m, err
}

// Session is a session with its council and its standing in the calendar.
type Session struct {
	Meeting *meetings.Meeting
	Facts   store.SessionFacts
	Overdue bool // it is over, and nobody has recorded what became of it
}

// Sessions returns all sessions by their opening.
func (a *Acts) Sessions(ctx context.Context) (list []Session, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		list = nil
		for _, ref := range p.order {
			m, err := p.meeting(ref)
			if err != nil {
				return err
			}
			list = append(list, Session{m, p.facts[ref], m.Overdue(tx.Now)})
		}
		return nil
	})
	return list, err
}
