package acts

import (
	"context"
	"reflect"
	"slices"

	"secretariat/meetings"
	"secretariat/store"
)

// toldOf is what each person was last told of a session.
type toldOf struct {
	letters   []store.Delivery // about the session, whatever became of them
	revisions []store.SessionRevision
	rows      []meetings.Row // of letters
	before    *meetings.Meeting
}

func loadTold(ctx context.Context, tx *store.Tx, p *planning, facts store.SessionFacts, before *meetings.Meeting) (*toldOf, error) {
	t := &toldOf{before: before}
	var err error
	if t.letters, err = tx.LockSessionDeliveries(ctx, facts.ID); err != nil {
		return nil, err
	}
	t.rows = p.rows(t.letters)
	t.revisions, err = tx.SessionRevisions(ctx, facts.ID)
	return t, err
}

// revisionKnown returns the revision of which a person was last told, -1 for somebody who never heard of the session. A
// revision for which no letter was written, as those that a file brings with --quiet, was told by other means.
func (t *toldOf) revisionKnown(person string) int {
	known := -1
	for _, r := range t.rows {
		if r.Person == person && r.Matter == "" && told(r) {
			known = max(known, r.Revision)
		}
	}
	if known < 0 && !t.before.Elsewhere() {
		return -1
	}
	known = max(known, 0)
	for _, r := range t.revisions {
		written := slices.ContainsFunc(t.rows, func(row meetings.Row) bool { return row.Revision == r.Revision && row.Rule == "" })
		if r.Revision > known && !written {
			known = r.Revision
		}
	}
	return known
}

// stateAt returns the session as it was at a revision.
func (t *toldOf) stateAt(revision int) store.SessionState {
	state := store.StateOf(t.before.Session)
	for i := len(t.revisions) - 1; i >= 0 && t.revisions[i].Revision > revision; i-- {
		state = t.revisions[i].Before
	}
	return state
}

// knows reports whether the session is, after a change, as a person was last told.
func (t *toldOf) knows(person string, after *meetings.Meeting) bool {
	known := t.revisionKnown(person)
	return known >= 0 && known < after.Revision && same(t.stateAt(known), store.StateOf(after.Session))
}

// misled returns who was told by a letter what a change makes untrue, and still belongs to a seat: an alternate who was
// asked once and is not asked now has the old date in the calendar too.
func (t *toldOf) misled(after *meetings.Meeting) (people []string) {
	for _, r := range t.rows {
		if r.Matter == "" && told(r) && !slices.Contains(people, r.Person) && after.Belongs(r.Person) && !t.knows(r.Person, after) {
			people = append(people, r.Person)
		}
	}
	return people
}

// undoes reports that a change takes back what nobody was told of yet: it returns the revision to which the session
// returns, and drops the dates between from the earlier ones of the session; -1 when it does not.
func (t *toldOf) undoes(after *meetings.Meeting) int {
	if !meetings.Told(after.Session.State) || len(t.misled(after)) > 0 {
		return -1
	}
	oldest := t.before.Revision
	for _, st := range after.Invited() {
		if !t.knows(st.Acting, after) {
			return -1
		}
		oldest = min(oldest, t.revisionKnown(st.Acting))
	}
	if oldest == t.before.Revision || len(after.Invited()) == 0 {
		return -1
	}
	moves := 0
	if b, a := t.before.Session, after.Session; !b.OpensAt.Equal(a.OpensAt) || !b.ClosesAt.Equal(a.ClosesAt) {
		moves++
	}
	for _, r := range t.revisions {
		if r.Revision > oldest && (!r.Before.OpensAt.Equal(r.After.OpensAt) || !r.Before.ClosesAt.Equal(r.After.ClosesAt)) {
			moves++
		}
	}
	if n := len(after.Session.Previously) - moves; n >= 0 {
		after.Session.Previously = slices.Clone(after.Session.Previously[:n])
	}
	return oldest
}

func same(a, b store.SessionState) bool {
	return a.State == b.State && a.OpensAt.Equal(b.OpensAt) && a.ClosesAt.Equal(b.ClosesAt) && a.Mode == b.Mode &&
		(len(a.Venue) == 0 && len(b.Venue) == 0 || reflect.DeepEqual(a.Venue, b.Venue))
}
