package scheduler

import (
	"context"
	"log/slog"
	"testing"

	"secretariat/acts"
)

// A replica whose settings differ from another's says so in the log; one that ends takes itself off the record.
func TestReplicasThatDisagreeAreLogged(t *testing.T) {
	s := open(t)
	other := &acts.Acts{Store: s, Replica: "other", Settings: map[string]string{"lease": "5m"}}
	if _, err := other.SeeReplicas(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(t.Context())
	defer end()
	warned := 0
	e, err := New(s, Options{Log: slog.New(told{slog.DiscardHandler, "different settings", func() { warned++; end() }})})
	if err != nil {
		t.Fatal(err)
	}
	e.watchReplicas(ctx, &acts.Acts{Store: s, Replica: "this", Settings: map[string]string{"lease": "2m"}})
	if warned != 1 {
		t.Errorf("warned %d times", warned)
	}
	if differ, err := other.SeeReplicas(t.Context()); err != nil || differ != "" {
		t.Errorf("after the end the other is told %q, %v", differ, err)
	}
}
