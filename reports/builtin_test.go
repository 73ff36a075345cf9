package reports

import (
	"testing"

	"secretariat/templates"
)

func TestBuiltInReportsHaveNoFaults(t *testing.T) {
	if _, err := Load(templates.Reports()); err != nil {
		t.Fatal(err)
	}
}
