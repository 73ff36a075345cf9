//go:build unix

// Package private keeps a PostgreSQL for the program alone: made from the installed binaries, reachable by a socket only,
// in the data folder. Several processes of the program share it; the last one to leave stops it. It survives kill -9 of
// its users, and a data folder is never deleted.
package private

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	port      = "5432" // names the socket file only
	superuser = "secretariat"
	database  = "secretariat"
	// longestSocket is the longest socket path that every system takes: sun_path holds 108 bytes on Linux, 104 on macOS.
	longestSocket = 100
	// startLimit bounds how long a server may take to answer: recovery after a hard kill is part of it.
	startLimit = 60 * time.Second
	// retryLimit bounds how long a start is tried again while what is left of a killed server goes away.
	retryLimit = 10 * time.Second
	stopLimit  = 30 * time.Second
)

// Options says how to run the server. The zero value is right for everything but tests.
type Options struct {
	Bin      string       // folder of the PostgreSQL programs, "" to look for them
	Say      func(string) // told in one sentence what takes long; nil for silence
	Throw    bool         // for tests: the data may be lost, so nothing waits for the disk
	MaxConns int          // 60 by default
}

// Cluster is a running private PostgreSQL that this process uses.
type Cluster struct {
	Install
	Dir     string // data folder of the program; the server's files are in its folder "data"
	Adopted bool   // it ran already, for another process or left by one that was killed
	Created bool   // this start made it

	socket  string // folder
	run     runner
	options Options
	use     *os.File // shared lock: held by every user
}

// Start returns the private PostgreSQL of a data folder: it makes one if there is none, starts it, or adopts the one that
// runs. The error is an *Error when the machine lacks what is needed.
func Start(ctx context.Context, dir string, o Options) (*Cluster, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("start private PostgreSQL: %w", err)
	}
	c := &Cluster{Dir: dir, options: o}
	if c.options.Say == nil {
		c.options.Say = func(string) {}
	}
	if c.options.MaxConns == 0 {
		c.options.MaxConns = 60
	}
	made, err := madeBy(c.data())
	if err != nil && !errors.Is(err, os.ErrPermission) {
		return nil, err
	}
	found, tried := discover(ctx, o.Bin)
	if c.Install, err = choose(found, tried, made, c.data()); err != nil {
		return nil, err
	}
	if c.run, err = c.prepareFolders(); err != nil {
		return nil, err
	}
	gate, err := lockFile(ctx, c.path("gate"), syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer gate.Close()
	if c.use, err = lockFile(ctx, c.path("lock"), syscall.LOCK_SH); err != nil {
		return nil, err
	}
	if err := c.ready(ctx); err != nil {
		c.use.Close()
		return nil, err
	}
	return c, nil
}

// URL is the address of the program's database.
func (c *Cluster) URL() string { return c.DatabaseURL(database) }

// DatabaseURL is the address of a database of this name.
func (c *Cluster) DatabaseURL(name string) string {
	q := url.Values{"host": {c.socket}, "port": {port}, "sslmode": {"disable"}}
	return (&url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + name, RawQuery: q.Encode()}).String()
}

// Close leaves the server and stops it when no other process uses it.
func (c *Cluster) Close() error {
	defer c.use.Close()
	gate, err := lockFile(context.Background(), c.path("gate"), syscall.LOCK_EX)
	if err != nil {
		return err
	}
	defer gate.Close()
	if err := syscall.Flock(int(c.use.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil // somebody else uses it
	}
	return c.stop()
}

func (c *Cluster) data() string            { return c.path("data") }
func (c *Cluster) path(name string) string { return filepath.Join(c.Dir, name) }

// ready makes, adopts or starts the server. The gate is held.
func (c *Cluster) ready(ctx context.Context) error {
	made, err := madeBy(c.data())
	if err != nil {
		return err
	}
	if made == 0 {
		c.options.Say("creating it (about 2 s)")
		if err := c.create(ctx); err != nil {
			return err
		}
		c.Created = true
	}
	if c.answers() {
		c.Adopted = true
		return nil
	}
	return c.start(ctx)
}

// answers reports whether the server of the data folder is ready and listens on our socket.
func (c *Cluster) answers() bool {
	p, err := readPidFile(c.data())
	if err != nil || !p.ready || !isPostgres(p.pid) { // the socket of a killed server may take connections a moment longer
		return false
	}
	conn, err := net.DialTimeout("unix", filepath.Join(c.socket, ".s.PGSQL."+port), time.Second)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

// socketFolder is "run" in the data folder, else a folder of its own for temporary files where that path is too long.
func (c *Cluster) socketFolder() string {
	folder := c.path("run")
	if len(folder)+len("/.s.PGSQL."+port) <= longestSocket {
		return folder
	}
	h := fnv.New64a()
	h.Write([]byte(c.Dir))
	return filepath.Join(os.TempDir(), fmt.Sprintf("secretariat-%x", h.Sum64()))
}

// lockFile opens a file and takes a lock on it that ends with the file, or with the process.
func lockFile(ctx context.Context, name string, how int) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			f.Close()
			return nil, fmt.Errorf("lock %s: %w", name, err)
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, fmt.Errorf("lock %s: another process starts or stops the private PostgreSQL: %w", name, ctx.Err())
		case <-tick.C:
		}
	}
}
