//go:build !race

package pack

const slowed = 1
