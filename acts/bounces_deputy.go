package acts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"secretariat/letters"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// kindAddressDead tells a deputy, and the secretary, of a member whose address takes no letters.
const kindAddressDead = "address-dead"

// tellOfDeadAddress plans the letters about an address that was given up for good, when a letter about a session came back
// from it: to the first alternate of the seat whose own address is good, and to the secretary (study of mail, part 5:
// "suppress address, tell secretariat, try deputy"). A deputy whose address is dead too makes room for the next one. Each
// is told once of a member and a session; a session that is over tells nobody.
func (a *Acts) tellOfDeadAddress(ctx context.Context, tx *store.Tx, deliveryID int64) error {
	d, err := tx.Delivery(ctx, deliveryID)
	if errors.Is(err, store.ErrNotFound) || err == nil && (d.SessionID == nil || d.PersonID == nil) {
		return nil
	}
	if err != nil {
		return err
	}
	o, err := loadOccasion(ctx, tx, d)
	if err != nil || o.m == nil {
		return err
	}
	if !slices.Contains([]string{meetings.Tentative, meetings.Confirmed, meetings.InSession}, o.m.Session.State) || !tx.Now.Before(o.m.Session.ClosesAt) {
		return nil
	}
	seat, person := seatWritten(o)
	deputy, err := o.deputy(ctx, tx, seat, person)
	if err != nil {
		return err
	}
	var owed []store.Delivery
	for _, to := range []string{deputy, o.m.InOffice("secretary", programme.DateOf(tx.Now, o.m.Zone()))} {
		if to != "" && to != person && reachable(o.p, to) {
			owed = append(owed, o.deadLetter(to, seat, person))
		}
	}
	inserted, err := tx.InsertDeliveries(ctx, owed)
	if err != nil {
		return err
	}
	return a.nudge(ctx, tx, inserted)
}

// seatWritten returns the seat and the person of the letter that came back. One that came back from a deputy was about
// the member in its matter.
func seatWritten(o *letterOccasion) (seat, person string) {
	if seat, person, ok := deadMatter(o.d); ok {
		return seat, person
	}
	for _, st := range o.m.Standings() {
		if st.Acting == o.row.Person || st.Member == o.row.Person {
			return st.Seat.Ref, o.row.Person
		}
	}
	return "", o.row.Person
}

// deadMatter reads the matter of a letter of this kind: dead:SEAT:PERSON.
func deadMatter(d store.Delivery) (seat, person string, ok bool) {
	rest, ok := strings.CutPrefix(d.SubjectKey, "dead:")
	if !ok || d.Kind != kindAddressDead {
		return "", "", false
	}
	seat, person, ok = strings.Cut(rest, ":")
	return seat, person, ok
}

// deputy returns the alternate of highest rank of a seat, on the day of the session, whose address takes letters; "" for none.
func (o *letterOccasion) deputy(ctx context.Context, tx *store.Tx, seat, person string) (string, error) {
	st, ok := o.m.Standing(seat)
	if !ok {
		return "", nil
	}
	day := o.m.OpeningDay()
	for _, t := range st.Seat.Alternates {
		if t.Person == person || !t.On(day) || !reachable(o.p, t.Person) {
			continue
		}
		dead, err := tx.AddressDead(ctx, o.p.people[t.Person].Email)
		if err != nil || !dead {
			return t.Person, err
		}
	}
	return "", nil
}

func (o *letterOccasion) deadLetter(to, seat, person string) store.Delivery {
	d := o.p.letterTo(to, kindAddressDead, o.facts, o.m.Revision)
	ends := o.m.Session.ClosesAt
	d.DedupeKey = fmt.Sprintf("dead:%s:%s:%s:%s", o.facts.Ref, seat, person, to)
	d.SubjectKey, d.NotBefore, d.ExpiresAt, d.Priority = "dead:"+seat+":"+person, o.now, &ends, 2
	return d
}

// deadAddress is the source of that letter. It is owed as long as the member's address takes no letters.
func deadAddress(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (letterParts, string, error) {
	o, err := loadOccasion(ctx, tx, d)
	if err != nil {
		return letterParts{}, "", err
	}
	if reason := o.gone(); reason != "" {
		return letterParts{}, reason, nil
	}
	seat, person, ok := deadMatter(d)
	if !ok {
		return letterParts{}, "", fmt.Errorf("letter %d: no matter in %q", d.ID, d.SubjectKey)
	}
	if dead, err := tx.AddressDead(ctx, o.p.people[person].Email); err != nil || !dead {
		return letterParts{}, "the address takes letters again", err
	}
	deputy, err := o.deputy(ctx, tx, seat, person)
	if err != nil {
		return letterParts{}, "", err
	}
	data := o.data(a)
	notice := &letters.Notice{What: "secretary", Who: o.p.people[person].Name, Deputy: o.p.people[deputy].Name}
	if o.row.Person != o.m.InOffice("secretary", programme.DateOf(o.now, o.m.Zone())) {
		notice.What = "deputy"
		if data.Recipient.Clearance == "public" { // alternates see the sessions of their seat as members do
			data.Recipient.Clearance = "limited"
		}
	}
	if st, ok := o.m.Standing(seat); ok {
		notice.Seat = st.Seat.Label
	}
	data.Session.Notice = notice
	return o.plain(a, data)
}
