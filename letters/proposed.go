package letters

import (
	"strings"
	"time"

	"secretariat/programme"
)

// proposed writes the moment that a calendar program proposed, which came as "20261209T050000Z", "20261209T100000 Asia/Tashkent"
// or "20261209" (RFC 5545, 3.3.4 and 3.3.5), on the clocks of the council. What is none of these stands as it came: a name of a
// zone may be one that only the sender's program knows.
func (c *composer) proposed(written string, council *time.Location) string {
	if t, err := time.Parse("20060102T150405Z", written); err == nil {
		return c.moment(t, council)
	}
	if t, err := time.Parse("20060102", written); err == nil {
		return c.l.Date(programme.DateOf(t, time.UTC))
	}
	at, name, _ := strings.Cut(written, " ")
	z := zone(council) // a moment without a zone is meant on the clocks of the place
	if name != "" {
		var err error
		if z, err = time.LoadLocation(name); err != nil {
			return written
		}
	}
	if t, err := time.ParseInLocation("20060102T150405", at, z); err == nil {
		return c.moment(t, council)
	}
	return written
}
