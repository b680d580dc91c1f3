//go:build !race

package site_test

const everyNth = 1
