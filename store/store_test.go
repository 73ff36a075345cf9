package store_test

import (
	"testing"
	"time"

	"secretariat/store/storetest"
)

func TestClock(t *testing.T) {
	s := storetest.New(t)
	at := time.Date(2026, 11, 23, 3, 59, 0, 0, time.UTC)
	if err := s.SetClock(t.Context(), at); err != nil {
		t.Fatal(err)
	}
	now, err := s.Now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := now.Sub(at); d < 0 || d > time.Minute {
		t.Errorf("clock shows %v after it was set to %v", now, at)
	}
}
