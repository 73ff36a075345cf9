package reports

import (
	"math/big"
	"strings"
	"time"

	"secretariat/locale"
	"secretariat/programme"
	"secretariat/reports/document"
)

// tiles shows the first row as key figures, one per column. trend= names a block whose rows hold the same columns at
// earlier moments, oldest first and the present one last, with the moment or day in a column "at": it gives the small
// lines and the differences.
func (c *composer) tiles(b *Block, r *result) document.Block {
	row := r.rows[0]
	var history []record
	if h := c.result(b.Options["trend"]); h != nil {
		history = h.rows
	}
	var out document.Tiles
	var alt []string
	for _, spec := range c.columnsOf(b, r) {
		tile := c.tile(b, spec, row)
		c.trend(&tile, spec, history)
		out.Items = append(out.Items, tile)
		alt = append(alt, c.l.Labelled(tile.Label, c.l.Commas(strings.TrimSpace(tile.Value+" "+tile.Unit), tile.Note+tile.Delta)))
	}
	out.Alt = c.l.Semicolons(alt...)
	return out
}

func (c *composer) tile(b *Block, spec columnSpec, row record) document.Tile {
	v := row[spec.Name]
	tile := document.Tile{Label: c.label(b.Name, spec.Name), Tone: spec.toneOf(v)}
	if tile.Tone == document.ToneNeutral {
		tile.Tone = document.ToneAccent
	}
	if t := c.w.label(b.Name + "." + spec.Name + ".note"); t != nil {
		tile.Note, _ = c.run(t, row.fields())
	}
	if v == nil {
		tile.Value = locale.Missing
		return tile
	}
	total := row[spec.Of]
	switch spec.Type {
	case "money":
		c.moneyTile(&tile, spec, row, total)
		return tile
	case "pct", "bar":
		tile.Value = c.l.Number(round(rat(v), 1), -1)
		tile.Unit = "%"
	default:
		tile.Value = c.format(spec, v, row)
	}
	if spec.Of != "" && total != nil {
		tile.Unit = c.l.T("report.of", map[string]any{"total": c.number(total)})
	}
	return tile
}

// moneyTile shows large amounts in thousands: a tile has room for four digits or so.
func (c *composer) moneyTile(tile *document.Tile, spec columnSpec, row record, total any) {
	currency, _ := c.currency(spec, row)
	write := func(v any) string {
		return c.l.Number(new(big.Rat).Quo(rat(v), big.NewRat(1000, 1)).FloatString(0), 0)
	}
	unit := "report.thousand"
	if rat(row[spec.Name]).Cmp(big.NewRat(10000, 1)) < 0 && (total == nil || rat(total).Cmp(big.NewRat(10000, 1)) < 0) {
		write, unit = func(v any) string { return c.number(v) }, "report.currency"
	}
	tile.Value = write(row[spec.Name])
	args := map[string]any{"currency": currency}
	if total != nil {
		args["total"] = write(total)
		unit += "-of"
	}
	tile.Unit = c.l.T(unit, args)
}

// trend adds history and difference of a figure.
func (c *composer) trend(tile *document.Tile, spec columnSpec, history []record) {
	for _, row := range history {
		f, ok := float(row[spec.Name])
		if !ok {
			return
		}
		tile.Trend = append(tile.Trend, f)
	}
	if len(history) < 2 {
		return
	}
	before, now := history[len(history)-2], history[len(history)-1]
	zone := c.in.Parameters.dayZone()
	then, today := before.day("at", zone), now.day("at", zone)
	if then.IsZero() {
		return
	}
	difference := new(big.Rat).Sub(rat(now[spec.Name]), rat(before[spec.Name]))
	tile.Up, tile.Flat = difference.Sign() > 0, difference.Sign() == 0
	tile.Delta = c.difference(spec, difference, then, today)
	tile.Note = ""
}

// difference says how a figure differs from that of an earlier day: "4 more than a week ago".
func (c *composer) difference(spec columnSpec, by *big.Rat, then, today programme.Date) string {
	id := "report.delta.more"
	switch by.Sign() {
	case 0:
		id = "report.delta.same"
	case -1:
		id = "report.delta.fewer"
		if spec.Type == "money" || spec.Type == "pct" || spec.Type == "bar" {
			id = "report.delta.less"
		}
		by = new(big.Rat).Abs(by)
	}
	args := map[string]any{"date": c.l.ShortDate(then)}
	switch {
	case today.Sub(then) == 7:
		id += "-week"
		delete(args, "date")
	}
	if by.Sign() != 0 {
		args["n"] = c.figure(spec, by)
	}
	return c.l.T(id, args)
}

func (c *composer) figure(spec columnSpec, n *big.Rat) string {
	switch spec.Type {
	case "pct", "bar":
		return c.l.T("report.points", map[string]any{"n": c.l.Number(round(n, 1), -1)})
	case "money":
		if n.Cmp(big.NewRat(10000, 1)) >= 0 {
			return c.l.T("report.thousands", map[string]any{"n": c.l.Number(new(big.Rat).Quo(n, big.NewRat(1000, 1)).FloatString(0), 0)})
		}
	}
	return c.l.Number(round(n, 2), -1)
}

// location returns a zone by its name, or the fallback.
func location(name string, fallback *time.Location) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil && name != "" && name != "Local" {
		return zone
	}
	return fallback
}
