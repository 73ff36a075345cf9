package reports

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestBind(t *testing.T) {
	types := map[string]string{"x": "bigint", "since": "timestamptz", "name": "text"}
	for _, row := range []struct{ why, in, want string }{
		{"a cast after a parameter", "select :x::int", "select ($1::bigint)::int"},
		{"a cast is no parameter", "select now()::date, :x", "select now()::date, ($1::bigint)"},
		{"a parameter in a string is text, a clock in it too", "select 'at 10:30', 'r :x', :x", "select 'at 10:30', 'r :x', ($1::bigint)"},
		{"a doubled quote does not end a string", "select 'it''s :x', :x", "select 'it''s :x', ($1::bigint)"},
		{"an E-string escapes with a backslash", `select E'\' :x', :x`, `select E'\' :x', ($1::bigint)`},
		{"an E-string ending in a backslash pair", `select e'\\', :x`, `select e'\\', ($1::bigint)`},
		{"an ordinary string does not know backslashes", `select '\', :x`, `select '\', ($1::bigint)`},
		{"a word ending in e before a string is no E-string", `select date '\', :x`, `select date '\', ($1::bigint)`},
		{"a comment to the end of the line", "select 1 -- :x\n,:x", "select 1 -- :x\n,($1::bigint)"},
		{"a comment at the very end", "select :x -- :y", "select ($1::bigint) -- :y"},
		{"nested comments", "select /* a /* :y */ :y */ :x", "select /* a /* :y */ :y */ ($1::bigint)"},
		{"a quote in a comment", "select 1 -- don't\n, :x", "select 1 -- don't\n, ($1::bigint)"},
		{"a slice with bounds", "select (array[1,2,3])[1:2], :x", "select (array[1,2,3])[1:2], ($1::bigint)"},
		{"a slice up to a column", "select a[1:n], b[lo:hi], :x", "select a[1:n], b[lo:hi], ($1::bigint)"},
		{"a parameter as a subscript", "select a[:x]", "select a[($1::bigint)]"},
		{"parameters as bounds in parentheses", "select a[(:x):(:x)]", "select a[(($1::bigint)):(($1::bigint))]"},
		{"parameters in an array", "select array[:x, :x]", "select array[($1::bigint), ($1::bigint)]"},
		{"parameters in an array of arrays", "select array[[:x], [:x]]", "select array[[($1::bigint)], [($1::bigint)]]"},
		{"an operator before a parameter in a subscript", "select a[1+:x]", "select a[1+($1::bigint)]"},
		{"dollar quotes", "select $$ :x $$, $a$ :x $a$, :x", "select $$ :x $$, $a$ :x $a$, ($1::bigint)"},
		{"a dollar inside an identifier", "select a$b, :x", "select a$b, ($1::bigint)"},
		{"a quoted identifier", `select "a:x", "b"":x", :x`, `select "a:x", "b"":x", ($1::bigint)`},
		{"an argument by name", "select f(a := 1, b => :x)", "select f(a := 1, b => ($1::bigint))"},
		{"one argument for several uses", "select :x, :name, :x", "select ($1::bigint), ($2::text), ($1::bigint)"},
		{"a semicolon at the end is dropped", "select :x; -- done\n", "select ($1::bigint)"},
		{"a semicolon in a string", "select ';', :x", "select ';', ($1::bigint)"},
		{"a moment keeps its type although it is cast", "select :since::date", "select ($1::timestamptz)::date"},
		{"letters beyond ASCII", "select 'ў', ў, :x", "select 'ў', ў, ($1::bigint)"},
	} {
		got, err := bind(row.in, types)
		if err != nil || got.sql != row.want {
			t.Errorf("%s: bind(%q)\n got %q, %v\nwant %q", row.why, row.in, got.sql, err, row.want)
		}
	}
}

func TestBindRefuses(t *testing.T) {
	for _, row := range []struct {
		why, in, want string
		offset        int
	}{
		{"an unknown parameter", "select :sicne", `no parameter :sicne (did you mean "since"?)`, 7},
		{"two statements", "select 1; commit", "one statement", 8},
		{"an open string", "select 'a", "not closed", 7},
		{"an open comment", "select /* a", "not closed", 7},
		{"an open dollar quote", "select $a$ x", "not closed", 7},
		{"a numbered parameter", "select $1", "write :name", 7},
	} {
		_, err := bind(row.in, map[string]string{"since": "timestamptz"})
		var at *sqlError
		if !errors.As(err, &at) || !strings.Contains(at.text, row.want) || at.offset != row.offset {
			t.Errorf("%s: bind(%q): got %+v, want %q at %d", row.why, row.in, err, row.want, row.offset)
		}
	}
}

// Whatever stands in a file, binding ends, and what is not a parameter is left as it was.
func TestBindKeepsEverythingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sql := rapid.StringOfN(rapid.RuneFrom([]rune("a:x '\"$-/*[]()1,;\\\neE")), 0, 30, -1).Draw(t, "sql")
		b, err := bind(sql, map[string]string{"x": "int", "a": "int", "e": "int", "E": "int"})
		if err != nil {
			return
		}
		var back strings.Builder
		tokens, _ := lexSQL(sql)
		for _, tok := range tokens {
			back.WriteString(tok.text)
		}
		if !strings.HasPrefix(sql, back.String()) {
			t.Fatalf("bind(%q): tokens give %q", sql, back.String())
		}
		if strings.Count(b.sql, "::int)") < len(b.names) {
			t.Fatalf("bind(%q): %q with %v", sql, b.sql, b.names)
		}
	})
}

// The place of an error that the server reports is found again in the author's text.
func TestLocate(t *testing.T) {
	sql := "select :x,\n  :since, nope\nfrom t"
	b, err := bind(sql, map[string]string{"x": "bigint", "since": "timestamptz"})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ line, column, wantLine, wantColumn int }{
		{1, 8, 1, 8}, // the first parameter
		{2, 1 + len("  ($2::timestamptz), "), 2, 11}, // behind the second one
		{2, 3 + len("($2::tim"), 2, 3},               // inside it
		{3, 1, 3, 1},                                 // a line without parameters
		{2, 3, 2, 3},                                 // at its beginning
		{1, 7, 1, 7},                                 // before all
	} {
		line, column := b.locate(sql, row.line, row.column)
		if line != row.wantLine || column != row.wantColumn {
			t.Errorf("locate(%d:%d): got %d:%d, want %d:%d", row.line, row.column, line, column, row.wantLine, row.wantColumn)
		}
	}
}
