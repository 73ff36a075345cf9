//go:build !unix

// Package private keeps a PostgreSQL for the program alone. On this system it cannot.
package private

import "context"

// Options says how to run the server.
type Options struct {
	Bin      string
	Say      func(string)
	Throw    bool
	MaxConns int
}

// Cluster is a running private PostgreSQL; there is none on this system.
type Cluster struct {
	Install
	Dir              string
	Adopted, Created bool
}

// Start returns an *Error: set DATABASE_URL.
func Start(context.Context, string, Options) (*Cluster, error) {
	return nil, &Error{"a private PostgreSQL is not supported on this system", "set DATABASE_URL to a PostgreSQL that runs"}
}

// URL is never called here.
func (c *Cluster) URL() string { return "" }

// DatabaseURL is never called here.
func (c *Cluster) DatabaseURL(string) string { return "" }

// Close does nothing.
func (c *Cluster) Close() error { return nil }

// Free is not known on this system.
func Free(string) (uint64, error) {
	return 0, &Error{"free space is not measured on this system", ""}
}
