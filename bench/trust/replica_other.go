//go:build !linux

package main

import "os/exec"

// dieWithUs is known on Linux only: elsewhere a campaign that is killed leaves its daemons to be ended by hand.
func dieWithUs(*exec.Cmd) {}
