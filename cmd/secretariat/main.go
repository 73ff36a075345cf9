// Command secretariat tells the stakeholders of a cooperation programme where the work stands, and convenes its council.
// The contract of its commands, outputs and exit codes is docs/commands.md.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // zones must be the same on every machine, also where none are installed
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Getenv, streams{os.Stdin, os.Stdout, os.Stderr}))
}

// streams are the standard streams of a run, given from outside so that tests can read them.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// run executes one command line and returns the exit code: 0 done, 1 failed, 2 wrong use or bad input, 3 something that
// the machine or the installation lacks.
func run(ctx context.Context, args []string, getenv func(string) string, std streams) int {
	a := &app{streams: std, getenv: getenv}
	root := a.rootCommand()
	root.SetArgs(args)
	return a.report(root.ExecuteContext(ctx))
}
