package calendar

import (
	_ "embed"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// zoneFile holds the zones that the IANA database gives to countries: what people mean. Older names of the same zones are
// read too, but never proposed.
//
//go:embed zones.txt
var zoneFile string

// usualZones are proposed before all others that keep the same time.
var usualZones = strings.Fields(`Asia/Tashkent Asia/Almaty Asia/Dushanbe Asia/Bishkek Asia/Kabul Asia/Kolkata Asia/Dubai Asia/Tehran Europe/Moscow
	Europe/Istanbul Europe/Vienna Europe/Berlin Europe/London Asia/Shanghai Asia/Tokyo America/New_York America/Chicago America/Los_Angeles`)

// proposals is how many zones one hint names at most.
const proposals = 3

var offsetForm = regexp.MustCompile(`^(?i:Etc/GMT|UTC|GMT)?([+-])([0-9]{1,2})(?::?([0-9]{2}))?$`)

// zoneHint says what to write instead of a name that is no zone.
func zoneHint(name string) string {
	const database = "a name of the IANA time zone database, e.g. "
	if m := offsetForm.FindStringSubmatch(name); m != nil {
		hours, _ := strconv.Atoi(m[2])
		minutes, _ := strconv.Atoi(m[3])
		offset := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
		if behind := strings.EqualFold(name[:min(4, len(name))], "etc/"); (m[1] == "-") != behind { // POSIX counts to the west
			offset = -offset
		}
		if near := zonesAt(offset); near != nil {
			return "fixed offsets are not zones; use " + database + either(near)
		}
		return "fixed offsets are not zones; use " + database + "Asia/Tashkent, Europe/Vienna or UTC"
	}
	if near := zonesLike(name); near != nil {
		return "did you mean " + either(near) + "?"
	}
	return database + "Asia/Tashkent, Europe/Vienna or UTC"
}

// zonesAt returns zones whose clocks are this far from UTC in winter and, where there are such, all year.
func zonesAt(offset time.Duration) []string {
	winter, summer := time.Date(2026, 1, 15, 0, 0, 0, 0, time.UTC), time.Date(2026, 7, 15, 0, 0, 0, 0, time.UTC)
	var steady, moving []string
	for _, name := range append(slices.Clone(usualZones), strings.Fields(zoneFile)...) {
		zone, err := time.LoadLocation(name)
		switch {
		case err != nil || offsetAt(winter, zone) != offset || slices.Contains(steady, name) || slices.Contains(moving, name):
		case offsetAt(summer, zone) == offset:
			steady = append(steady, name)
		default:
			moving = append(moving, name)
		}
	}
	all := append(steady, moving...)
	return all[:min(proposals, len(all))]
}

// zonesLike returns the zones whose names are likest a misspelt one: those that share most pairs of letters with it, and
// more than half of them. The place alone, without its continent, will do.
func zonesLike(name string) []string {
	if len(name) > 64 {
		return nil
	}
	best, like := 0.6, []string(nil)
	for _, zone := range strings.Fields(zoneFile) {
		place := zone[strings.LastIndexByte(zone, '/')+1:]
		score := max(alike(name, zone), alike(name[strings.LastIndexByte(name, '/')+1:], place))
		if score > best {
			best, like = score, nil
		}
		if score == best && score > 0.6 {
			like = append(like, zone)
		}
	}
	return like[:min(proposals, len(like))]
}

// alike is how much two words have in common, from 0 to 1: twice the pairs of neighbouring letters that both have, over
// those of each (Dice's coefficient).
func alike(a, b string) float64 {
	left, right := pairs(a), pairs(b)
	all, shared := len(left)+len(right), 0
	for _, p := range left {
		if i := slices.Index(right, p); i >= 0 {
			right = slices.Delete(right, i, i+1)
			shared++
		}
	}
	return 2 * float64(shared) / float64(max(all, 1))
}

func pairs(word string) (pairs []string) {
	runes := []rune(" " + strings.ReplaceAll(strings.ToLower(word), "_", " ") + " ")
	for i := range len(runes) - 1 {
		pairs = append(pairs, string(runes[i:i+2]))
	}
	return pairs
}

// either joins names for a choice.
func either(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
