package scheduler

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"secretariat/acts"
	"secretariat/store"
)

// Run works until ctx ends: the pass at once and then at every tick, and the workers. At the end it lets what is in hand
// come to its end, at most for Options.Stop, and gives back the rest.
func (e *Engine) Run(ctx context.Context, a *acts.Acts) error {
	e.acts = a
	// Its settings may be new. A database that goes away meanwhile costs the relay a longer rest, and not the daemon its life.
	if err := a.TryRelay(ctx); err != nil && ctx.Err() == nil {
		e.options.Log.Error("the relay's rest could not be ended: it is tried when the rest is over", "error", err)
	}
	// The workers outlive ctx: a letter in hand is ended, not cut off.
	running, err := e.startWorkers(ctx)
	if !running {
		return err
	}
	var beside sync.WaitGroup
	beside.Go(func() { e.rounds(ctx, a) })
	beside.Go(func() { e.watchReplicas(ctx, a) })
	if len(a.Mailboxes) > 0 {
		beside.Go(func() { e.readMail(ctx, a) })
	}
	<-ctx.Done()
	err = e.stop()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		beside.Wait()
	}()
	// What hangs on a dead network must not hold up the end: its transaction is undone with its connection.
	select {
	case <-ended:
	case <-time.After(besideEnd):
	}
	return err
}

// startAgain is how long a database that went away while the workers were started is given before they are started again.
const startAgain = time.Second

// startWorkers starts the workers, again and again while the database is away: that costs letters some time, and not the
// daemon its life. They do not run when that fails for another reason, or ctx ends meanwhile.
func (e *Engine) startWorkers(ctx context.Context) (running bool, err error) {
	for {
		if err = e.client.Start(context.WithoutCancel(ctx)); err == nil {
			return true, nil
		}
		if !store.Lost(err) {
			return false, fmt.Errorf("start workers: %w", err)
		}
		e.options.Log.Error("the workers could not be started and are started again", "error", err)
		select {
		case <-ctx.Done():
			return false, nil
		case <-time.After(startAgain):
		}
	}
}

// Bounds of the end, which together with that of the web page are 20 s at the most.
const (
	hardStop  = 3 * time.Second // for what is cancelled, after Options.Stop
	besideEnd = 2 * time.Second // for the pass and the other readings under way
)

// rounds passes over what is due, at once and at every tick.
func (e *Engine) rounds(ctx context.Context, a *acts.Acts) {
	// A clock that was set back while nobody ran has left next fires far ahead.
	if n, err := a.RecountFires(ctx); err != nil && ctx.Err() == nil {
		e.options.Log.Error("the next fires could not be counted anew", "error", err)
	} else if n > 0 {
		e.options.Log.Warn("next fires were not those of the clock and were counted anew", "schedules", n)
	}
	e.pass(ctx, a)
	ticker := time.NewTicker(e.options.Every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			e.pass(ctx, a)
		}
	}
}

// readMail looks into the mailboxes every minute. A server that is slow or away holds nothing else up.
func (e *Engine) readMail(ctx context.Context, a *acts.Acts) {
	ticker := time.NewTicker(time.Minute)
	defer ticker.Stop()
	for ctx.Err() == nil {
		acted, err := a.ReadMailboxes(ctx)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			e.options.Log.Error("a mailbox could not be read", "error", err)
		case acted > 0:
			e.options.Log.Info("read notifications and answers", "acted_on", acted)
		}
		select {
		case <-ctx.Done():
		case <-ticker.C:
		}
	}
}

// stop ends the workers: softly, then by cancelling what is in hand.
func (e *Engine) stop() error {
	soft, cancel := context.WithTimeout(context.Background(), e.options.Stop)
	defer cancel()
	if err := e.client.Stop(soft); err == nil {
		return nil
	}
	hard, cancelHard := context.WithTimeout(context.Background(), hardStop)
	defer cancelHard()
	if err := e.client.StopAndCancel(hard); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("stop workers: %w", err)
	}
	return nil
}

// pass does one round over what is due. An error is logged, not returned: the next round may fare better.
func (e *Engine) pass(ctx context.Context, a *acts.Acts) {
	defer func() { e.passed.Store(time.Now().UnixNano()) }()
	steady, err := e.clocksSteady(ctx, a)
	if err == nil && !steady {
		return
	}
	var done acts.PassCounts
	if err == nil {
		done, err = a.Pass(ctx)
	}
	if err != nil {
		// Told before anything else is asked of a database that may swallow the next question too.
		if ctx.Err() == nil {
			e.options.Log.Error("the pass over what is due failed", "error", err)
		}
		return
	}
	e.tellRelay(ctx, a)
	if ctx.Err() == nil && done != (acts.PassCounts{}) {
		e.options.Log.Debug("passed over what is due", "fires", done.Fires, "nudged", done.Nudged, "expired", done.Expired,
			"released", done.Released, "uncertain", done.Uncertain)
	}
}

// Settle waits until nothing is due any more: every fire that has come is decided and run, every letter whose moment has
// come has left or waits for a later moment.
func (e *Engine) Settle(ctx context.Context, a *acts.Acts) error {
	for {
		busy, err := a.Busy(ctx)
		if err != nil || !busy {
			return err
		}
		e.pass(ctx, a)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(e.options.Poll / 4):
		}
	}
}
