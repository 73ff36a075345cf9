package main

import (
	"context"
	"errors"
	"net"
	"path/filepath"

	"secretariat/store"
	"secretariat/store/private"
)

// database is an open database and, when it is the private one, its server.
type database struct {
	*store.Store
	cluster *private.Cluster // nil for an external database
}

// close gives the connections back and, as the last user, stops the private server.
func (d *database) close() error {
	err := d.Store.Close()
	if d.cluster != nil {
		err = errors.Join(err, d.cluster.Close())
	}
	return err
}

// kind is "private" or "external".
func (d *database) kind() string {
	if d.cluster != nil {
		return "private"
	}
	return "external"
}

// openDatabase opens the database that the options name: DATABASE_URL, else the private one of the data folder. The
// schema is not looked at.
func (a *app) openDatabase(ctx context.Context) (*database, error) {
	url, reporting := a.options.text("database-url"), a.options.text("report-database-url")
	d := &database{}
	if url == "" {
		dir, err := filepath.Abs(a.options.text("dir"))
		if err != nil {
			return nil, err
		}
		d.cluster, err = private.Start(ctx, dir, private.Options{
			Bin: a.options.text("pg-bin"),
			Say: func(s string) { a.progress("%s", s) },
		})
		if err != nil {
			return nil, missing(err)
		}
		url = d.cluster.URL()
	}
	var err error
	if d.Store, err = store.OpenWith(ctx, store.Options{URL: url, ReportingURL: reporting}); err != nil {
		if d.cluster != nil {
			err = errors.Join(err, d.cluster.Close())
		}
		return nil, missing(err)
	}
	return d, nil
}

// missing gives errors that say what the machine or the installation lacks their exit code. Others pass as they are.
func missing(err error) error {
	var (
		lost   *store.UnreachableError
		server *private.Error
		schema *store.SchemaError
		old    *store.ServerError
		dial   *net.OpError
	)
	if errors.As(err, &lost) || errors.As(err, &server) || errors.As(err, &schema) || errors.As(err, &old) || errors.As(err, &dial) {
		return &failure{code: exitLacks, err: err}
	}
	return err
}
