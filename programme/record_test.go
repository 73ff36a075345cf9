package programme

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestRecordsReadBack(t *testing.T) {
	hour := 9
	p := before()
	p.Councils[0].Reminders = []ReminderRule{{Ref: "soon", LocalHour: &hour, By: "P3D"}, {Ref: "sooner"}}
	p.Councils[0].Sessions[0].Documents = []Document{{Ref: "D", Languages: map[string]DocumentVersion{"en": {IssuedOn: day("2026-11-01")}, "ru": {}}}}
	p.Events = []Event{{Ref: "E", StartsAt: p.Councils[0].Sessions[0].OpensAt, Participants: 3}}
	text, err := json.Marshal(Record(p))
	if err != nil {
		t.Fatal(err)
	}
	var got Programme
	if err := UnmarshalRecord(text, &got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, p) {
		t.Errorf("got  %+v\nwant %+v", got, p)
	}
}

func TestRecordsThatDoNotFit(t *testing.T) {
	for _, row := range []struct{ name, text, want string }{
		{"unknown key", `{"ref": "A", "colour": "red"}`, "has a key that a Activity does not have"},
		{"number for a text by language", `{"title": 3}`, "title: cannot read"},
		{"list for an object", `[]`, "cannot read"},
		{"bad date", `{"due_on": "soon"}`, "due_on: "},
		{"no JSON", `{`, "read record: "},
	} {
		var a Activity
		if err := UnmarshalRecord([]byte(row.text), &a); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want %q", row.name, err, row.want)
		}
	}
}
