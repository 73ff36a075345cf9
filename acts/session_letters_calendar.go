package acts

import (
	"context"
	"fmt"

	"secretariat/calendar"
	"secretariat/letters"
	"secretariat/meetings"
	"secretariat/store"
)

// compose writes a letter about a session, threads it and adds the calendar entry where one is owed.
func (o *letterOccasion) compose(a *Acts, data letters.Data) (letterParts, string, error) {
	parts, reason, err := o.plain(a, data)
	if err != nil || reason != "" {
		return parts, reason, err
	}
	method := o.calendarMethod()
	if method == "" {
		return parts, "", nil
	}
	sequence := o.facts.Sequence
	if parts.Calendar, err = o.event(a, data, method).Encode(); err != nil {
		return parts, "", fmt.Errorf("letter %d: %w", o.d.ID, err)
	}
	parts.Method, parts.Sequence = method, &sequence
	return parts, "", nil
}

// plain writes a letter without calendar entry, in the thread of the session's letters to this person.
func (o *letterOccasion) plain(a *Acts, data letters.Data) (parts letterParts, reason string, err error) {
	if parts.Letter, err = a.Letters.Compose(o.d.Kind, data.Recipient.Language, data); err != nil {
		return parts, "", fmt.Errorf("compose letter %d: %w", o.d.ID, err)
	}
	if len(o.before) > 0 {
		first := "<" + o.before[0].MessageID + ">"
		parts.Headers = map[string]string{"In-Reply-To": first, "References": first}
	}
	return parts, "", nil
}

// calendarMethod returns how the calendar entry goes with a letter: an end takes it back; the first letter of ours about
// a session brings it, and a later one where the entry that the person has is older; "" for none.
func (o *letterOccasion) calendarMethod() string {
	switch o.d.Kind {
	case "session-cancelled", "session-postponed":
		return calendar.MethodCancel
	case "record-circulated", "session-overdue":
		return ""
	}
	for _, earlier := range o.before {
		if earlier.Calendar != "" && earlier.Sequence != nil && *earlier.Sequence >= o.facts.Sequence {
			return ""
		}
	}
	return calendar.MethodRequest
}

// event is the session as the reader's calendar shall show it.
func (o *letterOccasion) event(a *Acts, data letters.Data, method string) calendar.Event {
	s := o.m.Session
	text := letters.EventText(data.Recipient.Language, data)
	e := calendar.Event{
		Method: method, UID: o.facts.UID, Sequence: o.facts.Sequence, Stamp: o.facts.RevisedAt, Status: calendar.StatusConfirmed,
		Start: s.OpensAt, End: s.ClosesAt, Zone: o.m.Zone(), Language: data.Recipient.Language,
		Summary: text.Summary, Location: text.Location, Description: text.Description, Confidential: s.Confidentiality == "confidential",
		Organizer: calendar.Mailbox{Name: a.Mail.From.Name, Address: a.Mail.From.Address},
		Attendee:  &calendar.Mailbox{Name: o.person.Name, Address: o.d.Address},
	}
	switch {
	case method == calendar.MethodCancel:
		e.Status = calendar.StatusCancelled
	case s.State == meetings.Tentative:
		e.Status = calendar.StatusTentative
	}
	if st, ok := o.m.Speaks(o.row.Person); ok && method == calendar.MethodRequest {
		e.Answer = map[string]string{"accepted": "ACCEPTED", "tentative": "TENTATIVE", "declined": "DECLINED"}[st.Answer]
	}
	return e
}

// lastTold returns what the person was last told of the session, nil when that is what it is now: the state before the
// first change that none of our letters to them has told.
func (o *letterOccasion) lastTold(ctx context.Context, tx *store.Tx) (*letters.Before, error) {
	if o.d.Kind == "hold-the-date" && len(o.m.Session.Previously) == 0 {
		return nil, nil
	}
	revisions, err := tx.SessionRevisions(ctx, o.facts.ID)
	if err != nil {
		return nil, err
	}
	told := -1
	for _, earlier := range o.before {
		if earlier.SessionRevision != nil {
			told = max(told, *earlier.SessionRevision)
		}
	}
	if told < 0 && !o.m.Elsewhere() {
		return nil, nil // first letter of ours: nothing was told before
	}
	for _, r := range revisions {
		if r.Revision <= told || r.Before.State == meetings.Draft {
			continue
		}
		if b := r.Before; !b.OpensAt.Equal(o.m.Session.OpensAt) || !b.ClosesAt.Equal(o.m.Session.ClosesAt) || b.Mode != o.m.Session.Mode ||
			fmt.Sprint(b.Venue) != fmt.Sprint(o.m.Session.Venue) {
			return &letters.Before{OpensAt: b.OpensAt, ClosesAt: b.ClosesAt, Mode: b.Mode, Venue: b.Venue}, nil
		}
		return nil, nil
	}
	return nil, nil
}
