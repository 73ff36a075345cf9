package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"
)

// TestClockProcess is another process of TestWrongClock: for each line that it reads it tells what its clocks show.
func TestClockProcess(t *testing.T) {
	if os.Getenv("TELL_THE_TIME") == "" {
		t.Skip("it is another process of TestWrongClock")
	}
	began := time.Now()
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		now := time.Now()
		fmt.Printf("clock %d %d\n", now.Unix(), now.Sub(began)/time.Second)
	}
}

// The clock of one process can be set, before it begins and while it runs; its monotonic clock and our own stay right.
func TestWrongClock(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestClockProcess$")
	cmd.Env = append(os.Environ(), "TELL_THE_TIME=1")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	dieWithUs(cmd)
	clock, err := startWithClock(cmd, 600)
	if err != nil {
		t.Skip(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	lines := bufio.NewReader(out)
	for n, seconds := range []int64{600, -3600, 10 * 365 * 86400, 0} {
		if n > 0 { // the first is what it began with
			if err := clock.set(seconds); err != nil {
				t.Fatal(err)
			}
		}
		before := time.Now()
		fmt.Fprintln(in)
		var shown, passed int64
		for {
			line, err := lines.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if n, _ := fmt.Sscanf(line, "clock %d %d\n", &shown, &passed); n == 2 {
				break
			}
		}
		after := time.Now()
		if shown < before.Unix()+seconds || shown > after.Unix()+seconds || passed > 60 {
			t.Errorf("wrong by %d s: it shows %d, we %d to %d; and it has run for %d s", seconds, shown, before.Unix(), after.Unix(), passed)
		}
	}
}
