package acts

import (
	"context"
	"time"

	"secretariat/calendar"
	"secretariat/meetings"
	"secretariat/store"
)

// keepWalls holds sessions to what the clocks of their councils show: where the law of a zone changed since a time was set,
// the moment moves and the wall clock stays, and whoever knew of the session is told once, as of any other move. It
// returns how many sessions moved.
func (a *Acts) keepWalls(ctx context.Context, tx *store.Tx) (moved int, err error) {
	walls, err := tx.Walls(ctx)
	if err != nil {
		return 0, err
	}
	for _, w := range walls {
		zone, err := calendar.LoadZone(w.Zone)
		if err != nil {
			return moved, err
		}
		if w.Opens == nil || w.SetZone != w.Zone || !w.OpensWas.Equal(w.OpensAt) || !w.ClosesWas.Equal(w.ClosesAt) {
			opens, closes := face(w.OpensAt, zone), face(w.ClosesAt, zone) // somebody gave it these times
			w.Opens, w.Closes = &opens, &closes
			if err := tx.SetWall(ctx, w); err != nil {
				return moved, err
			}
			continue
		}
		if face(w.OpensAt, zone).Equal(*w.Opens) && face(w.ClosesAt, zone).Equal(*w.Closes) {
			continue
		}
		if err := a.moveToWall(ctx, tx, w, zone); err != nil {
			return moved, err
		}
		moved++
	}
	return moved, nil
}

// face is what the clocks of a zone show, as if they were UTC.
func face(moment time.Time, zone *time.Location) time.Time {
	local := moment.In(zone)
	return time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, time.UTC)
}

// moveToWall moves one session. No lead time is asked about: nobody decided the move.
func (a *Acts) moveToWall(ctx context.Context, tx *store.Tx, w store.Wall, zone *time.Location) error {
	p, err := loadPlanning(ctx, tx)
	if err != nil {
		return err
	}
	before, err := p.meeting(w.Ref)
	if err != nil {
		return err
	}
	was := store.StateOf(before.Session)
	shown := func(wall time.Time) time.Time {
		day := calendar.Day(wall)
		return calendar.Moment(day, wall.Sub(day), zone)
	}
	w.OpensAt, w.ClosesAt = shown(*w.Opens), shown(*w.Closes)
	if !w.ClosesAt.After(w.OpensAt) { // both fell into one jump of the clocks
		w.ClosesAt = w.OpensAt.Add(was.ClosesAt.Sub(was.OpensAt))
	}
	opens, closes := face(w.OpensAt, zone), face(w.ClosesAt, zone)
	w.Opens, w.Closes = &opens, &closes
	if err := tx.MoveToWall(ctx, w); err != nil {
		return err
	}
	if err := tx.SetWall(ctx, w); err != nil {
		return err
	}
	var told StepResult
	if meetings.Told(w.State) {
		if told, err = a.TellAppliedChange(ctx, tx, before, "zone data", false); err != nil {
			return err
		}
	}
	return tx.Audit(ctx, "zone data", "session moved with its zone", "session "+w.Ref, was, map[string]any{
		"opens_at": w.OpensAt, "closes_at": w.ClosesAt, "zone": w.Zone, "letters": told.Letters})
}
