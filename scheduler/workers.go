package scheduler

import (
	"context"
	"time"

	"github.com/riverqueue/river"
)

// deliveryNudge says: look at this delivery.
type deliveryNudge struct {
	ID int64 `json:"id"`
}

// Kind names the job.
func (deliveryNudge) Kind() string { return "delivery" }

type deliveryWorker struct {
	river.WorkerDefaults[deliveryNudge]
	engine *Engine
}

// Work sends the letter, if it is still due and nobody else has it.
func (w *deliveryWorker) Work(ctx context.Context, job *river.Job[deliveryNudge]) error {
	if w.engine.unsteady.Load() {
		return nil // the pass nudges again
	}
	if err := w.engine.acts.Deliver(ctx, job.Args.ID); err != nil {
		w.engine.options.Log.Error("a letter could not be worked on", "delivery_id", job.Args.ID, "error", err)
	}
	return nil // the row tells what is to be done, not the job
}

// occurrenceNudge says: look at this fire of a schedule.
type occurrenceNudge struct {
	Schedule int64     `json:"schedule"`
	FireAt   time.Time `json:"fire_at"`
}

// Kind names the job.
func (occurrenceNudge) Kind() string { return "occurrence" }

type occurrenceWorker struct {
	river.WorkerDefaults[occurrenceNudge]
	engine *Engine
}

// Work runs the report or task, if it is still to run and nobody else has it.
func (w *occurrenceWorker) Work(ctx context.Context, job *river.Job[occurrenceNudge]) error {
	if w.engine.unsteady.Load() {
		return nil // the pass nudges again
	}
	if err := w.engine.acts.RunOccurrence(ctx, job.Args.Schedule, job.Args.FireAt); err != nil {
		w.engine.options.Log.Error("a fire of a schedule failed", "schedule_id", job.Args.Schedule, "fire_at", job.Args.FireAt, "error", err)
	}
	return nil
}
