// Command checker says from the outside whether a campaign kept the promise about letters and fires. It reads the log of
// the relay, which never forgets what it accepted, and an export of the tables, and compares the two. It shares no code
// with the program that is judged, nor with the driver that hurts it.
//
//	checker -log sink.log -delivery delivery.csv -attempt delivery_attempt.csv [-fires schedule_occurrence.csv] [-oracle]
//	checker -log sink.log -session delivery.csv -passed commit_points.csv
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// Result is what the comparison came to. Every list holds Message-IDs or fires; empty lists are what is promised.
type Result struct {
	Letters   int `json:"letters"`   // rows owed
	Accepted  int `json:"accepted"`  // letters in the log, copies included
	Uncertain int `json:"uncertain"` // rows that are or were listed as uncertain
	Fires     int `json:"fires"`

	Lost         []string `json:"lost"`          // no copy, and not listed as uncertain
	Duplicated   []string `json:"duplicated"`    // more than one copy
	Unlisted     []string `json:"unlisted"`      // more than one copy, and not listed as uncertain
	Phantom      []string `json:"phantom"`       // the row says sent, the log has no copy
	Denied       []string `json:"denied"`        // the log has a copy, the row says neither sent nor uncertain
	Orphans      []string `json:"orphans"`       // in the log without a row
	Unsettled    []string `json:"unsettled"`     // uncertain at the end: none with an oracle
	Unlogged     []string `json:"unlogged"`      // sent or uncertain, and no attempt tells of it
	FiresMissing []string `json:"fires_missing"` // a minute between two fires of a schedule has none
	FiresDoubled []string `json:"fires_doubled"` // a fire that stands twice
	FiresUnended []string `json:"fires_unended"` // a fire that was to run and did not come to its end
}

func main() {
	log := flag.String("log", "", "log of the relay: lines of time, \"accepted\", Message-ID, separated by tabs")
	delivery := flag.String("delivery", "", "CSV of id, message_id, state, was_uncertain")
	attempt := flag.String("attempt", "", "CSV of delivery_id, stage")
	fires := flag.String("fires", "", "CSV of schedule_id, fire_at, decision, done_at, for schedules that fire every minute")
	oracle := flag.Bool("oracle", false, "there was an oracle: nothing may be doubled or uncertain at the end")
	session := flag.String("session", "", "CSV of message_id, address, kind, state of the letters about a session that was moved and cancelled")
	passed := flag.String("passed", "", "with -session: CSV of message_id, letter_revision, session_revision, answered, as each letter passed its commit point")
	flag.Parse()
	if *session != "" {
		r, err := judgeSession(*log, *session, *passed)
		tell(r, r.kept(), err)
		return
	}
	r, err := judge(*log, *delivery, *attempt, *fires)
	tell(r, r.kept(*oracle), err)
}

// tell prints what the comparison came to and ends the program: with 1 when the promise was not kept.
func tell(r any, kept bool, err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(2)
	}
	json.NewEncoder(os.Stdout).Encode(r)
	if !kept {
		os.Exit(1)
	}
}

func judge(log, delivery, attempt, fires string) (r Result, err error) {
	copies, err := readLog(log)
	if err != nil {
		return r, err
	}
	rows, err := readCSV(delivery, "id", "message_id", "state", "was_uncertain")
	if err != nil {
		return r, err
	}
	attempts, err := readCSV(attempt, "delivery_id", "stage")
	if err != nil {
		return r, err
	}
	told := map[string]bool{}
	for _, a := range attempts {
		told[a["delivery_id"]] = told[a["delivery_id"]] || strings.Contains("sent dot lease settle", a["stage"])
	}
	r.letters(copies, rows, told)
	if fires == "" {
		return r, nil
	}
	list, err := readCSV(fires, "schedule_id", "fire_at", "decision", "done_at")
	return r, errors.Join(err, r.fires(list))
}

// letters compares every row with the copies in the log.
func (r *Result) letters(copies map[string]int, rows []map[string]string, told map[string]bool) {
	known := map[string]bool{}
	for _, row := range rows {
		id, state := row["message_id"], row["state"]
		known[id] = true
		r.Letters++
		listed := state == "uncertain" || row["was_uncertain"] == "t"
		if listed {
			r.Uncertain++
		}
		n := copies[id]
		if state == "uncertain" {
			r.Unsettled = append(r.Unsettled, id)
		}
		switch {
		case n == 0 && state == "sent":
			r.Phantom = append(r.Phantom, id)
		case n == 0 && !listed:
			r.Lost = append(r.Lost, id)
		case n > 0 && state != "sent" && state != "uncertain":
			r.Denied = append(r.Denied, id)
		}
		if n > 1 {
			r.Duplicated = append(r.Duplicated, id)
			if !listed {
				r.Unlisted = append(r.Unlisted, id)
			}
		}
		if (state == "sent" || listed) && !told[row["id"]] {
			r.Unlogged = append(r.Unlogged, id)
		}
	}
	for id, n := range copies {
		r.Accepted += n
		if !known[id] {
			r.Orphans = append(r.Orphans, id)
		}
	}
}

// fires looks for holes, doubles and loose ends in the fires of schedules that fire every minute.
func (r *Result) fires(rows []map[string]string) error {
	seen := map[string][]time.Time{}
	for _, row := range rows {
		at, err := time.Parse(time.RFC3339, row["fire_at"])
		if err != nil {
			return err
		}
		r.Fires++
		seen[row["schedule_id"]] = append(seen[row["schedule_id"]], at)
		if row["decision"] != "skipped" && row["done_at"] == "" {
			r.FiresUnended = append(r.FiresUnended, row["schedule_id"]+" "+row["fire_at"])
		}
	}
	for schedule, moments := range seen {
		slices.SortFunc(moments, time.Time.Compare)
		for i := 1; i < len(moments); i++ {
			name := schedule + " after " + moments[i-1].String()
			if step := moments[i].Sub(moments[i-1]); step == 0 {
				r.FiresDoubled = append(r.FiresDoubled, name)
			} else if step != time.Minute {
				r.FiresMissing = append(r.FiresMissing, name)
			}
		}
	}
	return nil
}

// kept reports whether the promise was kept.
func (r *Result) kept(oracle bool) bool {
	bad := len(r.Lost) + len(r.Unlisted) + len(r.Phantom) + len(r.Denied) + len(r.Orphans) + len(r.Unlogged)
	bad += len(r.FiresMissing) + len(r.FiresDoubled) + len(r.FiresUnended)
	return bad == 0 && r.Letters > 0 && (!oracle || len(r.Duplicated)+len(r.Unsettled) == 0)
}
