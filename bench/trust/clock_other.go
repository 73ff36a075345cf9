//go:build !linux || !amd64

package main

import (
	"errors"
	"os/exec"
)

// wrongClock is the clock of one process; it can be set on Linux on amd64 only.
type wrongClock struct{}

func startWithClock(*exec.Cmd, int64) (*wrongClock, error) {
	return nil, errors.New("a process gets a clock of its own on Linux on amd64 only")
}

func (*wrongClock) set(int64) error { return errors.ErrUnsupported }
