//go:build unix

package private

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// runner is the user that PostgreSQL runs as: nobody else than us, or, as PostgreSQL refuses to run as root, another one.
type runner struct {
	name       string
	credential *syscall.Credential // nil: as ourselves
}

// prepareFolders makes the data folder, the socket folder and the place of the server's files, and sees to it that the
// server's user gets there.
func (c *Cluster) prepareFolders() (runner, error) {
	c.socket = c.socketFolder()
	r, err := c.chooseRunner()
	if err != nil {
		return r, err
	}
	mode := os.FileMode(0o700)
	if r.credential != nil {
		mode = 0o711 // the server's user passes through
	}
	if r.credential != nil {
		if err := r.reaches(c.Dir); err != nil {
			return r, err
		}
	}
	if err := os.MkdirAll(c.Dir, mode); err != nil {
		return r, &Error{fmt.Sprintf("make data folder: %v", err), "choose another with --dir, or make it writable for you"}
	}
	if r.credential != nil {
		if err := os.Chmod(c.Dir, mode); err != nil {
			return r, fmt.Errorf("open data folder to user %s: %w", r.name, err)
		}
	}
	return r, r.own(c.socket)
}

// chooseRunner: as root, the owner of existing files, else postgres, else nobody.
func (c *Cluster) chooseRunner() (runner, error) {
	if os.Geteuid() != 0 {
		return runner{}, nil
	}
	if info, err := os.Stat(c.data()); err == nil {
		if st, ok := info.Sys().(*syscall.Stat_t); ok && st.Uid != 0 {
			return runner{fmt.Sprintf("uid %d", st.Uid), &syscall.Credential{Uid: st.Uid, Gid: st.Gid, Groups: []uint32{}}}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return runner{}, fmt.Errorf("look up user %s: %w", name, err)
		}
		return runner{name, &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid), Groups: []uint32{}}}, nil
	}
	return runner{}, &Error{"PostgreSQL does not run as root, and this machine has no user postgres or nobody", "run secretariat as another user"}
}

// reaches checks that every parent of a folder, as far as it is there, lets the server's user pass.
func (r runner) reaches(dir string) error {
	for parent := filepath.Dir(dir); ; parent = filepath.Dir(parent) {
		info, err := os.Stat(parent)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("look at folder: %w", err)
		}
		if err == nil && info.Mode().Perm()&0o001 == 0 {
			return &Error{
				fmt.Sprintf("folder %s (mode %v) keeps out user %s, as whom PostgreSQL runs", parent, info.Mode().Perm(), r.name),
				"choose another data folder with --dir (root's default is /var/lib/secretariat), or chmod o+x " + parent,
			}
		}
		if parent == filepath.Dir(parent) {
			return nil
		}
	}
}

// own makes a folder that belongs to the server's user alone. One that exists must do so already: in a folder for
// temporary files another user could have put it there.
func (r runner) own(dir string) error {
	err := os.Mkdir(dir, 0o700)
	if err == nil {
		return r.give(dir)
	}
	info, serr := os.Lstat(dir)
	if serr != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	uid := uint32(os.Geteuid())
	if r.credential != nil {
		uid = r.credential.Uid
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !ok || st.Uid != uid && st.Uid != uint32(os.Geteuid()) || info.Mode().Perm()&0o077 != 0 {
		return &Error{fmt.Sprintf("%s (%v) is not a folder of PostgreSQL's user alone", dir, info.Mode()), "remove it, or choose another --dir"}
	}
	return r.give(dir)
}

func (r runner) give(name string) error {
	if r.credential == nil {
		return nil
	}
	if err := os.Chown(name, int(r.credential.Uid), int(r.credential.Gid)); err != nil {
		return fmt.Errorf("give %s to user %s: %w", name, r.name, err)
	}
	return nil
}

// command is a PostgreSQL program as the server's user, in a session of its own so that Ctrl-C on our terminal does not
// reach it, and with nothing of our environment, which may hold passwords and PG… variables.
func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.Bin, name), args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: c.run.credential}
	cmd.Dir = c.Dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=" + locale, "TZ=UTC", "HOME=" + c.Dir}
	return cmd
}
