package store_test

import (
	"os"
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
