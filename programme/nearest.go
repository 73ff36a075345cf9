package programme

import "strings"

// Nearest returns the known word that the writer most likely meant, "" when none is near: at most one slip for each
// three letters, a slip being a letter too many, too few, wrong or swapped with its neighbour.
func Nearest(word string, known []string) string {
	best, limit := "", min(max(1, len([]rune(word))/3), 4)+1
	for _, k := range known {
		if d := slips(strings.ToLower(word), strings.ToLower(k), limit); d < limit {
			best, limit = k, d
		}
	}
	return best
}

// DidYouMean returns `; did you mean "x"?` for the nearest known word, "" when none is near.
func DidYouMean(word string, known []string) string {
	if near := Nearest(word, known); near != "" {
		return `; did you mean "` + near + `"?`
	}
	return ""
}

// slips counts the slips between two words, giving up at limit (restricted Damerau–Levenshtein distance).
func slips(a, b string, limit int) int {
	s, t := []rune(a), []rune(b)
	if abs(len(s)-len(t)) >= limit || len(s) > 64 || len(t) > 64 {
		return limit
	}
	before, last, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(t)]
}

func abs(n int) int { return max(n, -n) }
