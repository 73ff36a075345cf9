package acts

import (
	"context"
	"slices"

	"secretariat/locale"
	"secretariat/meetings"
)

// Certificate is a paper that says what happened around a session.
type Certificate struct {
	Name   string // as the command calls it
	Report string // that prints it
}

// certificates are those that can be printed: notice given in time, who was invited and who came, and that there was no quorum.
var certificates = []Certificate{{"notice", "certificate-notice"}, {"attendance", "attendance-list"}, {"inquorate", "certificate-inquorate"}}

// CertificateNames are the names that the command takes.
func CertificateNames() (names []string) {
	for _, c := range certificates {
		names = append(names, c.Name)
	}
	return names
}

// PrintCertificate sets a certificate of a session as a PDF file, in a language, "" being the first of the council's working
// languages in which it is written. What has not happened is not certified.
func (a *Acts) PrintCertificate(ctx context.Context, session, name, language string) ([]byte, Rendered, error) {
	i := slices.IndexFunc(certificates, func(c Certificate) bool { return c.Name == name })
	if i < 0 {
		return nil, Rendered{}, refuse("notice, attendance or inquorate", "there is no certificate of %q", name)
	}
	t, err := a.SessionTimetable(ctx, TimetableOf{Session: session})
	if err != nil {
		return nil, Rendered{}, err
	}
	m := t.Meeting
	if why := nothingToCertify(m, name); why != "" {
		return nil, Rendered{}, refuse("see secretariat sessions show "+session, "session %s %s", session, why)
	}
	if language == "" {
		language = locale.For(m.Council.WorkingLanguages[0]).Language()
	}
	return a.Render(ctx, OnDemand{Report: certificates[i].Report, Format: "pdf", Language: language, Clearance: recordLevel(m), Values: map[string]string{"session": session}})
}

// nothingToCertify says why a certificate of a session would say nothing; "" where it says something.
func nothingToCertify(m *meetings.Meeting, name string) string {
	switch state := m.Session.State; name {
	case "notice":
		if state == meetings.Draft || state == meetings.Tentative || state == meetings.Postponed || state == meetings.Cancelled {
			return "is " + state + ": no notice of a date that stands was given"
		}
	case "attendance":
		if len(m.Sittings) == 0 && len(m.Session.Attendance) == 0 {
			return "has neither a sitting nor an attendance list"
		}
	case "inquorate":
		if !slices.ContainsFunc(m.Sittings, func(s meetings.Sitting) bool { return s.Outcome == "inquorate" }) {
			return "has no sitting that ended without a quorum"
		}
	}
	return ""
}
