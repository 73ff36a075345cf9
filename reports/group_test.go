package reports

import (
	"testing"

	"secretariat/reports/document"
	"secretariat/reports/prose"
)

// A row that heads a group begins with a capital, whatever the case of the value: "policy brief" of a catalogue too. What is no
// letter, and letters without case, stay as they are.
func TestGroupsBeginWithACapital(t *testing.T) {
	d := small(t, "", "## S {#s}\n```sql x as=table group=kind\nselect 1\n```\n")
	var values [][]any
	for _, kind := range []string{"policy brief", "бюллетень", "oʻquv qoʻllanma", "政策简报", "2026 review", "", "UN"} {
		values = append(values, []any{kind, "title"})
	}
	blocks := compose(t, d, Input{Parameters: monday(), Rows: map[string]Rows{"x": rowsOf("kind title", "TEXT TEXT", values...)}}).Document.Sections[0].Blocks
	var got []string
	for _, row := range blocks[0].(document.Table).Rows {
		if row.Kind == document.RowGroup {
			got = append(got, prose.Plain(row.Cells[0].Spans))
		}
	}
	for i, want := range []string{"Policy brief", "Бюллетень", "Oʻquv qoʻllanma", "政策简报", "2026 review"} {
		if i >= len(got) || got[i] != want {
			t.Errorf("groups %q, want %q as number %d", got, want, i+1)
		}
	}
	if data := blocks[0].(document.Table).Data; data[1][0] != "policy brief" {
		t.Errorf("the file has %q, want the value as it is", data[1][0])
	}
}
