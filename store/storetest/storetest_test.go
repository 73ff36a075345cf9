package storetest

import (
	"os"
	"strconv"
	"testing"

	"secretariat/store"
)

func TestEveryTestHasItsOwnDatabase(t *testing.T) {
	a, b := New(t), New(t)
	Exec(t, a, `update instance set held = true`)
	if i, err := b.Instance(t.Context()); err != nil || i.Held {
		t.Errorf("the other test's change is seen: %v, %v", i.Held, err)
	}
}

func TestFilledOnce(t *testing.T) {
	times := 0
	fill := func(s *store.Store, _ string) error {
		times++
		return s.InTx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), `update instance set held = true`)
			return err
		})
	}
	a := Open(t, Filled(t, "held", fill))
	Exec(t, a, `update instance set held = false`)
	b := Open(t, Filled(t, "held", fill))
	if i, err := b.Instance(t.Context()); err != nil || !i.Held || times != 1 {
		t.Errorf("filled %d times; the copy lacks it or sees the other test's change: %v, %v", times, i.Held, err)
	}
}

func TestTxIsRolledBack(t *testing.T) {
	s := New(t)
	t.Run("changes", func(t *testing.T) {
		tx := Tx(t, s)
		if _, err := tx.ExecContext(t.Context(), `update instance set held = true`); err != nil {
			t.Fatal(err)
		}
	})
	if i, err := s.Instance(t.Context()); err != nil || i.Held {
		t.Errorf("the transaction of a test that ended is seen: %v, %v", i.Held, err)
	}
}

func TestLeft(t *testing.T) {
	tests := []struct {
		name, database string
		want           bool
	}{
		{"of this process", "test_" + strconv.Itoa(os.Getpid()) + "_1", false},
		{"of a process that cannot be", "test_4194399_1", true},
		{"a template", "template_ab", false},
		{"another", "postgres", false},
		{"no number", "test_x_1", false},
	}
	for _, tt := range tests {
		if got := left(tt.database); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(b)
	}
}
