//go:build race

package pack

// slowed is how much longer everything takes under the race detector.
const slowed = 15
