package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"secretariat/web"
)

func (a *app) serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Run the daemon: schedules, workers, web page, metrics",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			h, err := a.open(ctx, needSender)
			if err != nil {
				return err
			}
			if h.acts.Sender == nil && !h.acts.Mail.Hold {
				a.log.Warn("no relay is named by smtp-url: letters are built and wait")
			}
			return errors.Join(a.serve(ctx, h, false), h.close())
		},
	}
}

// pages is the handler of the web page.
func (a *app) pages(h *house, showLetters bool) http.Handler {
	return web.Handler(h.acts, web.Options{
		ShowLetters: showLetters, Secure: strings.HasPrefix(a.options.text("public-url"), "https://"), PassAlive: h.engine.Alive, Log: a.log,
	})
}

// serve runs the engine and the web page until ctx ends. They end in the reverse order of their start.
func (a *app) serve(ctx context.Context, h *house, showLetters bool) error {
	listener, err := net.Listen("tcp", a.options.text("listen"))
	if err != nil {
		return lacks("choose another address with --listen", "listen on %s: %w", a.options.text("listen"), err)
	}
	server := &http.Server{Handler: a.pages(h, showLetters), ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 1 << 16}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	a.log.Info("serving", "version", buildVersion(), "database", h.kind(), "at", h.Address(), "page", "http://"+listener.Addr().String())
	working, stop := context.WithCancel(ctx)
	defer stop()
	worked := make(chan error, 1)
	go func() { worked <- h.engine.Run(working, h.acts) }()
	select {
	case err = <-failed:
		stop()
		return errors.Join(fmt.Errorf("serve the web page: %w", err), <-worked)
	case err = <-worked:
	}
	end, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	return errors.Join(err, server.Shutdown(end))
}
