package file

import (
	"os"
	"testing"

	"secretariat/programme"
)

func TestSampleReadsClean(t *testing.T) {
	text, err := os.ReadFile("/work/shared/programme/tashkent.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := Read(nil, Source{"tashkent.yaml", text})
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	if err := doc.Check(doc.Programme); err != nil {
		t.Errorf("check:\n%v", err)
	}
	t.Logf("%d activities %d people", len(doc.Programme.Activities), len(doc.Programme.People))
	for _, l := range programme.Diff(programme.Programme{}, doc.Programme).Lines()[:10] {
		t.Log(l)
	}
}
