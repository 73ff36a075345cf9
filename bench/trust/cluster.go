package main

import (
	"bytes"
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	_ "github.com/lib/pq"

	"secretariat/store/private"
)

//go:embed programme.yaml
var programme []byte

// ground is what the campaign stands on: the program under test and a private PostgreSQL with a database to copy.
type ground struct {
	binary string
	dir    string
	pg     *private.Cluster
	serial atomic.Int64
}

// newGround builds nothing: binary is there already, and the checker beside it. It makes the server and the database that every scenario copies: the
// programme of the proof, one run of its report and one request for news, whose letters are the seeds of all others.
func newGround(ctx context.Context, binary, dir string) (*ground, error) {
	g := &ground{binary: binary, dir: dir}
	err := os.MkdirAll(dir, 0o755)
	if err != nil {
		return nil, err
	}
	// Not thrown away: what the server says is on disk must be there after it was killed.
	if g.pg, err = private.Start(ctx, filepath.Join(dir, "pg"), private.Options{MaxConns: 400}); err != nil {
		return nil, err
	}
	if err := g.makeBase(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the database: %w", err), g.pg.Close())
	}
	return g, nil
}

func (g *ground) close() error { return g.pg.Close() }

func (g *ground) makeBase(ctx context.Context) error {
	if err := g.psql(ctx, "postgres", `create database base`); err != nil {
		return err
	}
	file := filepath.Join(g.dir, "programme.yaml")
	if err := os.WriteFile(file, programme, 0o600); err != nil {
		return err
	}
	for _, args := range [][]string{{"migrate", "up"}, {"apply", file}, {"schedules", "run", "WEEKLY"}, {"schedules", "run", "UPDATES"}} {
		cmd := exec.CommandContext(ctx, g.binary, append(args, "--database-url", g.pg.DatabaseURL("base"))...)
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("secretariat %s: %w\n%s", strings.Join(args, " "), err, out)
		}
	}
	r, err := startReplica(replicaOptions{binary: g.binary, dir: g.dir, name: "base", args: []string{"--hold", "--database-url", g.pg.DatabaseURL("base")}})
	if err != nil {
		return err
	}
	defer r.kill()
	db, err := sql.Open("postgres", g.pg.DatabaseURL("base"))
	if err != nil {
		return err
	}
	defer db.Close()
	err = until(ctx, time.Minute, "two letters are built", func() (bool, error) {
		var n int
		err := db.QueryRowContext(ctx, `select count(*) from delivery where frozen_at is not null`).Scan(&n)
		return n >= 2, err
	})
	if err != nil {
		return err
	}
	r.kill()
	_, err = db.ExecContext(ctx, `
		create schema trust;
		create table trust.seed as select * from delivery;
		delete from delivery_attempt; delete from delivery; delete from river_job;
		update schedule set enabled = false, next_fire_at = null;
		delete from schedule_occurrence;
		update instance set home = null;
		-- Seeds as they are before their first build.
		update trust.seed set state = 'pending', frozen_at = null, subject = null, body_text = null, body_html = null, headers = '{}', attachments = '[]',
			expires_at = null, nudged_at = null, attempts = 0, owner = null, lease_until = null;`)
	return err
}

// psql runs statements as the server's owner, by the client program of the server.
func (g *ground) psql(ctx context.Context, database, statements string) error {
	_, err := g.query(ctx, database, statements)
	return err
}

func (g *ground) query(ctx context.Context, database, statements string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(g.pg.Bin, "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", g.pg.DatabaseURL(database), "-c", statements)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("psql: %w: %s", err, errs.Bytes())
	}
	return out.Bytes(), nil
}

// pid is the number of the server's main process.
func (g *ground) pid() (int, error) {
	b, err := os.ReadFile(filepath.Join(g.pg.Dir, "data", "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(b), "\n")
	return strconv.Atoi(strings.TrimSpace(first))
}

// crash ends the server at once, without a checkpoint (an immediate shutdown), and waits until it is gone.
func (g *ground) crash(ctx context.Context) error {
	pid, err := g.pid()
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGQUIT); err != nil {
		return err
	}
	return until(ctx, 20*time.Second, "PostgreSQL has ended", func() (bool, error) {
		_, err := os.Stat(filepath.Join(g.pg.Dir, "data", "postmaster.pid"))
		return errors.Is(err, os.ErrNotExist) || syscall.Kill(pid, 0) == syscall.ESRCH, nil
	})
}

// restart starts the crashed server again and returns when it accepts connections.
func (g *ground) restart(ctx context.Context) error {
	if err := g.pg.Close(); err != nil { // nothing is left to stop: it gives up its lock, so that the last to leave stops the server
		return err
	}
	fresh, err := private.Start(ctx, g.pg.Dir, private.Options{MaxConns: 400})
	if err == nil {
		g.pg = fresh
	}
	return err
}

// until asks again and again until it is so.
func until(ctx context.Context, limit time.Duration, what string, is func() (bool, error)) error {
	end := time.Now().Add(limit)
	var last error
	for {
		ok, err := is()
		if err == nil && ok {
			return nil
		}
		last = err
		if time.Now().After(end) {
			return errors.Join(fmt.Errorf("not within %v: %s", limit, what), last)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
