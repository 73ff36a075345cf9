package typeset

import (
	"slices"
	"testing"
)

// Parts of a line stand from left to right; read, they have the order of the text.
func TestLogical(t *testing.T) {
	for _, row := range []struct {
		name   string
		levels []uint8 // in the order of the line
		want   []int
	}{
		{"a number between Arabic words", []uint8{1, 2, 1}, []int{2, 1, 0}},
		{"a Latin name of two faces in an Arabic line", []uint8{1, 2, 2, 1}, []int{3, 1, 2, 0}},
		{"two Arabic spans in a Latin line", []uint8{0, 1, 1, 0}, []int{0, 2, 1, 3}},
		{"a number after an Arabic word in a Latin line", []uint8{0, 2, 1, 0}, []int{0, 2, 1, 3}},
		{"nothing turned", []uint8{0, 0}, []int{0, 1}},
	} {
		var all []stretch
		for i, level := range row.levels {
			all = append(all, stretch{from: i, level: level})
		}
		logical(all)
		var got []int
		for _, s := range all {
			got = append(got, s.from)
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: read in the order %v, want %v", row.name, got, row.want)
		}
	}
}
