package scheduler

import (
	"context"
	"database/sql"
	"log/slog"
	"testing"

	"secretariat/acts"
	"secretariat/store/storetest"
)

// deaf is a mailbox whose server answers nothing and that does not hear that the end was asked for.
type deaf struct{ asked, let chan struct{} }

func (d deaf) TakeNew(context.Context, func([]byte) error) error {
	close(d.asked)
	<-d.let
	return nil
}

// What hangs beside the workers does not hold up the end.
func TestRunEndsThoughAMailboxHangs(t *testing.T) {
	s := storetest.New(t)
	if err := s.WithMigrationLock(t.Context(), func(ctx context.Context, db *sql.DB) error { return MigrateEngine(ctx, db) }); err != nil {
		t.Fatal(err)
	}
	e, err := New(s, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	box := deaf{make(chan struct{}), make(chan struct{})}
	defer close(box.let)
	ctx, end := context.WithCancel(t.Context())
	defer end()
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx, &acts.Acts{Store: s, Replica: "test", Mailboxes: []acts.Mailbox{box}}) }()
	<-box.asked
	end()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-t.Context().Done():
		t.Error("the end is held up by a mailbox that hangs")
	}
}
