package file

import (
	"bytes"
	"os"
	"testing"

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
	if os.Getenv("SHOW") != "" {
		os.WriteFile("/work/scratch/programmefile/out.yaml", text, 0o644)
	}
}
