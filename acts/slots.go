package acts

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"secretariat/calendar"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// SlotRequest asks for moments at which a council could meet.
type SlotRequest struct {
	Council  string
	From, To programme.Date
	Lasts    time.Duration
	Hours    string  // of the venue, "" is 09:00-18:00
	Floor    float64 // probability of a quorum; 0 is the default
	Top      int
}

// FoundSlots is what a search came to, with what its reader must know.
type FoundSlots struct {
	meetings.SlotResult
	Earliest programme.Date
	Zone     *time.Location
	Warnings []string // years for which a calendar names no holiday
}

// longestSearch keeps a search to what is planned at one time.
const longestSearch = 366

// Slots finds moments for a session of a council: exact, by everybody's hours, days off, busy times and what they carried
// before. Every refusal is an ErrRefused.
func (a *Acts) Slots(ctx context.Context, r SlotRequest) (found FoundSlots, err error) {
	switch {
	case r.To.Before(r.From):
		return found, refuse("give --to on or after --from", "the search ends on %s, before it begins on %s", r.To, r.From)
	case r.To.Sub(r.From) > longestSearch:
		return found, refuse("search a shorter time", "the search is longer than %d days", longestSearch)
	case r.Lasts <= 0 || r.Lasts > 24*time.Hour:
		return found, refuse("e.g. --lasts PT3H", "a session of %s is not looked for", r.Lasts)
	}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(p.councils, func(c programme.Council) bool { return c.Ref == r.Council })
		if i < 0 {
			var refs []string
			for _, c := range p.councils {
				refs = append(refs, c.Ref)
			}
			return refuse("the councils are "+strings.Join(refs, ", "), "no council %q%s", r.Council, programme.DidYouMean(r.Council, refs))
		}
		found, err = p.slots(ctx, tx, p.councils[i], r)
		return err
	})
	return found, err
}

func (p *planning) slots(ctx context.Context, tx *store.Tx, c programme.Council, r SlotRequest) (found FoundSlots, err error) {
	m := &meetings.Meeting{Council: c, Seats: p.seats[c.Ref], People: p.people, Holidays: p.holidays}
	m.Council.Sessions = nil
	q := meetings.SlotSearch{From: r.From, To: r.To, Lasts: r.Lasts, Zone: m.Zone(), Venue: m.Workdays(), Floor: r.Floor, Top: r.Top}
	if q.Floor == 0 {
		q.Floor = meetings.DefaultFloor
	}
	if q.Opens, q.Closes, err = hoursOf(r.Hours); err != nil {
		return found, refuse("e.g. 09:00-18:00", "hours %q: %v", r.Hours, err)
	}
	m.Session.OpensAt = calendar.Moment(r.From.Time(), time.Duration(q.Opens)*time.Minute, q.Zone)
	m.Session.ClosesAt = m.Session.OpensAt.Add(r.Lasts)
	q.Earliest, _ = m.EarliestFeasible(tx.Now)
	if q.Required, err = m.SeatsRequired(); err != nil {
		return found, err
	}
	if err := p.fillSlots(ctx, tx, m, c, &q); err != nil {
		return found, err
	}
	found = FoundSlots{SlotResult: meetings.FindSlots(q), Earliest: q.Earliest, Zone: q.Zone, Warnings: m.Uncovered(r.From, r.To)}
	return found, nil
}

// slotFiller puts people, seats and officers into a search, each person once.
type slotFiller struct {
	p       *planning
	m       *meetings.Meeting
	q       *meetings.SlotSearch
	busy    map[string][]meetings.Busy // by person
	carried map[string]int             // by person
	records map[string]meetings.SeatRecord
	index   map[string]int // of a person in the search
}

// fillSlots adds the people with their hours, busy times and burdens, the seats, and the officers who must be free.
func (p *planning) fillSlots(ctx context.Context, tx *store.Tx, m *meetings.Meeting, c programme.Council, q *meetings.SlotSearch) error {
	f := slotFiller{p: p, m: m, q: q, busy: map[string][]meetings.Busy{}, records: seatRecords(c, tx.Now), index: map[string]int{}}
	var err error
	if f.carried, err = tx.Burdens(ctx); err != nil {
		return err
	}
	intervals, err := tx.BusyIntervals(ctx)
	if err != nil {
		return err
	}
	for _, b := range intervals {
		f.busy[b.Person] = append(f.busy[b.Person], meetings.Busy{From: b.From, To: b.To, Half: b.Half})
	}
	f.officers(f.seats())
	return nil
}

// person returns the place of a person in the search, -1 for one who is not known.
func (f *slotFiller) person(ref, seat string) int {
	who, ok := f.p.people[ref]
	if !ok {
		return -1
	}
	if _, known := f.index[ref]; !known {
		one := meetings.SlotPerson{Ref: ref, Zone: f.m.PersonZone(who), Workdays: f.m.PersonWorkdays(who), Busy: f.busy[ref], Carried: f.carried[ref],
			Chance: f.m.RecordChance(f.records[seat])}
		one.From, one.To, _ = hoursOf(who.WorkHours) // the file's own check refuses others
		f.index[ref] = len(f.q.People)
		f.q.People = append(f.q.People, one)
	}
	return f.index[ref]
}

// seats adds each seat with its member and its first alternate, and returns the places of seats by member.
func (f *slotFiller) seats() map[string]int {
	seatOf := map[string]int{}
	for _, s := range f.m.Seats {
		seat := meetings.SlotSeat{Member: -1, Alternate: -1, Voting: s.Voting}
		if member := s.MemberOn(f.q.From); member != "" {
			seat.Member = f.person(member, s.Ref)
			seatOf[member] = len(f.q.Seats)
		}
		for _, t := range s.Alternates {
			if t.On(f.q.From) && seat.Alternate < 0 {
				seat.Alternate = f.person(t.Person, s.Ref)
			}
		}
		f.q.Seats = append(f.q.Seats, seat)
	}
	return seatOf
}

// officers adds the offices without which the council does not sit, with all who may fill them.
func (f *slotFiller) officers(seatOf map[string]int) {
	for _, o := range f.m.OfficersNeeded(f.q.From) {
		office := meetings.SlotOffice{Kind: o.Kind, Quorum: o.Quorum, Seat: -1}
		for _, ref := range o.People {
			if i := f.person(ref, ""); i >= 0 {
				office.People = append(office.People, i)
			}
		}
		if at, ok := seatOf[o.People[0]]; ok {
			office.Seat = at
		}
		if len(office.People) > 0 {
			f.q.Officers = append(f.q.Officers, office)
		}
	}
}

// hoursOf reads "09:00-18:00" as minutes since midnight; "" is that.
func hoursOf(text string) (from, to int, err error) {
	if text == "" {
		return 9 * 60, 18 * 60, nil
	}
	first, last, _ := strings.Cut(text, "-")
	a, err := calendar.ParseClock(first)
	if err != nil {
		return 0, 0, err
	}
	b := 24 * time.Hour
	if last != "24:00" {
		if b, err = calendar.ParseClock(last); err != nil {
			return 0, 0, err
		}
	}
	if b <= a {
		return 0, 0, errors.New("they end before they begin")
	}
	return int(a.Minutes()), int(b.Minutes()), nil
}

// busyKept is how long imported busy times are kept, and how far ahead they are read.
const (
	busyKept  = 90 * 24 * time.Hour
	busyAhead = 400 * 24 * time.Hour
)

// ImportBusy takes the busy times of a person from a calendar file, in the place of those imported before. Only intervals
// are kept.
func (a *Acts) ImportBusy(ctx context.Context, person string, file io.Reader, actor string) (n int, err error) {
	text, err := io.ReadAll(file) // once: the transaction may run again
	if err != nil {
		return 0, err
	}
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		who, ok := p.people[person]
		if !ok {
			return refuse("a ref of the programme file", "no person %q", person)
		}
		zone, err := calendar.LoadZone(who.Timezone)
		if err != nil {
			return err
		}
		times, err := calendar.ReadFreeBusy(strings.NewReader(string(text)), zone, tx.Now, tx.Now.Add(busyAhead))
		var bad *calendar.FreeBusyError
		if errors.As(err, &bad) {
			return refuse(bad.Hint(), "%s", bad)
		}
		if err != nil {
			return err
		}
		list := make([]store.BusyInterval, 0, len(times))
		for _, b := range times {
			list = append(list, store.BusyInterval{Person: person, From: b.From, To: b.To, Half: b.Tentative})
		}
		if n = len(list); n == 0 {
			return tx.ReplaceBusy(ctx, person, nil, tx.Now)
		}
		if err := tx.ReplaceBusy(ctx, person, list, tx.Now.Add(busyKept)); err != nil {
			return err
		}
		return tx.Audit(ctx, actor, "import busy times", "person "+person, nil, map[string]int{"periods": n})
	})
	return n, err
}

// rememberBurdens keeps what a session cost those who attended.
func rememberBurdens(ctx context.Context, tx *store.Tx, sessionID int64, m *meetings.Meeting, attended []programme.Attendance) error {
	for _, one := range attended {
		who, ok := m.People[one.Person]
		if !ok {
			continue
		}
		from, to, _ := hoursOf(who.WorkHours) // the file's own check refuses others
		points := meetings.Burden(m.PersonZone(who), m.PersonWorkdays(who), from, to, m.Session.OpensAt, m.Session.ClosesAt)
		if err := tx.PutBurden(ctx, sessionID, one.Person, points); err != nil {
			return err
		}
	}
	return nil
}
