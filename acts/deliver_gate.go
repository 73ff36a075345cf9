package acts

import (
	"sync"
	"time"

	"secretariat/mail"
)

// relayRest is how long a relay that takes nothing is left alone before one letter tries again; after every further
// failure twice as long, up to longestRest.
const (
	relayRest   = 30 * time.Second
	longestRest = 4 * time.Minute
	probeWait   = 2 * time.Second // how long the others wait for the one that tries
)

// relayGate keeps a relay that is down, or that refuses us altogether, from being asked for every waiting letter. After a
// failure one letter at a time tries again; the first that gets through opens the gate. It is safe for concurrent use; its
// zero value is open.
type relayGate struct {
	mu       sync.Mutex
	failures int // in a row; 0: open
	until    time.Time
	probing  bool
	why      mail.Verdict
}

// enter reports whether a letter may go to the relay now, or when to ask again. Whoever was let in calls leave.
func (g *relayGate) enter(now time.Time) (until time.Time, ok bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.failures == 0:
		return now, true
	case now.Before(g.until):
		return g.until, false
	case g.probing:
		return now.Add(probeWait), false
	}
	g.probing = true
	return now, true
}

// leave tells the gate what came of it. A verdict without a stage says that no letter was tried.
func (g *relayGate) leave(now time.Time, v mail.Verdict) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.probing = false
	switch {
	case v.Stage == "":
	case !v.RelayDown():
		g.failures = 0
	case now.Before(g.until): // one of several that were on the way when it went down
	default:
		g.failures++
		g.until, g.why = now.Add(min(relayRest<<min(g.failures-1, 10), longestRest)), v
	}
}

// RelayTrouble returns why the relay gets no letters at the moment, and false when it does. Outcome Paused means that a
// person must act.
func (a *Acts) RelayTrouble() (mail.Verdict, bool) {
	a.relay.mu.Lock()
	defer a.relay.mu.Unlock()
	return a.relay.why, a.relay.failures > 0
}
