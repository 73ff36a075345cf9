package acts

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"secretariat/store"
	"secretariat/templates"
)

// States of a finding.
const (
	FindingGood    = "ok"
	FindingWarning = "warning"
	FindingFault   = "fault"
)

// Finding is what one check of the installation came to.
type Finding struct {
	Check string `json:"check"`
	State string `json:"state"` // ok, warning or fault
	What  string `json:"what"`
	Hint  string `json:"hint,omitempty"` // what to do
}

// clockSkew is how far the server's clock may be from this machine's: leases are a matter of minutes.
const clockSkew = 2 * time.Minute

// Doctor checks what the program needs. machine is the time of this machine's own clock.
func (a *Acts) Doctor(ctx context.Context, machine time.Time) []Finding {
	findings := []Finding{a.checkSchema(ctx), a.checkReportingLogin(ctx), a.checkClock(ctx, machine), a.checkInstance(ctx), a.checkReplicas(ctx), checkFonts(templates.Font)}
	return append(findings, a.checkSchedules(ctx)...)
}

func (a *Acts) checkSchema(ctx context.Context) Finding {
	if err := a.Store.CheckSchema(ctx); err != nil {
		return fault("schema", err)
	}
	server, err := a.Store.Server(ctx)
	if err != nil {
		return fault("schema", err)
	}
	return Finding{Check: "schema", State: FindingGood, What: fmt.Sprintf("up to date, %d MB on PostgreSQL %s", server.Size>>20, server.Version)}
}

// checkReportingLogin reads through the login, so that a wrong password or a missing grant shows here.
func (a *Acts) checkReportingLogin(ctx context.Context) Finding {
	login, err := a.Store.ReportingLogin(ctx)
	if err != nil {
		return fault("reporting login", err)
	}
	if !login.Ready {
		return Finding{"reporting login", FindingWarning, "there is none: your own reports are held",
			"an administrator runs the following, and REPORT_DATABASE_URL names the login: " + strings.ReplaceAll(login.Statements, "\n", " ")}
	}
	err = a.Store.Snapshot(ctx, store.SnapshotOptions{Ceiling: "public", Timezone: "UTC"}, func(read func(store.Query) store.Rows) error {
		if err := read(store.Query{Name: "doctor", SQL: `select overdue_days(date '2026-11-11', date '2026-11-23')`}).Err; err != nil {
			return err
		}
		if read(store.Query{Name: "doctor", SQL: `select 1 from public.person`}).Err == nil {
			return fmt.Errorf("login %s can read the program's tables", login.Name)
		}
		return nil
	})
	if err != nil {
		return fault("reporting login", err)
	}
	return Finding{Check: "reporting login", State: FindingGood, What: login.Name + " reads schema report and nothing else"}
}

func (a *Acts) checkClock(ctx context.Context, machine time.Time) Finding {
	server, err := a.Store.Server(ctx)
	if err != nil {
		return fault("clock", err)
	}
	if skew := server.Now.Sub(machine).Abs(); skew > clockSkew {
		return Finding{"clock", FindingFault, fmt.Sprintf("the server's clock and this machine's are %v apart", skew.Round(time.Second)), "set both by NTP"}
	}
	instance, err := a.Store.Instance(ctx)
	if err != nil {
		return fault("clock", err)
	}
	if instance.Clock != 0 {
		return Finding{"clock", FindingWarning, fmt.Sprintf("moved by %v: this is a demonstration", instance.Clock.Round(time.Second)), "use another --dir for real work"}
	}
	return Finding{Check: "clock", State: FindingGood, What: "the server's and this machine's agree"}
}

func (a *Acts) checkInstance(ctx context.Context) Finding {
	instance, err := a.Store.Instance(ctx)
	if err != nil {
		return fault("instance", err)
	}
	if instance.Held || instance.Moved {
		return Finding{"instance", FindingWarning, "held: this database was restored or copied, and sends nothing",
			"secretariat doctor --adopt makes it the one that sends; nothing from the past is sent then"}
	}
	return Finding{Check: "instance", State: FindingGood, What: instance.ID}
}

// checkFonts looks whether the program was built with all of its fonts.
func checkFonts(font func(face string) []byte) Finding {
	var missing []string
	for _, face := range []string{"regular", "bold", "italic", "arabic", "arabic-bold", "han", "symbols", "math"} {
		if b := font(face); !bytes.HasPrefix(b, []byte{0, 1, 0, 0}) {
			missing = append(missing, face)
		}
	}
	if len(missing) > 0 {
		return Finding{"fonts", FindingFault, "no TrueType font: " + strings.Join(missing, ", "), "build the program from a complete checkout"}
	}
	return Finding{Check: "fonts", State: FindingGood, What: "all faces are there"}
}

// checkSchedules names schedules that never fire.
func (a *Acts) checkSchedules(ctx context.Context) []Finding {
	all, err := a.Schedules(ctx)
	if err != nil {
		return []Finding{fault("schedules", err)}
	}
	var findings []Finding
	for _, s := range all {
		if s.Enabled && s.PausedAt == nil && s.NextFireAt == nil {
			findings = append(findings, Finding{"schedules", FindingFault, fmt.Sprintf("schedule %s (%q) never fires", s.Ref, s.Spec), "give a date that exists, such as \"0 9 1 3 *\""})
		}
	}
	if findings == nil {
		return []Finding{{Check: "schedules", State: FindingGood, What: fmt.Sprintf("%d, and all that are on will fire", len(all))}}
	}
	return findings
}

// fault makes a finding of an error.
func fault(check string, err error) Finding {
	f := Finding{Check: check, State: FindingFault, What: err.Error()}
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		f.Hint = hinted.Hint()
	}
	return f
}
