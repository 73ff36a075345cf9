package reports

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Snapshot holds the tracked rows by block. It does not depend on the language unless a query asks for :lang.
type Snapshot map[string]Kept

// Kept holds the rows of a block as a run showed them.
type Kept struct {
	Columns []string
	Rows    map[string][]string // by key: a cell for each column, as canonical says it; null for NULL
}

// null stands for NULL in a cell: a text of PostgreSQL never holds it.
const null = "\x00"

// row returns a row by column, NULL absent; nil where there is none.
func (k Kept) row(key string) map[string]string {
	cells, ok := k.Rows[key]
	if !ok {
		return nil
	}
	out := make(map[string]string, len(cells))
	for i, cell := range cells {
		if cell != null {
			out[k.Columns[i]] = cell
		}
	}
	return out
}

// keep makes the rows of a tracked block ready to be kept and compared.
func keep(b *Block, rows Rows) Kept {
	k := Kept{Columns: rows.Columns, Rows: make(map[string][]string, len(rows.Values))}
	key := keyColumns(b, rows.Columns)
	for _, values := range rows.Values {
		cells := make([]string, len(rows.Columns))
		for i, v := range values {
			if cells[i] = canonical(v); v == nil {
				cells[i] = null
			}
		}
		k.Rows[keyOf(key, values)] = cells
	}
	return k
}

// keyColumns are the places of the columns that name a row; -1 for one that the query lacks.
func keyColumns(b *Block, columns []string) []int {
	places := make([]int, len(b.Key))
	for i, name := range b.Key {
		places[i] = slices.Index(columns, name)
	}
	return places
}

func keyOf(places []int, values []any) string {
	parts := make([]string, len(places))
	for i, place := range places {
		if place >= 0 {
			parts[i] = canonical(values[place])
		}
	}
	return strings.Join(parts, "\x1f")
}

// Encode packs the rows of every block.
func (s Snapshot) Encode() (map[string][]byte, error) {
	out := make(map[string][]byte, len(s))
	for block, k := range s {
		b, err := k.encode()
		if err != nil {
			return nil, fmt.Errorf("keep the rows of %s: %w", block, err)
		}
		out[block] = b
	}
	return out, nil
}

// DecodeSnapshot unpacks the rows of every block.
func DecodeSnapshot(blocks map[string][]byte) (Snapshot, error) {
	out := make(Snapshot, len(blocks))
	for block, b := range blocks {
		k, err := decodeKept(b)
		if err != nil {
			return nil, fmt.Errorf("kept rows of %s: %w", block, err)
		}
		out[block] = k
	}
	return out, nil
}

// encode packs the rows: a gzip file of lines in the text form of PostgreSQL's COPY, first the names of the columns behind
// an empty cell, then each row behind its key. The same rows give the same bytes.
func (k Kept) encode() ([]byte, error) {
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	var line bytes.Buffer
	put := func(key string, cells []string) error {
		line.Reset()
		writeCell(&line, key)
		for _, cell := range cells {
			line.WriteByte('\t')
			writeCell(&line, cell)
		}
		line.WriteByte('\n')
		_, err := z.Write(line.Bytes())
		return err
	}
	if err := put("", k.Columns); err != nil {
		return nil, err
	}
	for _, key := range slices.Sorted(maps.Keys(k.Rows)) {
		if err := put(key, k.Rows[key]); err != nil {
			return nil, err
		}
	}
	err = z.Close()
	return out.Bytes(), err
}

var (
	escape   = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)
	unescape = strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r")
)

func writeCell(out *bytes.Buffer, cell string) {
	if cell == null {
		cell = `\N`
	} else if strings.ContainsAny(cell, "\\\t\n\r") {
		cell = escape.Replace(cell)
	}
	out.WriteString(cell)
}

func readCell(cell string) string {
	if cell == `\N` {
		return null
	}
	if !strings.Contains(cell, `\`) {
		return cell
	}
	return unescape.Replace(cell)
}

// decodeKept unpacks rows; also those that runs kept before the form of today, an object {key: {column: text}}.
func decodeKept(b []byte) (Kept, error) {
	if bytes.HasPrefix(b, []byte("{")) {
		return decodeOld(b)
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return Kept{}, err
	}
	text, err := io.ReadAll(z)
	if err = errors.Join(err, z.Close()); err != nil {
		return Kept{}, err
	}
	k := Kept{Rows: map[string][]string{}}
	first := true
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		for i := range cells {
			cells[i] = readCell(cells[i])
		}
		if first {
			k.Columns, first = cells[1:], false
			continue
		}
		if len(cells) != len(k.Columns)+1 {
			return Kept{}, fmt.Errorf("row %q has %d cells, want %d", cells[0], len(cells)-1, len(k.Columns))
		}
		k.Rows[cells[0]] = cells[1:]
	}
	return k, nil
}

func decodeOld(b []byte) (Kept, error) {
	var rows map[string]map[string]string
	if err := json.Unmarshal(b, &rows); err != nil {
		return Kept{}, err
	}
	columns := map[string]bool{}
	for _, row := range rows {
		for column := range row {
			columns[column] = true
		}
	}
	k := Kept{Columns: slices.Sorted(maps.Keys(columns)), Rows: map[string][]string{}}
	for key, row := range rows {
		cells := make([]string, len(k.Columns))
		for i, column := range k.Columns {
			cell, ok := row[column]
			if !ok {
				cell = null
			}
			cells[i] = cell
		}
		k.Rows[key] = cells
	}
	return k, nil
}
