//go:build race

package site_test

// everyNth thins the great tables under the race detector, which is ten times slower and finds nothing in pure rules.
// Without it, as the first half of `make test` runs them, they are tried whole.
const everyNth = 41
