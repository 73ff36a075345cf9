//go:build !linux

package main

import "errors"

// mountMemory is known on Linux only.
func mountMemory(string, int) (func() error, error) {
	return nil, errors.New("a tmpfs is known on Linux only")
}
