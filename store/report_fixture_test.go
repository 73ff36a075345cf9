package store_test

import (
	_ "embed"
	"testing"
	"time"

	"secretariat/store"
	"secretariat/store/storetest"
)

//go:embed testdata/small.sql
var small string

// asOf is Monday 23 November 2026, 09:00 in Tashkent.
var asOf = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

// publicActivities is how many activities of the small programme the public may see.
const publicActivities = 9

// setUp fills a database with the small programme.
func setUp(t testing.TB, s *store.Store) {
	t.Helper()
	storetest.Exec(t, s, small)
}
