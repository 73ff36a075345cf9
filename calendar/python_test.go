package calendar

import (
	"os"
	"os/exec"
	"testing"
)

// python returns a Python that has the icalendar package. A machine without one skips the test, CI fails.
func python(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(name, "-c", "import icalendar, dateutil").Run() == nil {
			return name
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("python3-icalendar is missing")
	}
	t.Skip("python3-icalendar is missing")
	return ""
}
