package locale

import (
	"strings"
	"testing"
)

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		lang, number string
		places       int
		want, reason string
	}{
		{"en", "1234.5", -1, "1,234.5", "groups and point"},
		{"ru", "1234.5", -1, "1\u00a0234,5", "no-break space"},
		{"uz", "1234567", -1, "1\u00a0234\u00a0567", "no-break space"},
		{"fr", "1234.5", -1, "1\u202f234,5", "narrow no-break space"},
		{"es", "1234.5", -1, "1.234,5", "point and comma"},
		{"en", "0.125", 2, "0.13", "half away from zero"},
		{"en", "-0.125", 2, "−0.13", "half away from zero, below it"},
		{"en", "-0.001", 2, "0.00", "no sign before zero"},
		{"en", "5", 2, "5.00", "places are filled"},
		{"en", "999", 0, "999", "no group"},
		{"en", "9999999999999999.9999", -1, "9,999,999,999,999,999.9999", "the largest of numeric(20,4)"},
		{"en", "", 0, Missing, "no value"},
		{"en", "NaN", 0, Missing, "no number"},
		{"en", "1/3", 2, Missing, "a fraction is no decimal number"},
		{"en", "0x10", 0, Missing, "nor is a hexadecimal one"},
		{"en", "1e3", 0, "1,000", "a float as a database prints it"},
	} {
		if got := For(c.lang).Number(c.number, c.places); got != c.want {
			t.Errorf("%s %q: got %q, want %q: %s", c.lang, c.number, got, c.want, c.reason)
		}
	}
	if got := For("ar").Int(-5); got != "\u200e−5" {
		t.Errorf("the minus of Arabic keeps its side: got %q", got)
	}
}

func TestPercentAndMoney(t *testing.T) {
	for _, c := range []struct{ got, want, reason string }{
		{For("en").Percent("45"), "45%", "English"},
		{For("ru").Percent("45.5"), "45,5\u00a0%", "Russian"},
		{For("fr").Percent("45"), "45\u202f%", "French"},
		{For("en").Percent(""), Missing, "no value"},
		{For("en").Money("450000", "USD"), "450,000.00\u00a0USD", "two decimals"},
		{For("ru").Money("22940.75", "EUR"), "22\u00a0940,75\u00a0EUR", "Russian"},
		{For("en").Money("1234.5", "JPY"), "1,235\u00a0JPY", "no decimals"},
		{For("en").Money("1234.5", "KWD"), "1,234.500\u00a0KWD", "three decimals"},
		{For("en").Money("", "USD"), Missing, "no amount"},
		{For("en").Money("5", ""), "5.00", "no currency"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q: %s", c.got, c.want, c.reason)
		}
	}
	for currency, want := range map[string]int{"UZS": 2, "KZT": 2, "XAF": 0, "TND": 3, "CLF": 4} {
		if got := Decimals(currency); got != want {
			t.Errorf("%s: got %d decimals, want %d", currency, got, want)
		}
	}
}

func TestOrdinalsRomansLists(t *testing.T) {
	for n, want := range map[int]string{1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 112: "112th"} {
		if got := For("en").Ordinal(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
	for lang, want := range map[string]string{"fr": "1re 5e", "es": "1.ª 5.ª", "ru": "1-е 5-е", "uz": "1- 5-", "ar": "1 5", "zh": "第1 第5"} {
		if got := For(lang).Ordinal(1) + " " + For(lang).Ordinal(5); got != want {
			t.Errorf("%s: got %q, want %q", lang, got, want)
		}
	}
	for n, want := range map[int]string{4: "IV", 14: "XIV", 1994: "MCMXCIV", 3999: "MMMCMXCIX", 0: "0", 4000: "4000"} {
		if got := For("en").Roman(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
	for lang, want := range map[string]string{"en": "a, b and c", "ru": "a, b и c", "uz": "a, b va c", "zh": "a、b和c", "ar": "a، b وc"} {
		if got := For(lang).List(strings.Fields("a b c")); got != want {
			t.Errorf("%s: got %q, want %q", lang, got, want)
		}
	}
	for _, c := range []struct{ last, want string }{{"Italia", "Chile e Italia"}, {"hielo", "Chile y hielo"}, {"Historia", "Chile e Historia"}, {"Perú", "Chile y Perú"}} {
		if got := For("es").List([]string{"Chile", c.last}); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	if got := For("en").List(nil) + For("en").List([]string{"a"}); got != "a" {
		t.Errorf("got %q", got)
	}
}

func TestJoining(t *testing.T) {
	for _, c := range []struct{ lang, want string }{
		{"en", "a, b; c: d"}, {"fr", "a, b\u202f; c\u00a0: d"}, {"ar", "a، b؛ c: d"}, {"zh", "a，b；c：d"},
	} {
		l := For(c.lang)
		if got := l.Semicolons(l.Commas("a", "", "b"), "", l.Labelled("c", "d")); got != c.want {
			t.Errorf("%s: got %q, want %q", c.lang, got, c.want)
		}
	}
	if got := For("en").Commas(); got != "" {
		t.Errorf("nothing joined is nothing; got %q", got)
	}
}
