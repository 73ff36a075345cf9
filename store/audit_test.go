package store_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"

	"secretariat/store"
	"secretariat/store/storetest"
)

// entries writes entries of every shape to the log: with and without before and after, texts of other scripts, numbers
// that JSON may write in several ways, several entries in one transaction, and one that is undone.
func entries(t *testing.T, s *store.Store, n int) {
	t.Helper()
	for i := range n {
		err := s.InTx(t.Context(), func(tx *store.Tx) error {
			var before, after any
			if i%3 > 0 {
				after = map[string]any{"z": 1e21, "a": 1.50, "текст": "Oʻzbekiston \u202e ±", "n": i}
			}
			if i%5 == 0 {
				before = []string{"x", ""}
			}
			if err := tx.Audit(t.Context(), fmt.Sprint("actor ", i%4), "edit", fmt.Sprint("object ", i), before, after); err != nil {
				return err
			}
			if i%7 != 0 {
				return nil
			}
			_ = tx.Savepoint(t.Context(), func() error {
				_ = tx.Audit(t.Context(), "nobody", "undone", "x", nil, nil)
				return context.Canceled
			})
			return tx.Audit(t.Context(), "second", "edit", "of one transaction", nil, nil)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// verified walks the log and fails the test when it cannot.
func verified(t *testing.T, s *store.Store) store.AuditCheck {
	t.Helper()
	check, err := s.VerifyAudit(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return check
}

// tamper is a change behind the program's back: what was done, and the id of the entry at which it must show.
type tamper struct {
	what string
	at   int64
	sql  []string
}

// tampers draws a change of one row. The log has the ids 1 to last.
func drawTamper(r *rand.Rand, last int64) tamper {
	id := 1 + r.Int64N(last)
	switch r.IntN(10) { // the ends of the chain, where it has a neighbour less
	case 0:
		id = last
	case 1:
		id = 1
	}
	set := func(what string) tamper {
		return tamper{what, id, []string{fmt.Sprintf("update audit_log set %s where id = %d", what, id)}}
	}
	switch r.IntN(9) {
	case 0:
		return set([]string{"actor = actor || 'x'", "action = 'adit'", "object = 'x' || object", "actor = '', action = actor || action"}[r.IntN(4)])
	case 1:
		return set([]string{"at = at + interval '1 microsecond'", "at = at - interval '1 year'"}[r.IntN(2)])
	case 2:
		return set([]string{`after = '{"n": -1}'`, `after = case when after is null then 'null'::jsonb end`, `before = case when before is null then '[]'::jsonb end`}[r.IntN(3)])
	case 3:
		return set("hash = sha256(hash)")
	case 4:
		return set("previous = sha256(previous)")
	case 5: // deletion; that of the last one shows at the one before
		at := id + 1
		if id == last {
			at = last - 1
		}
		return tamper{"delete", at, []string{fmt.Sprintf("delete from audit_log where id = %d", id)}}
	case 6: // two rows change places
		other := 1 + (id-1+1+r.Int64N(last-1))%last
		return tamper{fmt.Sprint("swap with ", other), min(id, other), []string{fmt.Sprintf("update audit_log set id = case id when %d then -1 else -2 end where id in (%d, %d)", id, id, other),
			fmt.Sprintf("update audit_log set id = case id when -1 then %d else %d end where id in (-1, -2)", other, id)}}
	case 7: // a row moves to the end
		at := id
		if id == last {
			at = last + 5
		}
		return tamper{"move to the end", max(at, id+1), []string{fmt.Sprintf("update audit_log set id = %d where id = %d", last+5, id)}}
	default: // a row is put in: a copy of another
		return tamper{"append a copy", last + 1, []string{fmt.Sprintf("insert into audit_log select %d, at, actor, action, object, before, after, previous, hash from audit_log where id = %d", last+1, id)}}
	}
}

// TestR18AuditChain: a thousand random changes of single rows, edits, deletions, insertions and other orders: each is
// found, at the entry at which it shows. The log is whole before and after each of them.
func TestR18AuditChain(t *testing.T) {
	s := storetest.New(t)
	entries(t, s, 60)
	whole := verified(t, s)
	if len(whole.Faults) > 0 || whole.Head.Rows != 69 || whole.Head.ID != 69 {
		t.Fatalf("an honest log: %+v", whole)
	}
	seed := rand.Uint64()
	r, found := rand.New(rand.NewPCG(seed, 0)), 0
	const tries = 1000
	for range tries {
		change := drawTamper(r, whole.Head.ID)
		check, err := s.TamperAudit(t.Context(), change.sql)
		if err != nil {
			t.Fatalf("seed %d: %s at %d: %v", seed, change.what, change.at, err)
		}
		if len(check.Faults) > 0 && check.Faults[0].ID == change.at {
			found++
		} else {
			t.Errorf("seed %d: %s: shows at %+v, want entry %d", seed, change.what, check.Faults, change.at)
		}
	}
	t.Logf("%d of %d found, seed %d", found, tries, seed)
	if again := verified(t, s); len(again.Faults) > 0 {
		t.Errorf("the log was changed by the test: %+v", again)
	}
}

// Several replicas append at the same time, in transactions that also lock other rows in any order: the chain is whole,
// and nothing is lost, doubled or given up.
func TestAuditChainOfSeveralReplicas(t *testing.T) {
	url := storetest.URL(t)
	const replicas, each = 6, 40
	var wg sync.WaitGroup
	for n := range replicas {
		s := storetest.Open(t, url)
		wg.Go(func() {
			for i := range each {
				err := s.InTx(t.Context(), func(tx *store.Tx) error {
					// Some lock another row before their entry and some after it: were the head locked by Audit itself, they would
					// wait for one another. Every fourth locks nothing, so that only the head keeps these in order.
					lock := func(wanted bool) error {
						if !wanted || i%4 == 3 {
							return nil
						}
						_, err := tx.ExecContext(t.Context(), `select 1 from instance for update`)
						return err
					}
					if err := lock((n+i)%2 == 0); err != nil {
						return err
					}
					if err := tx.Audit(t.Context(), fmt.Sprint("replica ", n), "append", fmt.Sprint(i), nil, nil); err != nil {
						return err
					}
					return lock(true)
				})
				if err != nil {
					t.Errorf("replica %d, entry %d: %v", n, i, err)
				}
			}
		})
	}
	wg.Wait()
	s := storetest.Open(t, url)
	if check := verified(t, s); len(check.Faults) > 0 || check.Head.Rows != replicas*each {
		t.Errorf("%+v", check)
	}
	err := s.InTx(t.Context(), func(tx *store.Tx) error {
		list, err := tx.AuditLog(t.Context(), store.AuditFilter{Actor: "replica 3"})
		for i, e := range list {
			if e.Object != fmt.Sprint(i) {
				t.Errorf("entry %d of replica 3 is %s", i, e.Object)
			}
		}
		if len(list) != each {
			t.Errorf("%d entries of replica 3", len(list))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The log cannot be changed by mistake, and a hash that was noted is found again.
func TestAuditLogIsAppendOnly(t *testing.T) {
	s := storetest.New(t)
	entries(t, s, 3)
	for _, statement := range []string{`update audit_log set actor = 'x'`, `delete from audit_log where id = 1`, `truncate audit_log`} {
		err := s.InTx(t.Context(), func(tx *store.Tx) error {
			_, err := tx.ExecContext(t.Context(), statement)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "append only") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	noted := verified(t, s).Head.Hash
	entries(t, s, 3)
	if check, err := s.VerifyAudit(t.Context(), noted); err != nil || !check.Contains || bytes.Equal(check.Head.Hash, noted) {
		t.Errorf("a hash noted before: %+v, %v", check, err)
	}
	if check, err := s.VerifyAudit(t.Context(), bytes.Repeat([]byte{7}, 32)); err != nil || check.Contains {
		t.Errorf("a hash that never was: %+v, %v", check, err)
	}
}

// Entries that were written before there was a chain are chained by the migration as the program does it.
func TestOlderEntriesAreChained(t *testing.T) {
	s := storetest.New(t)
	entries(t, s, 20)
	before := verified(t, s)
	b, err := os.ReadFile("../migrations/0020_audit_chain.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(b), "\ndo $$")
	chain, _, ended := strings.Cut(rest, "\n$$;")
	if !found || !ended {
		t.Fatal("the migration has no block that chains")
	}
	storetest.Exec(t, s, `alter table audit_log disable trigger append_only; update audit_log set previous = sha256('x'), hash = sha256('y'); delete from audit_head`)
	if faults := verified(t, s).Faults; len(faults) < 20 {
		t.Fatalf("a log without a chain: %v", faults)
	}
	storetest.Exec(t, s, "do $$"+chain+"\n$$")
	if after := verified(t, s); len(after.Faults) > 0 || !bytes.Equal(after.Head.Hash, before.Head.Hash) {
		t.Errorf("chained anew: %+v, want the head %x", after, before.Head.Hash)
	}
}
