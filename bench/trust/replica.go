package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// replicaOptions say how to run one process of the program under test.
type replicaOptions struct {
	binary, dir, name string
	args              []string
	env               []string
	wrong             *int64 // by how many seconds its own clock is wrong at first; nil: it has none of its own
}

// replica is one process of `secretariat serve`. Signals go to it only while it has not been waited for, so that its
// number cannot have passed to another process.
type replica struct {
	options replicaOptions
	cmd     *exec.Cmd
	clock   *wrongClock // nil without one of its own
	ended   chan struct{}
	err     error // after ended
	log     string
	began   int64 // where its own output begins in the log
}

// startReplica starts a daemon; its output goes to a file of its name in dir.
func startReplica(o replicaOptions) (*replica, error) {
	log, err := os.OpenFile(filepath.Join(o.dir, o.name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	before, err := log.Stat()
	if err != nil {
		return nil, err
	}
	r := &replica{options: o, log: log.Name(), began: before.Size(), cmd: exec.Command(o.binary, append([]string{"serve", "--listen", "127.0.0.1:0"}, o.args...)...), ended: make(chan struct{})}
	r.cmd.Stdout, r.cmd.Stderr = log, log
	r.cmd.Env = append(os.Environ(), o.env...)
	dieWithUs(r.cmd)
	if o.wrong != nil {
		if r.clock, err = startWithClock(r.cmd, *o.wrong); err != nil {
			err = notHere(err.Error())
		}
	} else {
		err = r.cmd.Start()
	}
	if err != nil {
		return nil, err
	}
	go func() {
		r.err = r.cmd.Wait()
		close(r.ended)
	}()
	return r, nil
}

// signal sends a signal and reports whether the process was still there.
func (r *replica) signal(s syscall.Signal) bool {
	select {
	case <-r.ended:
		return false
	default:
		return r.cmd.Process.Signal(s) == nil
	}
}

// kill ends it with SIGKILL and waits. It does nothing to one that has ended.
func (r *replica) kill() {
	r.signal(syscall.SIGKILL)
	<-r.ended
}

// terminate sends SIGTERM and returns how long it took to end, and with which exit code.
func (r *replica) terminate(limit time.Duration) (took time.Duration, code int, err error) {
	began := time.Now()
	if !r.signal(syscall.SIGTERM) {
		return 0, r.cmd.ProcessState.ExitCode(), errors.New("it had ended before")
	}
	select {
	case <-r.ended:
		return time.Since(began), r.cmd.ProcessState.ExitCode(), nil
	case <-time.After(limit):
		return time.Since(began), -1, fmt.Errorf("it did not end within %v of SIGTERM", limit)
	}
}

// serving reports whether it has come up: from then on it ends in order when it is told to.
func (r *replica) serving() bool {
	b, err := os.ReadFile(r.log)
	return err == nil && int64(len(b)) > r.began && bytes.Contains(b[r.began:], []byte("msg=serving"))
}

// alive reports whether it runs.
func (r *replica) alive() bool {
	select {
	case <-r.ended:
		return false
	default:
		return true
	}
}
