package calendar

import (
	"errors"
	"strings"
	"testing"
)

func TestZoneHints(t *testing.T) {
	const any = "a name of the IANA time zone database, e.g. Asia/Tashkent, Europe/Vienna or UTC"
	for _, row := range []struct{ name, zone, want string }{
		{"an offset", "UTC+5", "fixed offsets are not zones; use a name of the IANA time zone database, e.g. Asia/Tashkent, Asia/Almaty or Asia/Dushanbe"},
		{"an offset alone, with minutes", "+05:30", "fixed offsets are not zones; use a name of the IANA time zone database, e.g. Asia/Kolkata or Asia/Colombo"},
		{"west", "GMT-8", "America/Los_Angeles"},
		{"an offset of the database, which counts to the west", "Etc/GMT-5", "Asia/Tashkent"},
		{"the same to the other side", "Etc/GMT+8", "America/Los_Angeles"},
		{"an offset of nothing", "GMT+0", "fixed offsets are not zones; use a name of the IANA time zone database, e.g. "},
		{"an offset of nobody", "UTC+23", "fixed offsets are not zones; use " + any},
		{"a letter missing", "Asia/Taskent", "did you mean Asia/Tashkent?"},
		{"letters swapped", "Europe/Veinna", "did you mean Europe/Vienna?"},
		{"the place alone", "tashkent", "did you mean Asia/Tashkent?"},
		{"a blank", "America/New York", "did you mean America/New_York?"},
		{"another continent", "Europe/Tashkent", "did you mean Asia/Tashkent?"},
		{"nothing like it", "Mars/Base", any},
		{"empty", "", any},
		{"too long", strings.Repeat("x", 100), any},
	} {
		_, err := LoadZone(row.zone)
		var refused *ZoneError
		if !errors.As(err, &refused) || !strings.Contains(refused.Hint(), row.want) {
			t.Errorf("%s: %q: %v, %+v; want the hint %q", row.name, row.zone, err, refused, row.want)
		}
	}
}

// Every zone that is proposed can be read.
func TestProposedZonesAreZones(t *testing.T) {
	for _, name := range append(strings.Fields(zoneFile), usualZones...) {
		if _, err := LoadZone(name); err != nil {
			t.Error(err)
		}
	}
}
