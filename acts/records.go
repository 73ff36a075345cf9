package acts

import (
	"context"
	"errors"
	"slices"
	"time"

	"secretariat/meetings"
	"secretariat/programme"
	"secretariat/store"
)

// recordReport is the report from which the record of a session is drafted.
const recordReport = "minutes"

// SessionRecord is the record of a session with its renderings and the corrections to it.
type SessionRecord struct {
	store.Record
	Files       []store.RecordFile
	Corrections []store.Correction
	Letters     map[string]int // that the last act planned
}

// recordLevel is the clearance for which the record of a session is written: its members read what is limited; what is
// confidential never travels.
func recordLevel(m *meetings.Meeting) string {
	if m.Session.Confidentiality == "confidential" {
		return "confidential"
	}
	return "limited"
}

// DraftRecord writes the record of a session that was held from its agenda, attendance, decisions and action items, in the
// council's working languages. A draft that is there gets a new version; one that was circulated has to be circulated anew.
func (a *Acts) DraftRecord(ctx context.Context, session, actor string) (r SessionRecord, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		facts, m, err := recordable(ctx, tx, session)
		if err != nil {
			return err
		}
		if was, err := tx.Record(ctx, facts.ID); err == nil && was.State == "adopted" {
			return refuse("an adopted record stands", "the record of session %s is adopted", session)
		} else if err != nil && !isNotFound(err) {
			return err
		}
		if r.Record, err = tx.PutDraft(ctx, facts.ID, m.Council.Record); err != nil {
			return err
		}
		if err := a.replanAndNudge(ctx, tx, session); err != nil {
			return err
		}
		return tx.Audit(ctx, actor, "draft record", "session "+session, nil, map[string]any{"version": r.Version})
	})
	if err != nil {
		return r, err
	}
	return a.renderRecord(ctx, session)
}

// recordable returns a session of which a record may be kept.
func recordable(ctx context.Context, tx *store.Tx, session string) (store.SessionFacts, *meetings.Meeting, error) {
	e, err := openAgenda(ctx, tx, session)
	if err != nil {
		return store.SessionFacts{}, nil, err
	}
	if state := e.m.Session.State; state != meetings.Held && state != meetings.Closed {
		return e.facts, nil, refuse("hold it first: secretariat sessions hold "+session, "session %s is %s: there is nothing to record yet", session, state)
	}
	return e.facts, e.m, nil
}

func loadRecord(ctx context.Context, tx *store.Tx, sessionID int64) (r SessionRecord, err error) {
	if r.Record, err = tx.Record(ctx, sessionID); err != nil {
		return r, err
	}
	if r.Files, err = tx.RecordFiles(ctx, r.Record); err != nil {
		return r, err
	}
	r.Corrections, err = tx.Corrections(ctx, r.Record)
	return r, err
}

// SessionRecord returns the record of a session.
func (a *Acts) SessionRecord(ctx context.Context, session string) (r SessionRecord, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		facts, err := tx.LockSession(ctx, session)
		if err != nil {
			return err
		}
		r, err = loadRecord(ctx, tx, facts.ID)
		return asRefusal(err, "draft it: secretariat sessions record draft "+session, "session %s has no record", session)
	})
	return r, err
}

// editRecord changes the record of a session, with its mark in the audit log, and plans the letters that follow.
func (a *Acts) editRecord(ctx context.Context, session, actor, verb string, what any, edit func(tx *store.Tx, m *meetings.Meeting, r store.Record) error) (r SessionRecord, err error) {
	err = a.Store.InTx(ctx, func(tx *store.Tx) error {
		facts, m, err := recordable(ctx, tx, session)
		if err != nil {
			return err
		}
		was, err := tx.Record(ctx, facts.ID)
		if err != nil {
			return asRefusal(err, "draft it: secretariat sessions record draft "+session, "session %s has no record", session)
		}
		if err := edit(tx, m, was); err != nil {
			return err
		}
		before, err := tx.SessionDeliveries(ctx, []int64{facts.ID})
		if err != nil {
			return err
		}
		if err := a.replanAndNudge(ctx, tx, session); err != nil {
			return err
		}
		if r, err = loadRecord(ctx, tx, facts.ID); err != nil {
			return err
		}
		after, err := tx.SessionDeliveries(ctx, []int64{facts.ID})
		if err != nil {
			return err
		}
		r.Letters = map[string]int{}
		for _, d := range after[len(before):] {
			if d.State == store.DeliveryPlanned || d.State == store.DeliveryPending {
				r.Letters[d.Kind]++
			}
		}
		return tx.Audit(ctx, actor, verb, "session "+session, map[string]any{"state": was.State, "version": was.Version}, what)
	})
	return r, err
}

// CirculateRecord sends the draft to everybody who was invited, by the reminder rule of the council that says so, and takes
// corrections until the end of the line of the timetable that asks for the adoption.
func (a *Acts) CirculateRecord(ctx context.Context, session, actor string) (SessionRecord, error) {
	return a.editRecord(ctx, session, actor, "circulate record", nil, func(tx *store.Tx, m *meetings.Meeting, r store.Record) error {
		if r.State != "draft" {
			return refuse("draft it anew to change its text", "the record of session %s is %s", session, r.State)
		}
		if !slices.ContainsFunc(m.Council.Reminders, func(x programme.ReminderRule) bool { return x.Template == "record-circulated" }) {
			return refuse("add a reminder with template record-circulated to the council", "council %s has no rule by which a record is told", m.Council.Ref)
		}
		until, err := m.CorrectionsUntil(tx.Now)
		if err != nil {
			return err
		}
		return tx.CirculateRecord(ctx, r.ID, until)
	})
}

// CorrectRecord records a correction that came in, and returns its id.
func (a *Acts) CorrectRecord(ctx context.Context, session, person, text, actor string) (id int64, err error) {
	_, err = a.editRecord(ctx, session, actor, "correct record", map[string]any{"person": person, "text": text}, func(tx *store.Tx, m *meetings.Meeting, r store.Record) error {
		switch {
		case r.State != "circulated":
			return refuse("corrections are taken from the circulation to the adoption", "the record of session %s is %s", session, r.State)
		case r.CorrectionsUntil != nil && tx.Now.After(*r.CorrectionsUntil):
			return refuse("raise it when the record is adopted", "corrections were taken until %s", r.CorrectionsUntil.In(m.Zone()).Format("2006-01-02 15:04"))
		case text == "":
			return refuse(`give --text "…"`, "a correction needs its text")
		case person != "" && m.People[person].Ref == "":
			return refuse("the programme file names the people", "no person %q", person)
		}
		id, err = tx.AddCorrection(ctx, r, person, text, actor)
		return err
	})
	return id, err
}

// SettleCorrection records whether a correction was taken into the text.
func (a *Acts) SettleCorrection(ctx context.Context, session string, id int64, taken bool, actor string) error {
	outcome := map[bool]string{true: "taken", false: "not-taken"}[taken]
	_, err := a.editRecord(ctx, session, actor, "settle correction", map[string]any{"correction": id, "outcome": outcome}, func(tx *store.Tx, _ *meetings.Meeting, r store.Record) error {
		return asRefusal(tx.SettleCorrection(ctx, r, id, outcome), "see secretariat sessions record "+session, "no open correction %d to the record of session %s", id, session)
	})
	return err
}

// AdoptRecord records that the record is adopted: in a later session of the council, or, with in "", by silence, which
// nobody may have broken and whose time must be over. The adopted text is rendered once more and says so.
func (a *Acts) AdoptRecord(ctx context.Context, session, in, actor string) (SessionRecord, error) {
	how := "silence"
	if in != "" {
		how = "session"
	}
	r, err := a.editRecord(ctx, session, actor, "adopt record", map[string]any{"how": how, "in": in}, func(tx *store.Tx, m *meetings.Meeting, r store.Record) error {
		if r.State != "circulated" {
			return refuse("circulate it first: secretariat sessions record circulate "+session, "the record of session %s is %s", session, r.State)
		}
		corrections, err := tx.Corrections(ctx, r)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(corrections, func(c store.Correction) bool { return c.Outcome == "" }) {
			return refuse("settle them: secretariat sessions record settle "+session, "corrections to the record of session %s are open", session)
		}
		if in != "" {
			if err := adoptsIn(ctx, tx, m, in); err != nil {
				return err
			}
		} else if r.CorrectionsUntil != nil && tx.Now.Before(*r.CorrectionsUntil) {
			return refuse("wait, or name the session that adopts it: --in REF", "corrections are taken until %s", r.CorrectionsUntil.In(m.Zone()).Format(time.RFC3339))
		}
		return tx.AdoptRecord(ctx, r.ID, how, in)
	})
	if err != nil {
		return r, err
	}
	letters := r.Letters
	r, err = a.renderRecord(ctx, session)
	r.Letters = letters
	return r, err
}

// adoptsIn refuses a session that cannot adopt the record of another.
func adoptsIn(ctx context.Context, tx *store.Tx, m *meetings.Meeting, in string) error {
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return err
	}
	later, err := p.meeting(in)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return refuse("see secretariat sessions list", "no session %q", in)
	case err != nil:
		return err
	case later.Council.Ref != m.Council.Ref || !later.Session.OpensAt.After(m.Session.OpensAt):
		return refuse("name a later session of the same council", "session %s does not adopt the record of session %s", in, m.Session.Ref)
	case tx.Now.Before(later.Session.OpensAt):
		return refuse("wait for it", "session %s has not opened", in)
	}
	return nil
}
