package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A scenario ends at its deadline at the latest, as broken and with the figure that it had reached.
func TestLateIsBroken(t *testing.T) {
	for _, c := range []struct {
		name string
		run  func(ctx context.Context, z size, release <-chan struct{}) (string, bool, error)
		kept bool
		want []string
		took time.Duration
	}{
		{"in time", func(context.Context, size, <-chan struct{}) (string, bool, error) { return "100 of 100", true, nil }, true, []string{"100 of 100"}, 0},
		{"fails", func(_ context.Context, z size, _ <-chan struct{}) (string, bool, error) {
			z.say("41 of 100")
			return "", true, errors.New("no relay")
		}, false, []string{"41 of 100", "no relay"}, 0},
		{"stops at its deadline", func(ctx context.Context, z size, _ <-chan struct{}) (string, bool, error) {
			z.say("42 of 100")
			<-ctx.Done()
			return "", false, ctx.Err()
		}, false, []string{"late", "42 of 100"}, time.Minute},
		{"ends well and late", func(ctx context.Context, _ size, _ <-chan struct{}) (string, bool, error) {
			time.Sleep(time.Minute + time.Second)
			return "100 of 100", true, nil
		}, false, []string{"late", "100 of 100"}, time.Minute + time.Second},
		{"never stops", func(_ context.Context, z size, release <-chan struct{}) (string, bool, error) {
			z.say("43 of 100")
			<-release
			return "", true, nil
		}, false, []string{"late", "did not even stop", "43 of 100"}, time.Minute + unwind},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				release := make(chan struct{})
				defer close(release)
				s := scenario{row: "R0", name: "proof", limit: within(time.Minute), run: func(ctx context.Context, _ *ground, z size) (string, bool, error) {
					return c.run(ctx, z, release)
				}}
				o := s.do(t.Context(), nil, size{told: &told{}})
				if o.Kept != c.kept || o.Took != c.took {
					t.Errorf("kept %v after %v, want %v after %v", o.Kept, o.Took, c.kept, c.took)
				}
				for _, want := range c.want {
					if !strings.Contains(o.Reached, want) {
						t.Errorf("%q does not say %q", o.Reached, want)
					}
				}
			})
		})
	}
}

// When the campaign's time is over what has not begun is broken too: the table has a row for it.
func TestOutOfTime(t *testing.T) {
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	s := scenario{row: "R0", name: "proof", limit: within(time.Minute), run: func(ctx context.Context, _ *ground, _ size) (string, bool, error) {
		return "", false, ctx.Err()
	}}
	c := course{}
	outcomes, _ := c.all(ctx, []scenario{s, s}, false)
	if len(outcomes) != 2 || outcomes[0].Kept || !strings.Contains(outcomes[0].Reached, "late") {
		t.Errorf("got %v, want two that are late", outcomes)
	}
}

// A scenario that repeats is played as often as asked, each time with another seed.
func TestRepeat(t *testing.T) {
	turns := map[int]bool{}
	for _, s := range (options{only: "kill9", size: size{repeat: 3}}).chosen() {
		turns[s.turn] = s.name == "kill9"
	}
	if len(turns) != 3 || !turns[0] || !turns[2] {
		t.Errorf("turns %v, want 0, 1 and 2 of kill9", turns)
	}
}
