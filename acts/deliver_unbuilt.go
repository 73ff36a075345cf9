package acts

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"secretariat/store"
)

// buildTries is how often a letter is tried that cannot be built, because of a fault in a template or in the data.
const buildTries = 5

// unbuilt records what became of a claimed letter that could not be built. Where that is no fault of the letter, because
// the database went away or the program is told to stop, the claim is given back and was no attempt.
func (a *Acts) unbuilt(ctx context.Context, c claimed, cause error) (delivered, error) {
	innocent := store.Lost(cause) || errors.Is(ctx.Err(), context.Canceled)
	record := a.putOff
	became := delayed
	if innocent {
		record, became = a.giveBack, untouched
	} else {
		cause = fmt.Errorf("build letter %d: %w", c.delivery.ID, cause)
	}
	// The program may be about to stop, and the claim must not wait for its lease to end.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleWithin)
	defer cancel()
	var err error
	for range 3 { // a lost connection shows up once; the pool then opens another
		if err = record(ctx, c, cause); err == nil || errors.Is(err, store.ErrFenced) {
			return became, cause
		}
	}
	return became, errors.Join(cause, err)
}

// putOff records that a letter could not be built and when it is tried again.
func (a *Acts) putOff(ctx context.Context, c claimed, cause error) error {
	return a.Store.InTx(ctx, func(tx *store.Tx) error {
		d := c.delivery
		s := store.Settlement{ID: d.ID, Owner: d.Owner, Attempt: d.Attempts, Step: "retry", Reason: cause.Error(), RetryAt: tx.Now.Add(backoff(d.ID, d.Attempts))}
		if d.Attempts >= buildTries {
			s.Step = "fail"
		}
		return errors.Join(tx.SettleDelivery(ctx, s), c.turns.giveBack(ctx, tx, a.Mail.Rates),
			tx.AddAttempt(ctx, store.Attempt{DeliveryID: d.ID, Attempt: d.Attempts, Stage: "build", Text: cause.Error(), Replica: a.Replica}))
	})
}

// giveBack undoes a claim.
func (a *Acts) giveBack(ctx context.Context, c claimed, _ error) error {
	return a.Store.InTx(ctx, func(tx *store.Tx) error {
		d := c.delivery
		return errors.Join(tx.UnclaimDelivery(ctx, d.ID, d.Owner, d.Attempts), c.turns.giveBack(ctx, tx, a.Mail.Rates))
	})
}

// errSuspect says that a sender died with this letter in its hands before: it is to go alone.
var errSuspect = errors.New("a sender died with this letter in its hands")

// suspects lets letters whose sender died go one after the other in this process. All that a dying process had in its
// hands look alike, the one that killed it and those that happened to be there. Were they to go together again, the guilty
// one would take the same innocent ones with it until all are put aside; with at most one of them under way in a process,
// only the guilty one is there every time. Others go beside it: what dies for the first time is not put aside.
type suspects struct {
	mu      sync.Mutex
	busy    bool
	waiting []int64
}

// send sends a suspect and then those that came meanwhile; while one is under way it only takes the number down, for
// whoever sends that one. A number that gets lost is no loss: the row is as it was, and the pass comes back to it.
func (s *suspects) send(ctx context.Context, id int64, try func(context.Context, int64) (delivered, error)) (became delivered, err error) {
	if !s.enter(id) {
		return untouched, nil
	}
	more := true
	defer func() {
		if more { // building it panicked, or the program stops
			s.leave()
		}
	}()
	became, err = try(ctx, id)
	for ctx.Err() == nil {
		if id, more = s.next(); !more {
			break
		}
		_, nextErr := try(ctx, id)
		err = errors.Join(err, nextErr)
	}
	return became, err
}

// enter reports whether nobody was there.
func (s *suspects) enter(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy {
		s.waiting = append(s.waiting, id)
		return false
	}
	s.busy = true
	return true
}

func (s *suspects) next() (id int64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) == 0 {
		s.busy = false // here, so that no number is taken down that nobody looks at
		return 0, false
	}
	id, s.waiting = s.waiting[0], s.waiting[1:]
	return id, true
}

func (s *suspects) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy, s.waiting = false, nil
}
