package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/lib/pq"

	"secretariat/store"
	"secretariat/store/private"
)

// linger is how long the server outlives its last user: the next package's tests mostly come before.
const linger = 5 * time.Second

// lockKey is the advisory lock of whoever makes or drops templates.
const lockKey = 0x73746f7265

// open starts or adopts the server, makes the template when it is missing, and drops what killed processes left.
func open(ctx context.Context) (*cluster, error) {
	dir := filepath.Join(os.TempDir(), fmt.Sprintf("secretariat-test-%d", os.Geteuid()))
	if err := register(dir); err != nil {
		return nil, err
	}
	var err error
	for range 3 { // the watcher may just be stopping the server
		var c *cluster
		if c, err = connect(ctx, dir); err == nil {
			return c, nil
		}
	}
	return nil, err
}

func connect(ctx context.Context, dir string) (*cluster, error) {
	p, err := private.Start(ctx, dir, private.Options{Throw: true, MaxConns: 300})
	if err != nil {
		return nil, err
	}
	if !p.Adopted {
		if err := watch(dir); err != nil {
			return nil, err
		}
	}
	admin, err := sql.Open("postgres", p.DatabaseURL("postgres"))
	if err != nil {
		return nil, err
	}
	admin.SetMaxIdleConns(1)
	c := &cluster{cluster: p, admin: admin, template: templateName(), originals: map[string]string{}}
	if err := c.locked(ctx, func(conn *sql.Conn) error { return c.tidy(ctx, conn) }); err != nil {
		admin.Close()
		return nil, err
	}
	return c, nil
}

// register notes this process as a user of the server, before it is started.
func register(dir string) error {
	if err := os.Mkdir(dir, 0o711); err != nil && !os.IsExist(err) {
		return fmt.Errorf("make folder for tests: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); !ok || !info.IsDir() || int(st.Uid) != os.Geteuid() {
		return fmt.Errorf("%s is not a folder of this user", dir)
	}
	users := filepath.Join(dir, "users")
	if err := os.MkdirAll(users, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(users, strconv.Itoa(os.Getpid())), nil, 0o600)
}

// watch starts a process that stops the server once no test process uses it: nothing runs at the end of a test binary.
func watch(dir string) error {
	script := `cd "$1" || exit
used() { for f in users/*; do [ -e "$f" ] || continue; kill -0 "${f##*/}" 2>/dev/null && return 0; rm -f "$f"; done; return 1; }
while [ -e data/postmaster.pid ]; do
	if used; then sleep 1; continue; fi
	sleep "$2"
	used && continue
	kill -INT "$(head -n 1 data/postmaster.pid)"
	exit
done`
	cmd := exec.Command("sh", "-c", script, "watch", dir, strconv.Itoa(int(linger.Seconds())))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("watch over PostgreSQL for tests: %w", err)
	}
	go cmd.Wait()
	return nil
}

// locked runs fn while no other process makes or drops templates.
func (c *cluster) locked(ctx context.Context, fn func(conn *sql.Conn) error) error {
	conn, err := c.admin.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, `select pg_advisory_lock($1)`, lockKey); err != nil {
		return err
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), `select pg_advisory_unlock($1)`, lockKey)
	return fn(conn)
}

// tidy makes the template if it is missing, and drops old templates and the databases of dead processes.
func (c *cluster) tidy(ctx context.Context, conn *sql.Conn) error {
	var names pq.StringArray
	err := conn.QueryRowContext(ctx, `select array_agg(datname::text) from pg_database where datname like 'test\_%' or datname like 'template\_%'`).Scan(&names)
	if err != nil {
		return err
	}
	var have bool
	for _, name := range names {
		have = have || name == c.template
		if left(name) {
			if err := c.drop(ctx, name); err != nil {
				return err
			}
		}
	}
	if have {
		return nil
	}
	return c.makeTemplate(ctx, names)
}

// left reports whether a database belongs to a test process that is no more.
func left(name string) bool {
	rest, ok := strings.CutPrefix(name, "test_")
	if !ok {
		return false
	}
	number, _, _ := strings.Cut(rest, "_")
	pid, err := strconv.Atoi(number)
	return err == nil && syscall.Kill(pid, 0) == syscall.ESRCH
}

func (c *cluster) makeTemplate(ctx context.Context, old []string) error {
	for _, name := range old {
		if strings.HasPrefix(name, "template_") {
			if err := c.drop(ctx, name); err != nil {
				return err
			}
		}
	}
	making := c.template + "_new"
	if _, err := c.admin.ExecContext(ctx, `create database `+making); err != nil {
		return err
	}
	s, err := store.Open(ctx, c.cluster.DatabaseURL(making))
	if err != nil {
		return err
	}
	err = s.WithMigrationLock(ctx, func(ctx context.Context, db *sql.DB) error {
		_, err := s.Migrate(ctx, db)
		return err
	})
	s.Close()
	if err != nil {
		return fmt.Errorf("migrate template: %w", err)
	}
	_, err = c.admin.ExecContext(ctx, `alter database `+making+` rename to `+c.template)
	return err
}

// copyTemplate makes a database from the template. Another process whose migrations differ may have dropped it.
func (c *cluster) copyTemplate(ctx context.Context, name string) (err error) {
	for range 5 {
		_, err = c.admin.ExecContext(ctx, `create database `+name+` template `+c.template+` strategy file_copy`)
		if pq.As(err, "3D000") == nil { // the template does not exist
			return err
		}
		if err := c.locked(ctx, func(conn *sql.Conn) error { return c.tidy(ctx, conn) }); err != nil {
			return err
		}
	}
	return err
}

// filled returns the database that is copied for a key. The next process drops it, when this one is no more.
func (c *cluster) filled(ctx context.Context, key string, fill func(s *store.Store, url string) error) (name string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if name = c.originals[key]; name != "" {
		return name, nil
	}
	name = newName()
	if err := c.copyTemplate(ctx, name); err != nil {
		return "", err
	}
	url := c.cluster.DatabaseURL(name)
	s, err := store.Open(ctx, url)
	if err != nil {
		return "", err
	}
	err = fill(s, url)
	s.Close() // PostgreSQL copies only what nobody is connected to
	if err != nil {
		return "", fmt.Errorf("fill %s: %w", key, err)
	}
	c.originals[key] = name
	return name, nil
}

func (c *cluster) drop(ctx context.Context, name string) error {
	_, err := c.admin.ExecContext(ctx, `drop database if exists `+name+` with (force)`)
	return err
}
