package store_test

import (
	"errors"
	"reflect"
	"testing"

	"secretariat/programme"
	"secretariat/store"
	"secretariat/store/storetest"
)

// What a letter reads of one person is what the whole programme says of them.
func TestPersonAndTheirOpenActivities(t *testing.T) {
	s := storetest.New(t)
	save(t, s, sample(t))
	storetest.Exec(t, s, `update person set retired_at = now() where id = (select max(id) from person)`)
	storetest.Exec(t, s, `update activity set status = case when id % 2 = 0 then 'cancelled' else 'suspended' end where id <= 6 and closed_on is null`)
	err := s.InTx(t.Context(), func(tx *store.Tx) error {
		whole, err := tx.Programme(t.Context())
		if err != nil {
			return err
		}
		ids, err := tx.PersonIDs(t.Context())
		if err != nil {
			return err
		}
		areas, open := map[string]programme.Text{}, map[string][]store.OpenActivity{}
		for _, a := range whole.Areas {
			areas[a.Ref] = a.Title
		}
		for _, a := range whole.Activities {
			if a.Status == "closed" || a.Status == "cancelled" || a.Status == "suspended" {
				continue
			}
			o := store.OpenActivity{Ref: a.Ref, Title: a.Title, Area: areas[a.Area], Percent: a.Percent, DueOn: a.DueOn, Confidentiality: a.Confidentiality}
			for _, u := range a.Updates {
				if u.Date.After(o.LastUpdateOn) {
					o.LastUpdateOn = u.Date
				}
			}
			open[a.FocalPoint] = append(open[a.FocalPoint], o)
		}
		if len(ids) != len(whole.People)+1 || len(open) < 2 {
			t.Fatalf("%d ids, %d people, %d focal points: the sample does not show the case", len(ids), len(whole.People), len(open))
		}
		for _, p := range whole.People {
			if got, err := tx.Person(t.Context(), ids[p.Ref]); err != nil || !reflect.DeepEqual(got, p) {
				t.Errorf("got %+v, %v; want %+v", got, err, p)
			}
			got, err := tx.OpenActivities(t.Context(), ids[p.Ref])
			if err != nil || len(got) != len(open[p.Ref]) || len(got) > 0 && !reflect.DeepEqual(got, open[p.Ref]) {
				t.Errorf("%s: got %+v, %v; want %+v", p.Ref, got, err, open[p.Ref])
			}
			delete(ids, p.Ref)
		}
		for ref, id := range ids {
			if _, err := tx.Person(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s is retired: got %v", ref, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
