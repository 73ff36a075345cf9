package acts

import (
	"maps"
	"regexp"

	"secretariat/meetings"
	"secretariat/store"
)

type storySeat struct{ ref, email string }

// seatsOf returns the seats of a session's council with the mailboxes of their members.
func (d *desk) seatsOf(session string) (seats []storySeat) {
	d.t.Helper()
	d.inTx(func(tx *store.Tx) error {
		all, err := d.Meetings(d.t.Context(), tx)
		if err != nil {
			return err
		}
		m := all[session]
		for _, st := range m.Standings() {
			seats = append(seats, storySeat{st.Seat.Ref, m.People[st.Acting].Email})
		}
		return nil
	})
	if len(seats) != 16 {
		d.t.Fatalf("%d seats", len(seats))
	}
	return seats
}

func (d *desk) standing(session, seat string) meetings.Standing {
	d.t.Helper()
	_, m, err := d.Replies(d.t.Context(), session)
	if err != nil {
		d.t.Fatal(err)
	}
	st, _ := m.Standing(seat)
	return st
}

// keys are those of all letters that leave in the story, with P for the person and without the day of a reminder on the
// reader's clock: how many there must be of each. Nothing else may leave.
var keys = map[string]int{
	"poll:POLL-1:ask:P": 17, "poll:POLL-1:remind-3:P": 5, "poll:POLL-1:remind-1:P": 2,
	"session:REC-1:r1:hold-the-date:P": 16, "session:REC-1:r2:invitation:P": 16,
	"session:REC-1:r3:session-changed:P": 16, "session:REC-1:r4:session-changed:P": 16,
	"session:REC-1:r5:session-postponed:P": 16, "session:REC-1:r6:invitation:P": 16,
	"duty:REC-1/documents-submitted:REC/duty-due-in-three-days:2027-07-06:P": 14, // ten weeks before the last date, to those with a vote
	"reminder:REC/fourteen-days-before:REC-1:r6:P":                           14, // two have declined
	"reminder:REC/three-days-no-reply:REC-1:r6:P":                            4,
	"reminder:REC/one-day-before:REC-1:r6:P":                                 10, // those who come
	"reminder:REC/two-hours-before:REC-1:r6:P":                               10,
	"reminder:REC/record:REC-1:r6:P":                                         14,
	"run:1:P":                                                                2,                             // the weekly report
	"run:2:P":                                                                2, "run:3:P": 2, "run:4:P": 2, // nothing to report
}

var (
	personInKey = regexp.MustCompile(`X-[a-z]+`)
	dayAtEnd    = regexp.MustCompile(`P:2027-\d\d-\d\d$`)
)

// account names every letter of the whole story by its key: each that left was asked for, reached the relay once, and each
// that did not leave says why. What stays in the database opens no page: members answered by the links in their mailboxes.
func (s *storyOfCouncil) account() {
	s.t.Helper()
	var rows []store.Delivery
	s.inTx(func(tx *store.Tx) (err error) {
		rows, err = tx.Deliveries(s.t.Context(), store.DeliveryFilter{})
		return err
	})
	arrived, sent := map[string]int{}, map[string]int{}
	for _, id := range s.relay.MessageIDs() {
		arrived[id]++
	}
	for _, l := range rows {
		switch {
		case l.State == store.DeliverySent && arrived[l.MessageID] == 1:
			sent[dayAtEnd.ReplaceAllString(personInKey.ReplaceAllString(l.DedupeKey, "P"), "P")]++
			delete(arrived, l.MessageID)
		case (l.State == store.DeliverySuppressed || l.State == store.DeliveryExpired) && l.Reason != "" && arrived[l.MessageID] == 0:
		default:
			s.t.Errorf("%s is %s (%q), and arrived %d times", l.DedupeKey, l.State, l.Reason, arrived[l.MessageID])
		}
	}
	if n := s.count(`select count(*) from delivery d where to_jsonb(d)::text ~ '/[rpuf]/[a-z2-7]{26}'`); n > 0 {
		s.t.Errorf("%d letters hold links that open pages", n)
	}
	if len(arrived) > 0 {
		s.t.Errorf("letters without a row: %v", arrived)
	}
	if !maps.Equal(sent, keys) {
		for key := range sent {
			if sent[key] != keys[key] {
				s.t.Errorf("%d letters %s left, the story asks for %d", sent[key], key, keys[key])
			}
		}
		for key := range keys {
			if sent[key] == 0 {
				s.t.Errorf("no letter %s left, the story asks for %d", key, keys[key])
			}
		}
	}
}
