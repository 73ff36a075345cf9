package locale

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"secretariat/programme"
)

// Int returns a whole number with its groups: "1,234".
func (l *Locale) Int(n int64) string { return l.Number(strconv.FormatInt(n, 10), 0) }

// Number returns a decimal number rounded half away from zero to the given places; below zero: as many as it has. What is no number is "–".
func (l *Locale) Number(decimal string, places int) string {
	r, ok := new(big.Rat).SetString(decimal)
	if !ok || strings.ContainsAny(decimal, "/_xXbBoOpP") {
		return Missing
	}
	if places < 0 {
		places, _ = r.FloatPrec()
		places = min(places, 9)
	}
	text := r.FloatString(places)
	digits := strings.TrimPrefix(text, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	var b strings.Builder
	if digits != text && strings.Trim(digits, "0.") != "" { // no sign before a number rounded to zero
		b.WriteString(l.words.minus)
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(l.words.group)
		}
		b.WriteRune(digit)
	}
	if fraction != "" {
		b.WriteString(l.words.decimal + fraction)
	}
	return b.String()
}

// Percent returns "45%", "45 %" with the number as it is (45 is 45 per cent); what is no number is "–".
func (l *Locale) Percent(decimal string) string {
	n := l.Number(decimal, -1)
	if n == Missing {
		return n
	}
	return strings.Replace(l.words.percent, "#", n, 1)
}

// Money returns an amount with the decimals of its currency and the ISO 4217 code after it: "450,000.00 USD"; an absent amount is "–".
func (l *Locale) Money(amount programme.Decimal, currency string) string {
	n := l.Number(string(amount), Decimals(currency))
	if n == Missing || currency == "" {
		return n
	}
	return n + "\u00a0" + currency
}

// Decimals returns the number of decimals of a currency by ISO 4217.
func Decimals(currency string) int {
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	case "CLF", "UYW":
		return 4
	}
	return 2
}

// Ordinal returns the number of a place in a row as it stands before the word for session: "1st", "1re", "1.ª", "1-е", "1-", "第1".
func (l *Locale) Ordinal(n int) string {
	s := strconv.Itoa(n)
	switch l.words.language {
	case "en":
		return s + englishSuffix(n)
	case "fr":
		if n == 1 {
			return s + "re"
		}
		return s + "e"
	case "es":
		return s + ".ª"
	case "ru":
		return s + "-е"
	case "uz":
		return s + "-"
	case "zh":
		return "第" + s
	}
	return s
}

func englishSuffix(n int) string {
	if n%100 >= 11 && n%100 <= 13 {
		return "th"
	}
	switch n % 10 {
	case 1:
		return "st"
	case 2:
		return "nd"
	case 3:
		return "rd"
	}
	return "th"
}

// Roman returns a Roman number: "XIV"; outside 1 to 3999 it is in digits.
func (l *Locale) Roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	values := []int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1}
	signs := []string{"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"}
	var b strings.Builder
	for i, v := range values {
		for ; n >= v; n -= v {
			b.WriteString(signs[i])
		}
	}
	return b.String()
}

// Commas joins members of a list with the language's comma; absent ones are left out.
func (l *Locale) Commas(items ...string) string { return join(items, l.words.comma) }

// Semicolons joins members of a list that hold commas themselves; absent ones are left out.
func (l *Locale) Semicolons(items ...string) string { return join(items, l.words.semicolon) }

// Labelled returns "label: value" with the colon of the language.
func (l *Locale) Labelled(label, value string) string { return label + l.words.colon + value }

func join(items []string, by string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(items), func(s string) bool { return s == "" }), by)
}

// List joins names: "a", "a and b", "a, b and c".
func (l *Locale) List(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	comma, and, last := l.words.comma, l.words.and, items[len(items)-1]
	switch l.words.language {
	case "zh":
		comma = "、"
	case "es":
		if soundsLikeI(last) {
			and = " e "
		}
	}
	return strings.Join(items[:len(items)-1], comma) + and + last
}

// soundsLikeI reports whether Spanish says "e" instead of "y" before a word.
func soundsLikeI(word string) bool {
	w := strings.ToLower(word)
	return (strings.HasPrefix(w, "i") || strings.HasPrefix(w, "hi") || strings.HasPrefix(w, "í")) && !strings.HasPrefix(w, "hie") && !strings.HasPrefix(w, "ia")
}
