package scheduler

import (
	"context"
	"time"

	"secretariat/acts"
)

const (
	// jump is how far a clock may run ahead of or behind the time that really passed before it counts as set.
	jump = 2 * time.Minute
	// steadyTicks is how many passes in a row the clocks must keep step again before anything is decided or sent.
	steadyTicks = 2
)

// reading is what the clocks show at one moment.
type reading struct {
	Machine time.Time     // this machine's clock
	Server  time.Time     // the database server's own clock
	Passed  time.Duration // since the engine was made, by a clock that nobody can set
}

// clockWatch notices clocks that were set. Its zero value has seen nothing yet. One goroutine at a time may use it.
type clockWatch struct {
	last   reading
	seen   bool
	steady int // readings in a row without a jump, after one
	held   bool
}

// step takes a reading and reports whether the clocks are steady, and what jumped: by how much more than the time that
// passed each clock moved. At the first reading the two clocks are held to each other; a difference that stays is no jump.
func (w *clockWatch) step(r reading) (steady bool, machine, server time.Duration) {
	if w.seen {
		passed := r.Passed - w.last.Passed
		machine, server = r.Machine.Sub(w.last.Machine)-passed, r.Server.Sub(w.last.Server)-passed
	} else {
		machine = r.Machine.Sub(r.Server)
	}
	w.last, w.seen = r, true
	if machine.Abs() > jump || server.Abs() > jump {
		w.held, w.steady = true, 0
		return false, machine, server
	}
	if w.held {
		w.steady++
		w.held = w.steady < steadyTicks
	}
	return !w.held, machine, server
}

// clocksSteady reads the clocks and reports whether this replica may decide and send. A clock that was set makes what is
// far away due, and what is due far away: one that is set back at once then does no harm. It is told once, and its end once.
func (e *Engine) clocksSteady(ctx context.Context, a *acts.Acts) (bool, error) {
	e.watching.Lock()
	defer e.watching.Unlock()
	r, err := e.readClocks(ctx, a)
	if err != nil {
		return false, err
	}
	steady, machine, server := e.watch.step(r)
	switch was := e.unsteady.Swap(!steady); {
	case !steady && (!was || machine.Abs() > jump || server.Abs() > jump):
		e.options.Log.Error("a clock was set: nothing is decided or sent until the clocks have been steady for two passes",
			"machine_jump", machine.Round(time.Second).String(), "server_jump", server.Round(time.Second).String())
	case steady && was:
		e.options.Log.Info("the clocks are steady again")
		if _, err := a.RecountFires(ctx); err != nil {
			e.options.Log.Error("the next fires could not be counted anew", "error", err)
		}
	}
	return steady, nil
}

// readClocks asks the options' clocks, else the real ones.
func (e *Engine) readClocks(ctx context.Context, a *acts.Acts) (reading, error) {
	if e.options.clocks != nil {
		return e.options.clocks(), nil
	}
	server, err := a.Store.ServerClock(ctx)
	now := time.Now()
	return reading{Machine: now.Round(0), Server: server, Passed: now.Sub(e.made)}, err
}
