package file

import (
	"bytes"
	"os"
	"testing"
	"time"

	"secretariat/programme"
)

func readSample(t testing.TB) *Document {
	t.Helper()
	text, err := os.ReadFile("../../examples/tashkent/programme.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Read(nil, Source{"programme.yaml", text})
	if err != nil {
		t.Fatalf("read the sample: %v", err)
	}
	if err := doc.Check(programme.Merge(programme.Programme{}, doc.Programme)); err != nil {
		t.Fatalf("check the sample: %v", err)
	}
	return doc
}

func TestWrittenSampleReadsAsTheSame(t *testing.T) {
	p := readSample(t).Programme
	text, err := Write(p)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Read(nil, Source{"written.yaml", text})
	if err != nil {
		t.Fatalf("read what was written: %v", err)
	}
	for _, line := range programme.Diff(p, again.Programme).Lines() {
		if line[0] != '=' {
			t.Error(line)
		}
	}
	second, _ := Write(again.Programme)
	if !bytes.Equal(text, second) {
		t.Error("a second writing differs from the first")
	}
}

func TestWriteIsReadable(t *testing.T) {
	berlin := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC) // 02:30, for the first time
	p := programme.Programme{
		Info: programme.Info{Code: "P", Title: programme.Text{"en": "Programme", "ru": "Программа"}, Timezone: "Europe/Berlin", Languages: []string{"ru", "en"},
			Currency: "EUR", StartedOn: programme.NewDate(2026, 1, 5)},
		People: []programme.Person{{Ref: "ann", Name: "Ann: “the” #1", Organisation: "ORG", Email: "ann@org.example", Language: "en",
			Timezone: "Asia/Tashkent", Country: "NO", WorkHours: "09:00-18:00", Active: true}},
		Events: []programme.Event{{Ref: "E", Title: programme.Text{"ru": "День"}, Kind: "seminar", StartsAt: berlin, EndsAt: berlin.Add(3 * time.Hour),
			Place: programme.Text{"en": "Here"}, Mode: "online", Status: "planned"}},
	}
	want := `programme:
  code: P
  title: {ru: Программа, en: Programme}
  timezone: Europe/Berlin
  languages: [ru, en]
  currency: EUR
  started_on: 2026-01-05

people:
  - ref: ann
    name: "Ann: “the” #1"
    organisation: ORG
    email: ann@org.example
    language: en
    timezone: Asia/Tashkent
    country: "NO"
    roles: []
    work_hours: "09:00-18:00"

events:
  - ref: E
    title: День
    kind: seminar
    starts_at: 2026-10-25T02:30+02:00
    ends_at: 2026-10-25T04:30
    place: {en: Here}
    mode: online
    status: planned
`
	got, err := Write(p)
	if err != nil || string(got) != want {
		t.Errorf("%v\ngot\n%s\nwant\n%s", err, got, want)
	}
}
