package calendar

import (
	"os"
	"testing"
)

// missing skips a test on a machine that lacks a program, and fails it where CI says that all must be there.
func missing(t *testing.T, program string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing", program)
	}
	t.Skipf("%s is missing", program)
}
