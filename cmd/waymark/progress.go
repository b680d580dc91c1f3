package main

import (
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress shows how far a backup or a restore has come: a bar on a terminal, a line now and then elsewhere.
type progress struct {
	bars *mpb.Progress // nil when nobody looks

	mu    sync.Mutex
	steps map[string]*step
}

type step struct {
	bar  *mpb.Bar
	done int64
	said time.Time
}

// between is how long a step may go on without a line.
const between = 5 * time.Second

func newProgress() *progress {
	p := &progress{steps: map[string]*step{}}
	if info, err := os.Stderr.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		p.bars = mpb.New(mpb.WithOutput(os.Stderr))
	}
	return p
}

// tell hears how far a step has come. total is 0 while nobody knows it.
func (p *progress) tell(name string, done, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.steps[name]
	if s == nil {
		s = &step{}
		p.steps[name] = s
		if p.bars != nil {
			s.bar = p.bars.AddBar(total, mpb.PrependDecorators(decor.Name(name, decor.WC{W: 9, C: decor.DindentRight})), mpb.AppendDecorators(counter(name)))
		}
	}
	s.done = done
	switch {
	case s.bar != nil:
		s.bar.SetTotal(max(total, done+1), false)
		s.bar.SetCurrent(done)
	case s.said.IsZero():
		fmt.Fprintf(os.Stderr, "%s …\n", name)
		s.said = time.Now()
	case time.Since(s.said) > between:
		fmt.Fprintf(os.Stderr, "%s: %s\n", name, amount(name, done))
		s.said = time.Now()
	}
}

func counter(name string) decor.Decorator {
	return decor.Any(func(st decor.Statistics) string { return amount(name, st.Current) })
}

// amount is how much of a step was done: cases are counted, everything else is bytes.
func amount(name string, done int64) string {
	if name == "cases" {
		return fmt.Sprint(done)
	}
	return size(done)
}

// end closes the bars.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for name, s := range p.steps {
		if s.bar != nil {
			s.bar.SetTotal(s.done, true)
		} else {
			fmt.Fprintf(os.Stderr, "%s: %s\n", name, amount(name, s.done))
		}
	}
	if p.bars != nil {
		p.bars.Wait()
	}
}

// size is a number of bytes as people read it.
func size(n int64) string {
	switch {
	case n < 10_000:
		return fmt.Sprintf("%d bytes", n)
	case n < 10_000_000:
		return fmt.Sprintf("%d kB", n/1000)
	}
	return fmt.Sprintf("%d MB", n/1_000_000)
}
