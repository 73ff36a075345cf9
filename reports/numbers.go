package reports

import (
	"fmt"
	"math"
	"math/big"
	"strconv"

	"secretariat/programme"
)

// rat returns the exact value of a number, nil for what is none.
func rat(v any) *big.Rat {
	switch v := v.(type) {
	case int64:
		return new(big.Rat).SetInt64(v)
	case int:
		return new(big.Rat).SetInt64(int64(v))
	case float64:
		return new(big.Rat).SetFloat64(v) // nil for NaN and infinities
	case programme.Decimal:
		return v.Rat()
	case string:
		if d, err := programme.ParseDecimal(v); err == nil {
			return d.Rat()
		}
	}
	return nil
}

// float returns a number for drawing; ok is false for what is none, and for what is too large to be drawn.
func float(v any) (f float64, ok bool) {
	r := rat(v)
	if r == nil {
		return 0, false
	}
	f, _ = r.Float64()
	return f, !math.IsInf(f, 0)
}

// decimalText is a number as plain decimal text with as many places as it has, at most nine.
func decimalText(r *big.Rat) string {
	if r == nil {
		return ""
	}
	n, _ := r.FloatPrec()
	return r.FloatString(min(n, 9))
}

// round is a number as decimal text with at most the given places and no zeros at the end.
func round(r *big.Rat, places int) string {
	if r == nil {
		return ""
	}
	s := r.FloatString(places)
	rounded, _ := new(big.Rat).SetString(s)
	return decimalText(rounded)
}

// plainNumber is what canonical says of everything that is neither text nor moment.
func plainNumber(v any) string {
	switch v := v.(type) {
	case bool:
		return strconv.FormatBool(v)
	case programme.Date:
		return v.String()
	}
	if r := rat(v); r != nil {
		return decimalText(r)
	}
	return fmt.Sprint(v)
}
