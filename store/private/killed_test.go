//go:build unix

package private

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// fakeServer runs a program that is called postgres and ends at an interrupt, and writes its pid file, which says ready.
func fakeServer(t *testing.T, c *Cluster) *exec.Cmd {
	t.Helper()
	sleep, err := exec.LookPath("sleep")
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(sleep)
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "postgres")
	if err := os.WriteFile(program, b, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "600")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	if err := os.MkdirAll(c.data(), 0o700); err != nil {
		t.Fatal(err)
	}
	pid := fmt.Sprintf("%d\n2\n3\n4\n5\n6\n7\nready\n", cmd.Process.Pid)
	if err := os.WriteFile(filepath.Join(c.data(), "postmaster.pid"), []byte(pid), 0o600); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// A server that was killed leaves its pid file, and its socket may take connections a moment longer: it does not answer.
func TestKilledServerDoesNotAnswer(t *testing.T) {
	c := &Cluster{Dir: t.TempDir()}
	c.socket = t.TempDir()
	server := fakeServer(t, c)
	l, err := net.Listen("unix", filepath.Join(c.socket, ".s.PGSQL."+port))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if !c.answers() {
		t.Fatal("a living server does not answer")
	}
	server.Process.Kill()
	server.Wait()
	if c.answers() {
		t.Error("a killed server answers")
	}
}

// One that is killed while it is being stopped does not take its pid file away, and is not waited for.
func TestStopOfAServerThatIsKilled(t *testing.T) {
	c := &Cluster{Dir: t.TempDir()}
	fakeServer(t, c)
	if err := c.stop(); err != nil {
		t.Error(err)
	}
}
