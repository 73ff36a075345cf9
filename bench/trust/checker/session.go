package main

import (
	"slices"
	"strconv"
)

// SessionResult is what became of the letters about a session that was moved and cancelled while they were sent. Every
// list holds Message-IDs or addresses; empty lists are what is promised.
type SessionResult struct {
	Arrived  int      `json:"arrived"`  // letters in the log, copies included
	Outdated []string `json:"outdated"` // passed their commit point when the session was of a later revision
	Answered []string `json:"answered"` // asked for an answer, and passed their commit point when it was there
	Twice    []string `json:"twice"`    // more than one copy
	Unlike   []string `json:"unlike"`   // the row says sent and there is no copy, or there is one and it does not
	Untold   []string `json:"untold"`   // addresses that heard of the session and not of its end
	Startled []string `json:"startled"` // addresses that heard of the end, and no other letter to them was ever on its way
}

// kept reports whether the promise was kept.
func (r *SessionResult) kept() bool {
	return r.Arrived > 0 && len(r.Outdated)+len(r.Answered)+len(r.Twice)+len(r.Unlike)+len(r.Untold)+len(r.Startled) == 0
}

// judgeSession compares the log with the letters of a session (message_id, address, kind, state) and with what stood in the
// database when each of them passed its commit point (message_id, letter_revision, session_revision, answered).
func judgeSession(log, letters, passed string) (r SessionResult, err error) {
	copies, err := readLog(log)
	if err != nil {
		return r, err
	}
	rows, err := readCSV(letters, "message_id", "address", "kind", "state")
	if err != nil {
		return r, err
	}
	points, err := readCSV(passed, "message_id", "letter_revision", "session_revision", "answered")
	if err != nil {
		return r, err
	}
	gone := map[string]bool{} // letters that passed their commit point
	for _, p := range points {
		id := p["message_id"]
		gone[id] = true
		letter, err := strconv.Atoi(p["letter_revision"])
		if err != nil {
			return r, err
		}
		session, err := strconv.Atoi(p["session_revision"])
		if err != nil {
			return r, err
		}
		if letter < session {
			r.Outdated = append(r.Outdated, id)
		}
		if p["answered"] == "t" {
			r.Answered = append(r.Answered, id)
		}
	}
	r.letters(rows, copies, gone)
	return r, nil
}

func (r *SessionResult) letters(rows []map[string]string, copies map[string]int, gone map[string]bool) {
	heard, ended, way := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, row := range rows {
		id, to, n := row["message_id"], row["address"], copies[row["message_id"]]
		r.Arrived += n
		if n > 1 {
			r.Twice = append(r.Twice, id)
		}
		if (row["state"] == "sent") != (n > 0) {
			r.Unlike = append(r.Unlike, id)
		}
		if row["kind"] == "session-cancelled" {
			ended[to] = ended[to] || n > 0
			continue
		}
		heard[to] = heard[to] || n > 0
		way[to] = way[to] || gone[id]
	}
	for to := range heard {
		if heard[to] && !ended[to] {
			r.Untold = append(r.Untold, to)
		}
	}
	for to := range ended {
		if ended[to] && !way[to] {
			r.Startled = append(r.Startled, to)
		}
	}
	slices.Sort(r.Untold)
	slices.Sort(r.Startled)
}
