package file

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"secretariat/programme"
)

// TestWrittenReadsBack writes programmes of any content and reads them back. Their objects need not make sense together: the
// check of the whole is left out.
func TestWrittenReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := programme.Programme{Info: programme.Info{Code: "P", Title: programme.Text{"en": "P"}, Currency: "EUR",
			Timezone: "Europe/Berlin", Languages: []string{"en", "ru", "no"}, StartedOn: programme.NewDate(2026, 1, 1)}}
		draw(t, reflect.ValueOf(&p).Elem(), programme.Field{}, 0)
		text, err := Write(p)
		if err != nil {
			t.Fatal(err)
		}
		got, faults := decode(text)
		if len(faults) > 0 {
			t.Fatalf("%v\n%s", faults, text)
		}
		if want := fmt.Sprint(programme.Record(p)); fmt.Sprint(programme.Record(got)) != want {
			t.Fatalf("got  %v\nwant %v\n%s", programme.Record(got), want, text)
		}
		if again, _ := Write(got); string(again) != string(text) {
			t.Fatalf("written again:\n%s\nfirst:\n%s", again, text)
		}
	})
}

// decode reads without the check of the whole.
func decode(text []byte) (programme.Programme, Faults) {
	node, faults := parse(Source{"p.yaml", text})
	if node == nil {
		return programme.Programme{}, faults
	}
	r := &reader{zone: time.UTC, languages: []string{"en"}}
	doc := &Document{positions: map[string]Position{}, faulty: map[string]bool{}}
	r.programme(doc, []root{{"p.yaml", node}})
	return doc.Programme, r.faults
}

// draw fills a value with anything that its type and tags allow.
func draw(t *rapid.T, v reflect.Value, f programme.Field, depth int) {
	if f.Optional && f.Default == "" && v.Kind() != reflect.Bool && rapid.IntRange(0, 2).Draw(t, "there") == 0 {
		return
	}
	switch v.Interface().(type) {
	case programme.Info:
		return
	case programme.Text:
		text := programme.Text{"en": drawText(t, true)}
		if rapid.Bool().Draw(t, "translated") {
			text["ru"], text["no"] = drawText(t, true), drawText(t, true)
		}
		v.Set(reflect.ValueOf(text))
		return
	case programme.Date:
		day := programme.NewDate(1950, 1, 1).AddDays(rapid.IntRange(0, 80_000).Draw(t, "day"))
		v.Set(reflect.ValueOf(day))
		return
	case time.Time:
		v.Set(reflect.ValueOf(time.Unix(rapid.Int64Range(0, 7_000_000_000).Draw(t, "moment"), 0).UTC()))
		return
	case programme.Decimal:
		d, err := programme.ParseDecimal(fmt.Sprintf("%d.%04d", rapid.Int64Range(-1e12, 1e12).Draw(t, "whole"), rapid.IntRange(0, 9999).Draw(t, "fraction")))
		if err != nil {
			t.Fatal(err)
		}
		v.SetString(string(d))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		v.Elem().SetInt(int64(rapid.IntRange(0, 23).Draw(t, "hour")))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, f.Key))
	case reflect.Int:
		v.SetInt(int64(rapid.IntRange(0, 100_000).Draw(t, f.Key)))
	case reflect.String:
		v.SetString(drawWord(t, f))
	case reflect.Slice:
		f.Optional = false
		for range rapid.IntRange(0, max(0, 2-depth/2)).Draw(t, "length of "+f.Key) {
			element := reflect.New(v.Type().Elem()).Elem()
			draw(t, element, f, depth+1)
			v.Set(reflect.Append(v, element))
		}
	case reflect.Map:
		m := map[string]programme.DocumentVersion{"en": {}, "no": {IssuedOn: programme.NewDate(2026, 5, 1), File: drawText(t, false)}}
		v.Set(reflect.ValueOf(m))
	case reflect.Struct:
		for _, field := range programme.FieldsOf(v.Type()) {
			draw(t, v.Field(field.Index), field, depth+1)
		}
	}
}

func drawWord(t *rapid.T, f programme.Field) string {
	switch {
	case len(f.OneOf) > 0:
		return rapid.SampledFrom(f.OneOf).Draw(t, f.Key)
	case f.Key == "timezone":
		return rapid.SampledFrom([]string{"Asia/Tashkent", "America/New_York", "UTC", "Africa/Monrovia"}).Draw(t, f.Key)
	}
	return drawText(t, false)
}

// drawText draws a text that a reader may be tempted to take for something else.
func drawText(t *rapid.T, lines bool) string {
	alphabet := []rune("aЖʻق中é😀 :#-,[]{}&*!|>'\"%@`?=<~.0123456789\\/nulyestrof")
	if lines {
		alphabet = append(alphabet, '\n')
	}
	s := rapid.OneOf(
		rapid.SampledFrom([]string{"no", "null", "~", "true", "1e3", "0x10", "2026-11-23", "2026-11-23T10:00", "12:30", "- a", "? a", "a: b", "a #b", "a:", ".inf", "010", "<<", "=", "\u00a0x\u00a0y", "a\u2003b"}),
		rapid.StringOfN(rapid.SampledFrom(alphabet), 1, 40, -1),
	).Draw(t, "text")
	if s = strings.TrimSpace(s); s == "" {
		return "x"
	}
	return s
}
