package store_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"secretariat/programme"
	"secretariat/programme/file"
	"secretariat/store"
	"secretariat/store/storetest"
)

// sample reads the sample programme.
func sample(t *testing.T) programme.Programme {
	t.Helper()
	text, err := os.ReadFile("../examples/tashkent/programme.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := file.Read(nil, file.Source{Name: "programme.yaml", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return doc.Programme
}

// save brings the database to desired and returns the plan that it took.
func save(t *testing.T, s *store.Store, desired programme.Programme) programme.Plan {
	t.Helper()
	var plan programme.Plan
	err := s.InTx(t.Context(), func(tx *store.Tx) error {
		current, err := tx.Programme(t.Context())
		if err != nil {
			return err
		}
		target := programme.Merge(current, desired)
		plan = programme.Diff(current, target)
		return tx.SaveProgramme(t.Context(), store.SaveProgramme{Plan: plan, Target: target, Domain: "sec.example"})
	})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func TestSampleIsLoadedAsItWasSaved(t *testing.T) {
	s := storetest.New(t)
	p := sample(t)
	began := time.Now()
	save(t, s, p)
	t.Logf("saved in %s", time.Since(began))
	began = time.Now()
	if plan := save(t, s, p); !plan.Empty() {
		for _, line := range plan.Lines() {
			t.Error(line)
		}
	}
	t.Logf("again in %s", time.Since(began))
}

func TestRetiredObjectsComeBackWithTheFile(t *testing.T) {
	s := storetest.New(t)
	p := sample(t)
	save(t, s, p)
	load := func(all bool) (got programme.Programme) {
		err := s.InTx(t.Context(), func(tx *store.Tx) (err error) {
			if got, err = tx.Programme(t.Context()); all {
				got, err = tx.WholeProgramme(t.Context())
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	bare := programme.Programme{Info: p.Info}
	plan := programme.Diff(p, bare)
	err := s.InTx(t.Context(), func(tx *store.Tx) error {
		return tx.SaveProgramme(t.Context(), store.SaveProgramme{Plan: plan, Target: bare})
	})
	if err != nil {
		t.Fatal(err)
	}
	if again := programme.Diff(load(false), bare); !again.Empty() {
		t.Errorf("after everything was retired there is still: %q", again.Lines())
	}
	if whole := programme.Diff(load(true), p); !whole.Empty() {
		t.Errorf("with what was retired it is not the sample: %q", whole.Lines())
	}
	save(t, s, p)
	if back := programme.Diff(load(false), p); !back.Empty() {
		t.Errorf("applied again it is not the sample: %q", back.Lines())
	}
}

func TestSessionKeepsItsUID(t *testing.T) {
	s := storetest.New(t)
	p := sample(t)
	save(t, s, p)
	uids := func() (list []string) {
		err := s.InTx(t.Context(), func(tx *store.Tx) error {
			return tx.SelectContext(t.Context(), &list, `select uid from session order by ref`)
		})
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	before := uids()
	for i := range p.Councils[0].Sessions {
		p.Councils[0].Sessions[i].Number += 100
	}
	save(t, s, p)
	if got := uids(); !slices.Equal(got, before) {
		t.Errorf("uids changed: %v, were %v", got, before)
	}
	if !strings.HasSuffix(before[0], "@sec.example") {
		t.Errorf("uid %s has not the domain", before[0])
	}
}
