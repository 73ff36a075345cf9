// Package examples holds the sample programme that `demo` and the tests use.
package examples

import _ "embed"

// Tashkent is a programme file: the cooperation of a Tashkent institute and the United Nations Office of
// Counter-Terrorism, seen from Monday, 23 November 2026. All people in it are invented.
//
//go:embed tashkent/programme.yaml
var Tashkent []byte
