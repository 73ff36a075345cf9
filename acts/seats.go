package acts

import (
	"context"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// SeatHeld is a seat with who sits on it today, on the council's calendar.
type SeatHeld struct {
	Council    string
	Seat       meetings.Seat
	Member     string // "" when it is vacant
	Alternates []string
}

// Seats returns the seats of a council, or of all for "". An unknown council is an ErrRefused.
func (a *Acts) Seats(ctx context.Context, council string) (list []SeatHeld, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		if council != "" {
			if _, err := p.councilOf(council); err != nil {
				return err
			}
		}
		list = nil
		for _, c := range p.councils {
			if council != "" && c.Ref != council {
				continue
			}
			m := meetings.Meeting{Council: c}
			today := programme.DateOf(tx.Now, m.Zone())
			for _, s := range p.seats[c.Ref] {
				held := SeatHeld{Council: c.Ref, Seat: s, Member: s.MemberOn(today)}
				for _, t := range s.Alternates {
					if t.On(today) {
						held.Alternates = append(held.Alternates, t.Person)
					}
				}
				list = append(list, held)
			}
		}
		return nil
	})
	return list, err
}

// Councils returns the councils.
func (a *Acts) Councils(ctx context.Context) (list []programme.Council, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		list, err = tx.Councils(ctx)
		return err
	})
	return list, err
}
