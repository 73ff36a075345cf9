package main

import (
	"os/exec"
	"syscall"
)

// dieWithUs makes the system kill the process when this one is killed, so that no campaign leaves a daemon behind.
func dieWithUs(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
