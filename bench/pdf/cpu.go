package main

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// cpuPer returns the CPU time of one call after one that warms up. A failing call ends the program: there is nothing to
// measure then.
func cpuPer(n int, fn func() error) time.Duration {
	call := func() {
		if err := fn(); err != nil {
			fmt.Fprintln(os.Stderr, "error:", err)
			os.Exit(1)
		}
	}
	call()
	start := ownCPU()
	for range n {
		call()
	}
	return (ownCPU() - start) / time.Duration(n)
}

func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// cost is what a process took.
type cost struct {
	cpu    time.Duration
	memory int64 // greatest resident memory, in KiB
}

// costOf runs a command to its end.
func costOf(dir string, command []string) (cost, error) {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return cost{}, fmt.Errorf("%v: %w: %.300s", command, err, out)
	}
	c := cost{cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.memory = u.Maxrss
	}
	return c, nil
}
