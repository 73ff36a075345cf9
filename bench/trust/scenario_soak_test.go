package main

import (
	"strings"
	"testing"
)

// What grows with every report is no long life; what rises once and stays is.
func TestFlat(t *testing.T) {
	for _, row := range []struct {
		name string
		at   func(n int) holding // after n of 100 looks
		flat bool
	}{
		{"nothing changes", func(int) holding { return holding{40, 20, 60 << 20} }, true},
		{"it rises once", func(n int) holding { return holding{40 + float64(min(n, 10)), 20, float64(60+min(n, 20)) * (1 << 20)} }, true},
		{"a goroutine is left behind now and then", func(n int) holding { return holding{40 + float64(n/4), 20, 60 << 20} }, false},
		{"a file is left open now and then", func(n int) holding { return holding{40, 20 + float64(n/4), 60 << 20} }, false},
		{"memory is never given back", func(n int) holding { return holding{40, 20, float64(60+n) * (1 << 20)} }, false},
	} {
		y := &year{}
		for n := range 100 {
			y.held = append(y.held, row.at(n))
		}
		if y.flat() != row.flat {
			t.Errorf("%s: flat %v, %s", row.name, y.flat(), y)
		}
	}
	if (&year{}).flat() {
		t.Error("nothing was looked at, and it is flat")
	}
	if _, err := readHolding(strings.NewReader("go_goroutines 3\n")); err == nil {
		t.Error("metrics without files and memory were read")
	}
}
