package pdf

import "testing"

func TestNumbers(t *testing.T) {
	for _, row := range []struct {
		v    float64
		want string
	}{{0, "0"}, {-0.001, "0"}, {1, "1"}, {0.05, "0.05"}, {0.5, "0.5"}, {-12.345, "-12.35"}, {841.89, "841.89"}, {99.999, "100"}, {-0.1, "-0.1"}} {
		if got := string((&syntax{}).num(row.v).b); got != row.want {
			t.Errorf("%v: got %s, want %s", row.v, got, row.want)
		}
	}
}

func TestStrings(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"plain text", "Week 47", "(Week 47)"},
		{"marks of the syntax", `a)(\b`, `(a\)\(\\b)`},
		{"other scripts", "Ў", "<feff040e>"},
		{"beyond the basic plane", "😀", "<feffd83dde00>"},
		{"a control character", "a\n", "<feff0061000a>"},
	} {
		if got := string((&syntax{}).text(row.text).b); got != row.want {
			t.Errorf("%s: got %s, want %s", row.name, got, row.want)
		}
	}
	if got := string((&syntax{}).name("text/csv #1").b); got != "/text#2Fcsv#20#231" {
		t.Errorf("name %s", got)
	}
}
