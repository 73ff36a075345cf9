package reports

import (
	"testing"

	"secretariat/reports/document"
)

// Parts of a whole whose file names no tone can be told apart; tones that it names stay as they are.
func TestPartsAreToldApart(t *testing.T) {
	donut := chart(t, "donut", "name:text size:int", "name size", "TEXT INT4", []any{"A", int64(1)}, []any{"B", int64(2)}, []any{"C", int64(3)}).(document.Donut)
	stacked := chart(t, "stacked", "name:text a:int b:int c:int", "name a b c", "TEXT INT4 INT4 INT4", []any{"A", int64(1), int64(2), int64(3)}).(document.Stacked)
	for what, tones := range map[string][3]document.Tone{
		"donut":   {donut.Parts[0].Tone, donut.Parts[1].Tone, donut.Parts[2].Tone},
		"stacked": {stacked.Legend[0].Tone, stacked.Legend[1].Tone, stacked.Legend[2].Tone},
	} {
		if tones[0] == tones[1] || tones[1] == tones[2] || tones[0] == tones[2] {
			t.Errorf("%s: two parts have one tone: %v", what, tones)
		}
	}
	named := chart(t, "stacked", "name:text a:int tone=good b:int", "name a b", "TEXT INT4 INT4", []any{"A", int64(1), int64(2)}).(document.Stacked)
	if named.Legend[0].Tone != document.ToneGood || named.Legend[1].Tone != document.ToneNeutral {
		t.Errorf("tones of the file: %+v", named.Legend)
	}
	rag := chart(t, "donut", "name:text size:int state:rag", "name size state", "TEXT INT4 TEXT", []any{"A", int64(1), "red"}, []any{"B", int64(2), "green"}).(document.Donut)
	if rag.Parts[0].Tone != document.ToneBad || rag.Parts[1].Tone != document.ToneGood {
		t.Errorf("tones of rag: %+v", rag.Parts)
	}
}
