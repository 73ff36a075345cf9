package acts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"secretariat/calendar"
	"secretariat/letters"
	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// letterOccasion is what a letter about a session is written from.
type letterOccasion struct {
	d      store.Delivery
	p      *planning
	m      *meetings.Meeting
	facts  store.SessionFacts
	person programme.Person
	row    meetings.Row
	now    time.Time
	before []store.Delivery // earlier letters about the session to this person that left, oldest first
}

// loadOccasion reads what a letter about a session needs.
func loadOccasion(ctx context.Context, tx *store.Tx, d store.Delivery) (o *letterOccasion, err error) {
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return nil, err
	}
	if d.SessionID == nil {
		return nil, fmt.Errorf("letter %d is about no session", d.ID)
	}
	o = &letterOccasion{d: d, p: p, now: tx.Now, row: p.rows([]store.Delivery{d})[0]}
	for ref, f := range p.facts {
		if f.ID == *d.SessionID {
			o.facts = f
			if o.m, err = p.meeting(ref); err != nil {
				return nil, err
			}
		}
	}
	if o.m == nil {
		return o, nil
	}
	o.person = p.people[o.row.Person]
	o.before, err = tx.LettersBefore(ctx, d)
	return o, err
}

// gone says why nothing is written at all.
func (o *letterOccasion) gone() string {
	switch {
	case o.m == nil:
		return "the session is retired"
	case !o.person.Active || o.person.Email == "":
		return "no longer receives letters"
	}
	return ""
}

// sessionLetter is the source of the letters of a session's own changes.
func sessionLetter(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (letterParts, string, error) {
	o, err := loadOccasion(ctx, tx, d)
	if err != nil {
		return letterParts{}, "", err
	}
	if reason := o.gone(); reason != "" {
		return letterParts{}, reason, nil
	}
	if reason := o.m.LetterOwed(d.Kind, o.row.Revision, tx.Now); reason != "" {
		return letterParts{}, reason, nil
	}
	data := o.data(a)
	if data.Session.Before, err = o.lastTold(ctx, tx); err != nil {
		return letterParts{}, "", err
	}
	if err := o.markLate(data.Session); err != nil {
		return letterParts{}, "", err
	}
	if data.Session.ReplyURL, err = o.replyLink(ctx, a, tx); err != nil {
		return letterParts{}, "", err
	}
	return o.compose(a, data)
}

// sessionReminder is the source of the reminders of a session.
func sessionReminder(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (letterParts, string, error) {
	o, err := loadOccasion(ctx, tx, d)
	if err != nil {
		return letterParts{}, "", err
	}
	if reason, err := o.stillOwed(); reason != "" || err != nil {
		return letterParts{}, reason, err
	}
	data := o.data(a)
	if data.Session.ReplyURL, err = o.replyLink(ctx, a, tx); err != nil {
		return letterParts{}, "", err
	}
	parts, reason, err := o.compose(a, data)
	if err == nil && reason == "" && d.Kind == "record-circulated" {
		err = o.attachRecord(ctx, tx, &parts)
	}
	return parts, reason, err
}

// stillOwed asks the planner whether the reminder is still wanted.
func (o *letterOccasion) stillOwed() (string, error) {
	if reason := o.gone(); reason != "" {
		return reason, nil
	}
	if o.d.ResendOf != nil { // an officer asked for it by hand: the ledger's key is that of the first one
		return "", nil
	}
	if o.d.RuleRef == "" { // no rule asked for it: somebody else's answer did
		return o.m.AskOwed(o.row), nil
	}
	return o.m.StillOwed(o.row, o.now)
}

// actionReminder is the source of the letters about an action item.
func actionReminder(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (letterParts, string, error) {
	o, err := loadOccasion(ctx, tx, d)
	if err != nil {
		return letterParts{}, "", err
	}
	if reason, err := o.stillOwed(); reason != "" || err != nil {
		return letterParts{}, reason, err
	}
	ref := strings.TrimPrefix(o.row.Matter, "action:")
	i := slices.IndexFunc(o.m.Session.ActionItems, func(x programme.ActionItem) bool { return x.Ref == ref })
	if i < 0 {
		return letterParts{}, "the action item is retired", nil
	}
	item := o.m.Session.ActionItems[i]
	data := o.letterData(a)
	data.Action = &letters.ActionData{Council: o.m.Council.Name, Session: o.m.Session.Title, Confidentiality: o.m.Session.Confidentiality, Text: item.Text,
		DueOn: item.DueOn, Today: o.today(), Owner: o.p.people[item.Owner].Name, Capacity: capacityOf(item, o.row.Person)}
	for _, decision := range o.m.Session.Decisions {
		if decision.Ref == item.Decision {
			data.Action.Decision = decision.Number
		}
	}
	return o.plain(a, data)
}

func capacityOf(item programme.ActionItem, person string) string {
	switch person {
	case item.Owner:
		return "owner"
	case item.Backup:
		return "backup"
	}
	return "chair"
}

// dutyReminder is the source of the letters about a line of the timetable.
func dutyReminder(ctx context.Context, a *Acts, tx *store.Tx, d store.Delivery) (letterParts, string, error) {
	o, err := loadOccasion(ctx, tx, d)
	if err != nil {
		return letterParts{}, "", err
	}
	if reason, err := o.stillOwed(); reason != "" || err != nil {
		return letterParts{}, reason, err
	}
	lines, err := o.m.Timetable(tx.Now)
	if err != nil {
		return letterParts{}, "", err
	}
	for _, l := range lines {
		if "line:"+l.Rule.Ref != o.row.Matter {
			continue
		}
		data := o.letterData(a)
		data.Duty = &letters.DutyData{Council: o.m.Council.Name, Zone: o.m.Zone(), Session: o.m.Session.Title, Confidentiality: o.m.Session.Confidentiality,
			OpensAt: o.m.Session.OpensAt, Title: l.Rule.Title, DueOn: l.DueOn, Today: o.today(), DutyOf: l.Rule.DutyOf, Hard: l.Rule.Hard,
			Consequence: l.Rule.Consequence, Source: l.Rule.Source, Escalated: o.m.Escalated(l, o.row.Person)}
		return o.plain(a, data)
	}
	return letterParts{}, "the rule is retired", nil
}

// letterData fills what every letter has.
func (o *letterOccasion) letterData(a *Acts) letters.Data {
	return baseData(a, o.p.info, o.person)
}

func baseData(a *Acts, info programme.Info, person programme.Person) letters.Data {
	zone, err := calendar.LoadZone(person.Timezone)
	if err != nil {
		zone = nil // the letter then shows the council's clock
	}
	return letters.Data{
		Recipient: letters.Recipient{Name: person.Name, Salutation: person.Salutation, Language: person.Language, Zone: zone, Clearance: clearanceOf(person)},
		Programme: letters.Programme{Title: info.Title, Languages: info.Languages, Sender: a.Mail.From.Name, Email: a.Mail.From.Address},
	}
}

// clearanceOf returns a person's own clearance, else that of their highest role. Members of a council have limited: who
// is written to about a session is one of them.
func clearanceOf(p programme.Person) string {
	if p.Clearance != "" {
		return p.Clearance
	}
	for _, role := range p.Roles {
		if role == "secretary" || role == "officer" || role == "chair-office" {
			return "confidential"
		}
	}
	for _, role := range p.Roles {
		if role == "focal-point" {
			return "limited"
		}
	}
	return "public"
}

// data fills what a letter says of the session to this reader.
func (o *letterOccasion) data(a *Acts) letters.Data {
	data := o.letterData(a)
	s := letters.SessionData{Council: o.m.Council.Name, Zone: o.m.Zone(), Session: o.m.Session, Names: o.names(), Record: o.m.Council.Record}
	if st, ok := o.m.Speaks(o.row.Person); ok {
		if data.Recipient.Clearance == "public" { // members see their own sessions
			data.Recipient.Clearance = "limited"
		}
		s.Seat, s.Capacity, s.Answer, s.Attends, s.Stale = st.Seat.Label, st.Capacity, st.Answer, st.Mode, st.Stale != nil
		if st.Capacity != "member" {
			s.Member = o.p.people[st.Member].Name
		}
	}
	lines, _ := o.m.Timetable(o.now) // rules that cannot be read have no lines; planning names them
	for _, l := range lines {
		switch {
		case l.Rule.DoneWhen == "all-replied" && l.Opens && !l.DueAt.Before(o.now):
			s.ReplyBy = l.DueOn
		case l.Rule.DoneWhen == "record-adopted":
			s.CorrectionsBy = l.DueOn
		}
	}
	s.AlreadyReminded = len(o.before) > 0
	data.Session = &s
	return data
}

// names are those of the people whom a letter may name.
func (o *letterOccasion) names() map[string]string {
	names := map[string]string{}
	for _, item := range o.m.Session.Agenda {
		names[item.Presenter] = o.p.people[item.Presenter].Name
	}
	for _, item := range o.m.Session.ActionItems {
		names[item.Owner] = o.p.people[item.Owner].Name
	}
	delete(names, "")
	return names
}

// today is the reader's day.
func (o *letterOccasion) today() programme.Date {
	zone, err := calendar.LoadZone(o.person.Timezone)
	if err != nil {
		zone = o.m.Zone()
	}
	return programme.DateOf(o.now, zone)
}
