package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/lib/pq"

	"secretariat/programme"
)

// arguments makes lists of text acceptable to the driver.
func arguments(args []any) []any {
	out := make([]any, len(args))
	for i, a := range args {
		if list, ok := a.([]string); ok {
			a = pq.StringArray(list)
		}
		out[i] = a
	}
	return out
}

// nulls returns a NULL for every parameter of a statement.
func (s *session) nulls(ctx context.Context, statement string) ([]any, error) {
	var n int
	err := s.conn.Raw(func(c any) error {
		prepared, err := c.(driver.ConnPrepareContext).PrepareContext(ctx, statement)
		if err != nil {
			return err
		}
		n = prepared.NumInput()
		return prepared.Close()
	})
	return make([]any, n), err
}

// values reads all rows, each value by the type of its column.
func values(found *sql.Rows) (Rows, error) {
	var rows Rows
	types, err := found.ColumnTypes()
	if err != nil {
		return rows, err
	}
	for _, t := range types {
		rows.Columns = append(rows.Columns, t.Name())
		rows.Types = append(rows.Types, t.DatabaseTypeName())
	}
	raw, targets := make([]any, len(types)), make([]any, len(types))
	for i := range raw {
		targets[i] = &raw[i]
	}
	for found.Next() {
		if err := found.Scan(targets...); err != nil {
			return rows, err
		}
		row := make([]any, len(raw))
		for i, v := range raw {
			if row[i], err = value(v, rows.Types[i]); err != nil {
				return rows, fmt.Errorf("column %s: %w", rows.Columns[i], err)
			}
		}
		rows.Values = append(rows.Values, row)
	}
	return rows, found.Err()
}

// value turns what the driver gives into what Rows promises.
func value(v any, typeName string) (any, error) {
	switch v := v.(type) {
	case []byte:
		if typeName == "_TEXT" || typeName == "_VARCHAR" {
			return textArray(v)
		}
		return string(v), nil
	case float64:
		if math.IsNaN(v) {
			return "NaN", nil
		}
		if math.IsInf(v, 0) {
			return map[bool]string{true: "Infinity", false: "-Infinity"}[v > 0], nil
		}
		return v, nil
	case time.Time:
		switch typeName {
		case "DATE":
			y, m, d := v.Date()
			return programme.NewDate(y, m, d), nil
		case "TIMESTAMPTZ":
			return v.UTC(), nil
		case "TIME", "TIMETZ":
			return v.Format("15:04:05.999999"), nil
		}
		return v.Format("2006-01-02 15:04:05.999999"), nil
	case string:
		if typeName == "_TEXT" || typeName == "_VARCHAR" {
			return textArray([]byte(v))
		}
		return v, nil
	case nil, bool, int64:
		return v, nil
	default:
		return fmt.Sprint(v), nil
	}
}

// textArray reads an array of text; an element that is NULL becomes "".
func textArray(v []byte) ([]string, error) {
	var list []sql.NullString
	if err := (pq.GenericArray{A: &list}).Scan(v); err != nil {
		return nil, fmt.Errorf("read array %s: %w", strconv.Quote(string(v)), err)
	}
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.String
	}
	return out, nil
}
