package main

import (
	"errors"
	"fmt"
	"strings"

	"secretariat/acts"
)

// Exit codes: a contract with scripts (docs/commands.md).
const (
	exitFailed = 1
	exitUse    = 2
	exitLacks  = 3
)

// failure is an error with its exit code and what to do about it.
type failure struct {
	code int
	err  error
	hint string
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// badUse is wrong use or bad input: exit code 2.
func badUse(hint, format string, args ...any) error {
	return &failure{exitUse, fmt.Errorf(format, args...), hint}
}

// lacks is something that the machine or the installation does not have: exit code 3.
func lacks(hint, format string, args ...any) error {
	return &failure{exitLacks, fmt.Errorf(format, args...), hint}
}

// failed is a failure with a hint: exit code 1.
func failed(hint, format string, args ...any) error {
	return &failure{exitFailed, fmt.Errorf(format, args...), hint}
}

// report prints an error as "error: …" and "hint: …" lines and returns the exit code. Joined errors get a line each.
func (a *app) report(err error) int {
	if err == nil {
		return 0
	}
	code, hint := exitFailed, ""
	var f *failure
	if errors.As(err, &f) {
		code, hint = f.code, f.hint
	}
	if f == nil && errors.Is(err, acts.ErrRefused) {
		code = exitUse
	}
	var hinted interface{ Hint() string }
	if hint == "" && errors.As(err, &hinted) {
		hint = hinted.Hint()
	}
	for _, line := range strings.Split(strings.TrimRight(err.Error(), "\n"), "\n") {
		fmt.Fprintf(a.err, "error: %s\n", line)
	}
	if hint != "" {
		fmt.Fprintf(a.err, "hint: %s\n", hint)
	}
	return code
}
