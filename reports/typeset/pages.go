package typeset

// paginate distributes a flow over pages that have room.
func paginate(items []item, room float64) (pages [][]item) {
	for len(items) > 0 {
		var taken []item
		taken, items = fill(items, room, true)
		pages = append(pages, taken)
	}
	if len(pages) == 0 {
		pages = append(pages, nil)
	}
	return pages
}

const (
	// A last page filled less than this is worth some tightening, if that saves the page.
	lastPageShort = 0.45
	// One filled less than this looks like a mistake: it gets more from the page before.
	lastPageBare = 0.25
	// Gaps summed over more pages would always save one: a long report is left as it is.
	tightenedPages = 12
)

// settle distributes a flow over pages as a printer would: a last page with few lines is saved by closing up the gaps
// between blocks, or is given more of what stands before.
func settle(items []item, room float64) [][]item {
	pages := paginate(items, room)
	last := stack{pages[len(pages)-1]}.height()
	if len(pages) < 2 || last > room*lastPageShort {
		return pages
	}
	if len(pages) <= tightenedPages {
		for _, by := range [...]float64{0.85, 0.7, 0.55} {
			if tight := paginate(closedUp(items, by), room); len(tight) < len(pages) {
				return tight
			}
		}
	}
	if last > room*lastPageBare {
		return pages
	}
	return evened(items, pages, room)
}

// closedUp is a flow with smaller gaps between its blocks.
func closedUp(items []item, by float64) []item {
	out := append([]item(nil), items...)
	for i := range out {
		out[i].gap *= by
	}
	return out
}

// evened ends the page before the last earlier, so that the last one has enough to stand on. A place before a heading is
// best, even if it is some lines earlier.
func evened(items []item, pages [][]item, room float64) [][]item {
	rest := items
	for range len(pages) - 2 {
		_, rest = fill(rest, room, true)
	}
	var best [2][]item
	for part := 0.97; part > 0.55; part -= 0.03 {
		first, last := fill(rest, room*part, true)
		if len(last) == 0 || !fits(last, room) {
			break
		}
		if (stack{last}).height() < room*lastPageBare {
			continue
		}
		if _, heads := last[0].box.(heading); heads || best[0] == nil {
			best = [2][]item{first, last}
			if heads {
				break
			}
		}
	}
	if best[0] == nil {
		return pages
	}
	return append(pages[:len(pages)-2:len(pages)-2], best[0], best[1])
}
