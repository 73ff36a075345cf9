package acts

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"secretariat/calendar"
	"secretariat/letters"
	"secretariat/locale"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

// Feed is a calendar that programs fetch again and again. The same sessions give the same bytes, and Tag names them.
type Feed struct {
	Calendar string
	Tag      string // ETag without quotes
}

// CalendarFeed returns what the token of a feed opens: all sessions of a person, or those of a council, in one calendar;
// cancelled and postponed ones as such. Nobody else's address is in it, nor the address to join, and a confidential session
// is a "Council session". The error is store.ErrNotFound for every token that opens nothing.
func (a *Acts) CalendarFeed(ctx context.Context, token string) (f Feed, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		target, err := tx.FeedToken(ctx, token)
		if err != nil {
			return err
		}
		p, err := loadPlanning(ctx, tx)
		if err != nil {
			return err
		}
		reader := p.people[target.Person]
		if reader.Language == "" {
			reader.Language = p.info.Languages[0]
		}
		var events []calendar.Event
		for _, ref := range p.order {
			m, err := p.meeting(ref)
			if err != nil {
				return err
			}
			if !meetings.Told(m.Session.State) || target.Council != "" && m.Council.Ref != target.Council || target.Person != "" && !takesPart(m, target.Person) {
				continue
			}
			if target.Person == "" && m.Session.Confidentiality != "public" { // whoever holds the address is cleared for what is public
				m.Session.Confidentiality = "confidential"
			}
			events = append(events, a.feedEvent(p, m, p.facts[ref], reader))
		}
		f.Calendar, err = calendar.Feed(locale.For(reader.Language).T("web.feed.title", map[string]any{"programme": p.info.Title.In(append([]string{reader.Language}, p.info.Languages...)...)}), events)
		sum := sha256.Sum256([]byte(f.Calendar))
		f.Tag = hex.EncodeToString(sum[:16])
		return err
	})
	return f, err
}

// takesPart reports whether a session is one of a person's: as a member on its day, in a member's place, or by office.
func takesPart(m *meetings.Meeting, person string) bool {
	day := m.OpeningDay()
	for _, st := range m.Standings() {
		if st.Member == person || st.Acting == person {
			return true
		}
	}
	for _, s := range m.Seats {
		if s.Alternate(person, day) && slices.ContainsFunc(m.Answers, func(a meetings.Answer) bool { return a.Person == person || a.Delegate == person }) {
			return true
		}
	}
	return slices.ContainsFunc(m.Council.Offices, func(o programme.Office) bool { return o.Person == person && o.HeldOn(day) })
}

func (a *Acts) feedEvent(p *planning, m *meetings.Meeting, facts store.SessionFacts, reader programme.Person) calendar.Event {
	s := m.Session
	text := letters.EventText(reader.Language, letters.Data{Programme: letters.Programme{Languages: p.info.Languages},
		Session: &letters.SessionData{Council: m.Council.Name, Zone: m.Zone(), Session: s}})
	e := calendar.Event{Method: calendar.MethodPublish, UID: facts.UID, Sequence: facts.Sequence, Stamp: facts.RevisedAt, Status: calendar.StatusConfirmed,
		Start: s.OpensAt, End: s.ClosesAt, Zone: m.Zone(), Language: reader.Language, Summary: text.Summary, Location: text.Location, Description: text.Description,
		Confidential: s.Confidentiality == "confidential", Organizer: calendar.Mailbox{Name: a.Mail.From.Name, Address: a.Mail.From.Address}}
	switch s.State {
	case meetings.Tentative:
		e.Status = calendar.StatusTentative
	case meetings.Cancelled, meetings.Postponed:
		e.Status = calendar.StatusCancelled
	}
	return e
}

// NewFeed makes the address of a calendar feed, of a person or of a council. Earlier ones of the same open nothing any
// more where renew is asked for.
func (a *Acts) NewFeed(ctx context.Context, person, council string, renew bool, actor string) (address string, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		personID, councilID, err := feedOwner(ctx, tx, person, council)
		if err != nil {
			return err
		}
		if a.Mail.PublicURL == "" {
			return refuse("set --public-url to the address under which readers reach the pages", "no feed can be made: the program does not know its own address")
		}
		if renew {
			if _, err := revokeFeeds(ctx, tx, personID, councilID); err != nil {
				return err
			}
		}
		token := strings.ToLower(rand.Text())
		if err := tx.PutFeedToken(ctx, token, personID, councilID); err != nil {
			return err
		}
		address = strings.TrimSuffix(a.Mail.PublicURL, "/") + "/calendar/" + token + ".ics"
		return tx.Audit(ctx, actor, "make calendar feed", strings.TrimSpace("feed "+person+council), nil, map[string]any{"renewed": renew})
	})
	return address, err
}

// RevokeFeeds makes the feeds of a person or of a council open nothing any more, and returns how many there were.
func (a *Acts) RevokeFeeds(ctx context.Context, person, council, actor string) (n int, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		personID, councilID, err := feedOwner(ctx, tx, person, council)
		if err != nil {
			return err
		}
		if n, err = revokeFeeds(ctx, tx, personID, councilID); err != nil {
			return err
		}
		return tx.Audit(ctx, actor, "revoke calendar feeds", "feed "+person+council, nil, map[string]any{"feeds": n})
	})
	return n, err
}

func feedOwner(ctx context.Context, tx *store.Tx, person, council string) (personID, councilID int64, err error) {
	if (person == "") == (council == "") {
		return 0, 0, refuse("give --person or --council", "a feed is of one person or of one council")
	}
	if person != "" {
		people, err := tx.PersonIDs(ctx)
		if err == nil && people[person] == 0 {
			err = refuse("the programme file names the people", "no person %q", person)
		}
		return people[person], 0, err
	}
	councils, err := tx.CouncilIDs(ctx)
	if err == nil && councils[council] == 0 {
		err = refuse("the programme file names the councils", "no council %q", council)
	}
	return 0, councils[council], err
}

func revokeFeeds(ctx context.Context, tx *store.Tx, personID, councilID int64) (int, error) {
	if councilID != 0 {
		return tx.RevokeCouncilFeeds(ctx, councilID)
	}
	return tx.RevokeTokens(ctx, personID, 0, "feed")
}
