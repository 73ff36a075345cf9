package acts

import (
	"sync"
	"time"

	"secretariat/mail"
)

// relayRest is how long a relay that takes nothing is left alone before one letter tries again.
const relayRest = 30 * time.Second

// relayGate keeps a relay that is down, or that refuses us altogether, from being asked for every waiting letter. After a
// failure one letter at a time tries again, each relayRest; the first that gets through opens the gate. It is safe for
// concurrent use; its zero value is open.
type relayGate struct {
	mu      sync.Mutex
	shut    bool
	until   time.Time
	probing bool
	why     mail.Verdict
}

// enter reports whether a letter may go to the relay now. Whoever was let in calls leave.
func (g *relayGate) enter(now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.shut {
		return true
	}
	if g.probing || now.Before(g.until) {
		return false
	}
	g.probing = true
	return true
}

// leave tells the gate what came of it. A verdict without a stage says that no letter was tried.
func (g *relayGate) leave(now time.Time, v mail.Verdict) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.probing = false
	switch {
	case v.Stage == "":
	case v.RelayDown():
		g.shut, g.until, g.why = true, now.Add(relayRest), v
	default:
		g.shut = false
	}
}

// RelayTrouble returns why the relay gets no letters at the moment, and false when it does. Outcome Paused means that a
// person must act.
func (a *Acts) RelayTrouble() (mail.Verdict, bool) {
	a.relay.mu.Lock()
	defer a.relay.mu.Unlock()
	return a.relay.why, a.relay.shut
}
