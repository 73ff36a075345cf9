package typeset

import "secretariat/reports/document"

// crowded tells that the columns without weight, at their natural widths, leave less than is comfortable to the others.
func crowded(columns []document.Column, natural []float64, room float64) bool {
	all, fixed, wanted := totalWeight(columns), 0.0, 0.0
	for i, c := range columns {
		if c.Weight > 0 {
			wanted += min(natural[i], weightedShare*room*c.Weight/all)
		} else {
			fixed += natural[i]
		}
	}
	return fixed+wanted > room
}

// weightedShare of a crowded table is left to the columns with weight.
const weightedShare = 0.42

// share gives the columns their widths. Columns without weight get their natural width; the others share the rest by
// weight, and no column gets less than its longest word. When the natural widths leave too little, all give way in
// proportion to what they can spare. It tells whether all longest words fit.
func share(columns []document.Column, natural, least []float64, room float64) ([]float64, bool) {
	sumLeast, spare := 0.0, 0.0
	want := make([]float64, len(columns))
	weights := 0.0
	for i, c := range columns {
		natural[i], least[i] = natural[i]+0.2, least[i]+0.2
		want[i] = natural[i]
		if c.Weight > 0 {
			want[i] = min(natural[i], max(least[i], room*weightedShare*c.Weight/totalWeight(columns)))
			weights += c.Weight
		}
		sumLeast += least[i]
		spare += want[i] - least[i]
	}
	out := make([]float64, len(columns))
	if sumLeast > room {
		for i := range out {
			out[i] = least[i] * room / sumLeast
		}
		return out, false
	}
	rest := room - sumLeast - spare
	if rest < 0 {
		squeeze(columns, want, least, out, room)
		return out, true
	}
	copy(out, want)
	if weights == 0 {
		total := sumLeast + spare
		for i := range out {
			out[i] += rest * want[i] / total
		}
		return out, true
	}
	spread(columns, natural, out, rest)
	return out, true
}

// squeeze takes from the columns without weight, down to their longest words, and only then from all.
func squeeze(columns []document.Column, want, least, out []float64, room float64) {
	give := func(c document.Column) bool { return c.Weight <= 0 }
	left, spare := room, 0.0
	for i, c := range columns {
		if give(c) {
			left, spare = left-least[i], spare+want[i]-least[i]
		} else {
			left -= want[i]
		}
	}
	if left < 0 || spare == 0 {
		left, spare = room, 0
		give = func(document.Column) bool { return true }
		for i := range columns {
			left, spare = left-least[i], spare+want[i]-least[i]
		}
	}
	for i, c := range columns {
		if out[i] = want[i]; give(c) {
			out[i] = least[i] + (want[i]-least[i])*left/spare
		}
	}
}

func totalWeight(columns []document.Column) (t float64) {
	for _, c := range columns {
		t += max(c.Weight, 0)
	}
	return t
}

// spread gives what is left to the weighted columns: first up to their natural widths, then by weight.
func spread(columns []document.Column, natural, out []float64, rest float64) {
	for range 4 {
		open := 0.0
		for i, c := range columns {
			if c.Weight > 0 && out[i] < natural[i] {
				open += c.Weight
			}
		}
		if open == 0 || rest <= 0 {
			break
		}
		given := rest
		for i, c := range columns {
			if c.Weight > 0 && out[i] < natural[i] {
				add := min(given*c.Weight/open, natural[i]-out[i])
				out[i] += add
				rest -= add
			}
		}
	}
	all := totalWeight(columns)
	for i, c := range columns {
		out[i] += max(rest, 0) * max(c.Weight, 0) / all
	}
}
