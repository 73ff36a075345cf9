package storetest

import (
	"os"
	"strconv"
	"testing"
)

func TestEveryTestHasItsOwnDatabase(t *testing.T) {
	a, b := New(t), New(t)
	Exec(t, a, `update instance set held = true`)
	if i, err := b.Instance(t.Context()); err != nil || i.Held {
		t.Errorf("the other test's change is seen: %v, %v", i.Held, err)
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
