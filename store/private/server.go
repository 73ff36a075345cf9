//go:build unix

package private

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// locale is one that every system has and that orders by code point.
var locale = map[bool]string{true: "C", false: "C.UTF-8"}[runtime.GOOS == "darwin"]

// create makes the server's files and the program's database in a folder beside, and renames it when all is done: a kill
// in the middle leaves nothing that looks finished.
func (c *Cluster) create(ctx context.Context) error {
	fresh := c.data() + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("remove unfinished database: %w", err)
	}
	if err := c.run.own(fresh); err != nil {
		return err
	}
	args := []string{"-D", fresh, "-U", superuser, "-E", "UTF8", "--locale=" + locale, "-A", "trust", "--auth-host=reject", "--data-checksums"}
	if c.options.Throw {
		args = append(args, "--no-sync")
	}
	if out, err := c.command("initdb", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("make private PostgreSQL with %s/initdb: %w\n%s", c.Bin, err, bytes.TrimSpace(out))
	}
	single := c.command("postgres", "--single", "-D", fresh, "-c", "fsync="+onOff(!c.options.Throw), "template1")
	single.Stdin = strings.NewReader("create database " + database + "\n")
	if out, err := single.CombinedOutput(); err != nil || bytes.Contains(out, []byte("ERROR:")) {
		return fmt.Errorf("make database %s: %w\n%s", database, errors.Join(err), bytes.TrimSpace(out))
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	// An empty folder of the final name is replaced; one with anything in it is not ours to touch.
	if err := os.Remove(c.data()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("put private PostgreSQL in place: %w", err)
	}
	if err := os.Rename(fresh, c.data()); err != nil {
		return fmt.Errorf("put private PostgreSQL in place: %w", err)
	}
	return nil
}

// start runs the server and waits until it answers. What a killed server left (a pid file, shared memory that its last
// children still hold) goes away within moments, so a start that fails for that is tried again.
func (c *Cluster) start(ctx context.Context) error {
	deadline := time.Now().Add(retryLimit)
	for {
		if err := clearStale(c.data()); err != nil {
			return err
		}
		if c.answers() { // whoever began to start it was killed, and it came up all the same
			c.Adopted = true
			return nil
		}
		err := c.startOnce(ctx)
		if err == nil || ctx.Err() != nil || time.Now().After(deadline) || !leftBehind(err.Error()) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// leftBehind recognises PostgreSQL's words about what a killed server left.
func leftBehind(message string) bool {
	for _, words := range []string{"postmaster.pid", "pre-existing shared memory", "lock file"} {
		if strings.Contains(message, words) {
			return true
		}
	}
	return false
}

func (c *Cluster) startOnce(ctx context.Context) error {
	log, err := os.OpenFile(c.path("postgres.log"), os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open log of PostgreSQL: %w", err)
	}
	defer log.Close()
	info, err := log.Stat()
	if err != nil {
		return fmt.Errorf("open log of PostgreSQL: %w", err)
	}
	cmd := c.command("postgres", c.settings()...)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }() // also reaps it when it is stopped later
	return c.await(ctx, cmd, ended, func() string {
		b := make([]byte, 4096)
		n, _ := log.ReadAt(b, info.Size()) // what it wrote since, as far as it goes
		return string(bytes.TrimSpace(b[:n]))
	})
}

// await returns when the server answers, has ended, or takes too long.
func (c *Cluster) await(ctx context.Context, cmd *exec.Cmd, ended <-chan error, said func() string) error {
	limit := time.NewTimer(startLimit)
	defer limit.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if p, err := readPidFile(c.data()); err == nil && p.pid == cmd.Process.Pid && c.answers() {
			return nil
		}
		select {
		case err := <-ended:
			return fmt.Errorf("start private PostgreSQL in %s: it ended at once (%v): %s", c.data(), err, said())
		case <-ctx.Done():
			cmd.Process.Signal(syscall.SIGINT)
			return fmt.Errorf("start private PostgreSQL: %w", ctx.Err())
		case <-limit.C:
			cmd.Process.Signal(syscall.SIGINT)
			return fmt.Errorf("start private PostgreSQL in %s: no answer within %v: %s", c.data(), startLimit, said())
		case <-tick.C:
		}
	}
}

// settings are given on the command line, so that a data folder carried elsewhere finds its socket.
func (c *Cluster) settings() []string {
	args := []string{"-D", c.data(), "-k", c.socket, "-p", port}
	for _, s := range []string{
		"listen_addresses=", "unix_socket_permissions=0700", "max_connections=" + strconv.Itoa(c.options.MaxConns), "shared_buffers=64MB",
		"fsync=" + onOff(!c.options.Throw), "full_page_writes=" + onOff(!c.options.Throw), "synchronous_commit=" + onOff(!c.options.Throw),
		"timezone=UTC", "log_timezone=UTC", "shared_memory_type=mmap", "dynamic_shared_memory_type=mmap",
		"wal_level=minimal", "max_wal_senders=0",
	} {
		args = append(args, "-c", s)
	}
	if c.options.Throw {
		args = append(args, "-c", "autovacuum=off", "-c", "max_wal_size=4GB", "-c", "checkpoint_timeout=1h")
	}
	return args
}

// stop ends the server: fast shutdown, and waits until its pid file is gone, or it is: one that is killed leaves the file.
func (c *Cluster) stop() error {
	p, err := readPidFile(c.data())
	if errors.Is(err, os.ErrNotExist) {
		return nil // it stopped or was stopped by somebody else
	}
	if err != nil {
		return err
	}
	if !isPostgres(p.pid) {
		return nil
	}
	if err := syscall.Kill(p.pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("stop private PostgreSQL (process %d): %w", p.pid, err)
	}
	deadline := time.Now().Add(stopLimit)
	for time.Now().Before(deadline) {
		if _, err := os.Stat(filepath.Join(c.data(), "postmaster.pid")); errors.Is(err, os.ErrNotExist) || !isPostgres(p.pid) {
			return nil
		}
		time.Sleep(5 * time.Millisecond)
	}
	return fmt.Errorf("stop private PostgreSQL (process %d): it did not end within %v", p.pid, stopLimit)
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}
