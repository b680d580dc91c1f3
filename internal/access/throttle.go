package access

import (
	"math"
	"time"
)

// brake slows guesses of one kind. After some free failures each further one must wait twice as long as the one before,
// up to a limit. Failures are forgotten, one each fade. A guess that comes too early is refused without being looked
// at and without being counted: whoever hammers gains nothing, and makes nobody wait longer.
type brake struct {
	free  int
	first time.Duration
	most  time.Duration
	fade  time.Duration
}

// The brakes. Nothing is ever locked: the longest wait is the most of its brake. Each counts for one key only, so nobody
// can be slowed by guesses that come from elsewhere: the account itself has no brake that refuses.
var (
	// byPair is for one account from one address of the network.
	byPair = brake{free: 5, first: time.Second, most: 30 * time.Second, fade: 10 * time.Minute}
	// bySource is for one address of the network, whichever account: the same few passwords tried on everybody.
	bySource = brake{free: 30, first: time.Second, most: 15 * time.Second, fade: time.Minute}
	// byDevice is for a browser in which this person has signed in before; the two above do not touch it.
	byDevice = brake{free: 10, first: time.Second, most: 30 * time.Second, fade: 10 * time.Minute}
	// byCode is for codes of somebody whose password was right, in a browser not seen before: a million codes are few.
	byCode = brake{free: 5, first: 2 * time.Second, most: 5 * time.Minute, fade: time.Hour}
	// byAccount counts guesses from everywhere; it pauses and never refuses, so that the owner is only ever slowed a little.
	byAccount = brake{free: 20, first: 200 * time.Millisecond, most: 3 * time.Second, fade: time.Minute}
)

// count is how many failures there were, and when the last was.
type count struct {
	level float64
	last  time.Time
}

// at is what is left of the count at that moment.
func (c count) at(now time.Time, b brake) float64 {
	if c.last.IsZero() || now.Before(c.last) {
		return c.level
	}
	return math.Max(0, c.level-float64(now.Sub(c.last))/float64(b.fade))
}

// pause is how long must lie between the last failure and the next guess.
func (b brake) pause(level float64) time.Duration {
	over := level - float64(b.free)
	if over < 0 {
		return 0
	}
	wait := float64(b.first) * math.Pow(2, math.Min(over, 40))
	return time.Duration(math.Min(wait, float64(b.most)))
}

// wait is how much of that is left now.
func (b brake) wait(c count, now time.Time) time.Duration {
	left := c.last.Add(b.pause(c.at(now, b))).Sub(now)
	return min(max(0, left), b.most) // a clock that jumped back makes nobody wait for longer
}

// failed is the count after one more failure.
func (b brake) failed(c count, now time.Time) count {
	return count{level: math.Min(c.at(now, b)+1, float64(b.free)+16), last: now}
}
