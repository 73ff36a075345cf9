package reports

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"secretariat/programme"
)

// RowChange is a tracked row that differs between two runs.
type RowChange struct {
	Kind     string         `json:"kind"` // added, changed, gone
	Block    string         `json:"block"`
	Key      string         `json:"key"`
	Title    string         `json:"title"`
	Fields   []ColumnChange `json:"fields,omitempty"`    // of changed
	SlipDays int            `json:"slip_days,omitempty"` // by how many days due_on moved; negative: earlier
	Revision int            `json:"revision,omitempty"`  // which revision of the date that was, 0 where the row does not say
}

// ColumnChange is a column of a changed row, as the runs kept it; "" is NULL.
type ColumnChange struct {
	Column string `json:"column"`
	From   string `json:"from"`
	To     string `json:"to"`
}

// CompareSnapshots lists what differs between the kept rows of two runs, block by block in the order of the file, rows by
// their keys. d says which columns are tracked; nil, or a block that it no longer has, compares all. A block that only one
// of the runs kept is left out: its rows are neither new nor gone.
func CompareSnapshots(d *Definition, before, after Snapshot) []RowChange {
	out := []RowChange{}
	for _, name := range blocksInOrder(d, before) {
		if after[name].Rows == nil {
			continue
		}
		var track []string
		if d != nil && d.blocks[name] != nil {
			track = splitList(d.blocks[name].Options["track"])
		}
		for _, key := range keysOf(before[name], after[name]) {
			if c, differs := compareRow(before[name].row(key), after[name].row(key), track); differs {
				c.Block, c.Key = name, strings.ReplaceAll(key, "\x1f", " ")
				out = append(out, c)
			}
		}
	}
	return out
}

func blocksInOrder(d *Definition, s Snapshot) []string {
	names := slices.Sorted(maps.Keys(s))
	if d == nil {
		return names
	}
	place := map[string]int{}
	for i, b := range d.order {
		place[b.Name] = i + 1
	}
	slices.SortStableFunc(names, func(a, b string) int { return place[a] - place[b] })
	return names
}

func keysOf(a, b Kept) []string {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(a.Rows)), maps.Keys(b.Rows))
	slices.Sort(keys)
	return slices.Compact(keys)
}

func compareRow(old, row map[string]string, track []string) (c RowChange, differs bool) {
	switch {
	case old == nil:
		return RowChange{Kind: "added", Title: titleOf(row)}, true
	case row == nil:
		return RowChange{Kind: "gone", Title: titleOf(old)}, true
	}
	c = RowChange{Kind: "changed", Title: titleOf(row)}
	if track == nil {
		columns := maps.Clone(old)
		maps.Copy(columns, row)
		track = slices.Sorted(maps.Keys(columns))
	}
	for _, column := range track {
		if old[column] != row[column] {
			c.Fields = append(c.Fields, ColumnChange{column, old[column], row[column]})
		}
	}
	from, errFrom := programme.ParseDate(old["due_on"])
	to, errTo := programme.ParseDate(row["due_on"])
	if errFrom == nil && errTo == nil && from != to {
		c.SlipDays = to.Sub(from)
		c.Revision, _ = strconv.Atoi(row["revisions"])
	}
	return c, c.Fields != nil
}

// titleOf names a kept row in the first language that it has, by name.
func titleOf(row map[string]string) string {
	for _, column := range []string{"title", "text", "name"} {
		s := row[column]
		var texts map[string]string
		if strings.HasPrefix(s, "{") && json.Unmarshal([]byte(s), &texts) == nil && len(texts) > 0 {
			if texts["en"] != "" {
				return texts["en"]
			}
			return texts[slices.Sorted(maps.Keys(texts))[0]]
		}
		if s != "" {
			return s
		}
	}
	return ""
}
