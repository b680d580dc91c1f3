package access

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestNoCrowdOfStrangersTakesThePlaceOfThoseWhoAreKnown(t *testing.T) {
	g := newGate()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	inside, err := g.enter(ctx, false, "a") // a guess that is being looked at, and takes its time
	if err != nil {
		t.Fatal(err)
	}
	crowd := make(chan error)
	for i := range 60 {
		go func() {
			leave, err := g.enter(ctx, false, fmt.Sprint(i%20))
			if err == nil {
				leave()
			}
			crowd <- err
		}()
	}
	turnedAway := 0
	for range 60 - mostWaiting { // they are told at once; the others wait
		if err := <-crowd; errors.Is(err, Busy) {
			turnedAway++
		}
	}
	if turnedAway != 60-mostWaiting {
		t.Errorf("%d of 60 were turned away", turnedAway)
	}
	began := time.Now()
	leave, err := g.enter(ctx, true, "")
	if err != nil {
		t.Fatalf("somebody who is known was kept out: %v", err)
	}
	if took := time.Since(began); took > time.Second {
		t.Errorf("somebody who is known waited %v", took)
	}
	// Both places are taken now, and nobody comes in as a third.
	third, stop := context.WithTimeout(ctx, 50*time.Millisecond)
	defer stop()
	if _, err := g.enter(third, true, ""); !errors.Is(err, Busy) {
		t.Errorf("a third was let in: %v", err)
	}
	leave()
	inside()
	for range mostWaiting {
		if err := <-crowd; err != nil {
			t.Errorf("somebody who waited was turned away: %v", err)
		}
	}
	if g.total != 0 || len(g.waiting) != 0 {
		t.Errorf("the line is empty, and %d still stand in it", g.total)
	}
}

func TestOneAddressDoesNotFillTheLine(t *testing.T) {
	g := newGate()
	ctx, cancel := context.WithCancel(context.Background())
	inside, err := g.enter(ctx, false, "a")
	if err != nil {
		t.Fatal(err)
	}
	told := make(chan error)
	for range 10 {
		go func() {
			_, err := g.enter(ctx, false, "a")
			told <- err
		}()
	}
	for range 10 - mostFromOne {
		if err := <-told; !errors.Is(err, Busy) {
			t.Errorf("got %v", err)
		}
	}
	other := make(chan error)
	go func() {
		leave, err := g.enter(context.Background(), false, "b")
		if err == nil {
			leave()
		}
		other <- err
	}()
	cancel() // they give up
	for range mostFromOne {
		<-told
	}
	inside()
	if err := <-other; err != nil {
		t.Errorf("another address was kept out: %v", err)
	}
}
