package acts

import (
	"secretariat/reports"
	"secretariat/reports/document"
)

// tilesOf returns the values of the tiles of a rendering with their units.
func tilesOf(r reports.Rendering) (out []string) {
	for _, s := range r.Document.Sections {
		for _, b := range s.Blocks {
			if tiles, ok := b.(document.Tiles); ok {
				for _, t := range tiles.Items {
					value := t.Value
					if t.Unit != "" {
						value += " " + t.Unit
					}
					out = append(out, value)
				}
			}
		}
	}
	return out
}
