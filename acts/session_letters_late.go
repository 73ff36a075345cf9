package acts

import (
	"strings"
	"time"

	"secretariat/letters"
	"secretariat/meetings"
	"secretariat/programme"
)

// lateAfter is how long a letter may have waited before it says that it is late.
const lateAfter = 24 * time.Hour

// noticeOf is what makes the line of the timetable done that asks for a kind of notice.
var noticeOf = map[string]string{"invitation": "session-confirmed", "hold-the-date": "session-tentative"}

// markLate lets a letter about a change of the session say that it is late: that it was to leave a day ago or earlier, or that the
// rules ask for the notice by a day that is over. Who is invited because somebody else does not come is not late by the rules, and a
// letter that an officer sends once more is not late at all.
func (o *letterOccasion) markLate(s *letters.SessionData) error {
	if o.d.ResendOf != nil {
		return nil
	}
	if o.now.Sub(o.d.NotBefore) >= lateAfter {
		s.OwedOn = programme.DateOf(o.d.NotBefore, o.m.PersonZone(o.person))
	}
	if !strings.HasPrefix(o.d.DedupeKey, "session:") {
		return nil
	}
	lines, err := o.m.Timetable(o.now)
	if err != nil {
		return err
	}
	var asks *meetings.Line
	for i, l := range lines { // a hard line before others, as in the certificate of notice
		if l.Opens && l.Rule.DoneWhen == noticeOf[o.d.Kind] && l.Rule.DoneWhen != "" && (asks == nil || l.Rule.Hard && !asks.Rule.Hard) {
			asks = &lines[i]
		}
	}
	if asks != nil && o.now.After(asks.DueAt) {
		s.NoticeBy, s.Waived = asks.DueOn, asks.State == meetings.LineWaived
	}
	return nil
}
