// Command mail measures what a letter costs: secretariat's way of two phases with a PostgreSQL, beside go-smtp alone,
// nodemailer's pool and postfix's smtp-source, all to the same sink in one run. It prints tables in Markdown.
//
//	go run ./bench/mail [-n 2000] [-connections 4] [-backlog 100000]
//
// CPU time is what to trust; on a busy machine the clock on the wall says little.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"runtime/pprof"
	"time"

	"secretariat/mail"
)

func main() {
	n := flag.Int("n", 2000, "letters of each program")
	connections := flag.Int("connections", 4, "connections to the sink")
	kind := flag.String("kind", "report", "what the letters are: report (with its PDF), update-request, session-reminder or action-due")
	backlog := flag.Int("backlog", 0, "letters of the backlog, which is worked off in the end; 0 for none")
	profile := flag.String("profile", "", "file for a CPU profile of the two-phase run")
	dir := flag.String("dir", "", "folder for the data; a temporary one when empty")
	flag.Parse()
	if err := run(*n, *connections, *backlog, *kind, *profile, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(n, connections, backlog int, kind, profile, dir string) (err error) {
	ctx := context.Background()
	if dir == "" {
		if dir, err = os.MkdirTemp("", "secretariat-bench"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if err := os.Chmod(dir, 0o755); err != nil {
			return err
		}
	}
	h, err := open(ctx, dir, kind)
	if h != nil {
		defer h.close()
	}
	if err != nil {
		return err
	}
	address, end, err := sink()
	if err != nil {
		return err
	}
	defer end()
	m, err := h.sample(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("%s, %s, %d processors; %d letters (%s, %d kB) over %d connections to smtp-sink\n\n", time.Now().UTC().Format("2 January 2006"), runtime.Version(),
		runtime.NumCPU(), n, kind, sizeOf(m)/1000, connections)
	if err := compare(ctx, h, dir, address, m, n, connections, profile); err != nil || backlog == 0 {
		return err
	}
	return drainBacklog(ctx, h, address, backlog, connections)
}

// measured is one line of the table.
type measured struct {
	name     string
	wall     time.Duration
	cpu      time.Duration
	database time.Duration
}

func compare(ctx context.Context, h *house, dir, address string, m *mail.Message, n, connections int, profile string) error {
	fmt.Println("| | letters/s | CPU ms per letter | letters per CPU second | of the database, CPU ms |\n|---|---|---|---|---|")
	if err := h.owe(ctx, "compare", n); err != nil {
		return err
	}
	twoPhase := func() error {
		return h.drain(ctx, "smtp://"+address, connections, func() error { return h.sentAll(ctx) })
	}
	if profile != "" {
		f, err := os.Create(profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
	}
	line, err := own("secretariat, two phases", h, twoPhase)
	pprof.StopCPUProfile()
	if err != nil {
		return err
	}
	line.print(n)
	if line, err = own("go-smtp alone", h, func() error { return bare(address, m, n, connections) }); err != nil {
		return err
	}
	line.database = 0
	line.print(n)
	for _, peer := range []struct {
		name string
		send func() (time.Duration, error)
	}{
		{"nodemailer, pool", func() (time.Duration, error) { return nodePool(ctx, dir, address, m, n, connections) }},
		{"smtp-source", func() (time.Duration, error) { return smtpSource(address, sizeOf(m), n, connections) }},
	} {
		if peer.name == "nodemailer, pool" {
			if _, err := nodePool(ctx, dir, address, m, 1, 1); err != nil { // fetches the module
				fmt.Printf("| %s | left out: %v |\n", peer.name, err)
				continue
			}
		}
		began := time.Now()
		cpu, err := peer.send()
		if err != nil {
			fmt.Printf("| %s | left out: %v |\n", peer.name, err)
			continue
		}
		measured{name: peer.name, wall: time.Since(began), cpu: cpu}.print(n)
	}
	return nil
}

// own measures work of this process.
func own(name string, h *house, work func() error) (measured, error) {
	runtime.GC()
	began, cpu, database := time.Now(), selfCPU(), h.serverCPU()
	err := work()
	return measured{name, time.Since(began), selfCPU() - cpu, h.serverCPU() - database}, err
}

func (m measured) print(n int) {
	per := m.cpu.Seconds() * 1000 / float64(n)
	database := ""
	if m.database > 0 {
		database = fmt.Sprintf("%.2f", m.database.Seconds()*1000/float64(n))
	}
	fmt.Printf("| %s | %.0f | %.2f | %.0f | %s |\n", m.name, float64(n)/m.wall.Seconds(), per, float64(n)/m.cpu.Seconds(), database)
}
