// Package scheduler says when: it runs the pass over what is due on every replica and the workers that follow nudges.
//
// The job engine is River, exactly v0.40.0. A job is only a nudge: it may come twice or never. What is due, owned and done
// are our rows, so the engine's own retries, schedules and periodic jobs are not used.
package scheduler

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivermigrate"

	"secretariat/acts"
	"secretariat/store"
)

// Queues of the engine: letters must not wait behind reports.
const (
	queueMail = "mail"
	queueWork = "work"
)

// Options say how an engine works. Zero values are the defaults.
type Options struct {
	Poll  time.Duration // how often an idle worker looks for nudges, 250 ms by default
	Every time.Duration // how often the pass runs, 1 s by default
	Stop  time.Duration // how long a letter or report in hand may take to end at shutdown, 12 s by default
	Log   *slog.Logger

	clocks func() reading // in tests; nil: the real ones
}

// Engine runs the pass and the workers. Enqueue works from the start; Run does the rest.
type Engine struct {
	options Options
	client  *river.Client[*sql.Tx]
	acts    *acts.Acts
	passed  atomic.Int64 // when the last pass ended, in the machine's nanoseconds; 0 before the first

	made     time.Time // with the clock that nobody can set
	watching sync.Mutex
	watch    clockWatch  // of the pass, under watching
	unsteady atomic.Bool // a clock was set, and nothing is decided or sent
}

// Alive returns an error when the pass over what is due has not come to its end for a minute.
func (e *Engine) Alive() error {
	if last := e.passed.Load(); last != 0 && time.Since(time.Unix(0, last)) > time.Minute {
		return fmt.Errorf("the last pass over what is due ended at %s", time.Unix(0, last).UTC().Format(time.RFC3339))
	}
	return nil
}

// New makes the engine of a database.
func New(s *store.Store, o Options) (*Engine, error) {
	if o.Poll == 0 {
		o.Poll = 250 * time.Millisecond
	}
	if o.Every == 0 {
		o.Every = time.Second
	}
	if o.Stop == 0 {
		o.Stop = 12 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	e := &Engine{options: o, made: time.Now()}
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, &deliveryWorker{engine: e}); err != nil {
		return nil, err
	}
	if err := river.AddWorkerSafely(workers, &occurrenceWorker{engine: e}); err != nil {
		return nil, err
	}
	client, err := river.NewClient(riverdatabasesql.New(s.DB()), &river.Config{
		// With the engine's own cooldown of 100 ms a queue would pass 160 letters a second at the most. With one much shorter
		// than this each letter is fetched by itself, which costs as much as its commit point.
		Queues: map[string]river.QueueConfig{
			queueMail: {MaxWorkers: 16, FetchCooldown: 10 * time.Millisecond, FetchPollInterval: o.Poll},
			queueWork: {MaxWorkers: 4, FetchCooldown: 10 * time.Millisecond, FetchPollInterval: o.Poll},
		},
		Workers:                     workers,
		JobTimeout:                  12 * time.Minute, // longer than the lease of a fire and the data time-out of a relay
		RescueStuckJobsAfter:        15 * time.Minute, // must be longer than JobTimeout
		CompletedJobRetentionPeriod: 10 * time.Minute, // our rows are the history
		DiscardedJobRetentionPeriod: time.Hour,
		CancelledJobRetentionPeriod: time.Hour,
		Logger:                      slog.New(quiet{o.Log.Handler()}),
	})
	if err != nil {
		return nil, fmt.Errorf("make job engine: %w", err)
	}
	e.client = client
	return e, nil
}

// MigrateEngine brings the engine's own tables up to date. The caller holds the migration lock.
func MigrateEngine(ctx context.Context, db *sql.DB) error {
	m, err := rivermigrate.New(riverdatabasesql.New(db), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err == nil {
		_, err = m.Migrate(ctx, rivermigrate.DirectionUp, nil)
	}
	if err != nil {
		return fmt.Errorf("migrate job engine: %w", err)
	}
	return nil
}

// Enqueue records nudges in a transaction: they come to a worker after it commits.
func (e *Engine) Enqueue(ctx context.Context, tx *store.Tx, nudges ...acts.Nudge) error {
	if len(nudges) == 0 {
		return nil
	}
	jobs := make([]river.InsertManyParams, 0, len(nudges))
	for _, n := range nudges {
		// The engine knows four priorities, a delivery nine; who says nothing is in no hurry.
		once := &river.InsertOpts{MaxAttempts: 1, Queue: queueMail, Priority: 4}
		if n.Urgency > 0 {
			once.Priority = min(4, (n.Urgency+1)/2)
		}
		if n.Kind == "occurrence" {
			once.Queue = queueWork
			jobs = append(jobs, river.InsertManyParams{Args: occurrenceNudge{n.ID, n.FireAt}, InsertOpts: once})
			continue
		}
		jobs = append(jobs, river.InsertManyParams{Args: deliveryNudge{n.ID}, InsertOpts: once})
	}
	made, err := e.client.InsertManyTx(ctx, tx.Tx.Tx, jobs)
	if err != nil {
		return fmt.Errorf("enqueue %d nudges: %w", len(nudges), err)
	}
	ids := make([]int64, len(made))
	for i, m := range made {
		ids[i] = m.Job.ID
	}
	return tx.DateJobs(ctx, ids)
}

// quiet lets only warnings and errors of the engine through.
type quiet struct{ slog.Handler }

func (q quiet) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && q.Handler.Enabled(ctx, l)
}
