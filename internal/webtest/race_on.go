//go:build race

package webtest

// raced: everything takes several times as long, and `make test` kills without the race detector too.
const raced = true
