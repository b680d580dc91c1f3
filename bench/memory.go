package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"waymark/internal/site"
)

// rest is how long a program must be left alone until the runtime collects its garbage by itself.
const rest = 2*time.Minute + 10*time.Second

// memory asks a copy for a thousand pages, leaves it alone, and looks at what it holds. Then it opens the same site in
// this process and reads the heap from the runtime itself.
func (b *bench) memory(ctx context.Context) error {
	trace := &collections{}
	s, err := b.serveWaymark(ctx, filepath.Join(b.dir, "data"), trace, "GODEBUG=gctrace=1")
	if err != nil {
		return err
	}
	defer s.stop()
	atFirst, err := status(s.pid(), "VmRSS")
	if err != nil {
		return err
	}
	paths, err := sitePaths(s.address)
	if err != nil {
		return err
	}
	c, err := call(s.address)
	if err != nil {
		return err
	}
	defer c.conn.Close()
	for i := range 1000 {
		if _, err := c.ask(get(s.address, paths[i%len(paths)], i%2 == 0)); err != nil {
			return fmt.Errorf("%s: %w", paths[i%len(paths)], err)
		}
	}
	atWork, err := status(s.pid(), "VmRSS")
	if err != nil {
		return err
	}
	wait := pick(b, rest, 3*time.Second)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
	}
	now := map[string]float64{}
	for _, name := range []string{"VmRSS", "RssAnon", "RssFile", "VmHWM"} {
		if now[name], err = status(s.pid(), name); err != nil {
			return err
		}
	}
	b.row("resident memory at rest", fmt.Sprintf("%.0f MB, %.0f MB of them its own and %.0f MB from files", now["VmRSS"], now["RssAnon"], now["RssFile"]),
		fmt.Sprintf("%.0f MB after the first page, %.0f MB after 1,000 requests for %d pages; most %.0f MB", atFirst, atWork, len(paths), now["VmHWM"]), "", "under 100 MB")
	inside, err := heapHere(ctx)
	if err != nil {
		return err
	}
	b.row("Go heap at rest", trace.last()+" MB live after its own last collection", fmt.Sprintf("%.1f MB for the site alone, opened and collected in a process of ours", inside), "", "")
	if b.quick {
		b.note("memory: -quick does not wait for the runtime's own collection")
	}
	return nil
}

// sitePaths are those that the site map names.
func sitePaths(address string) ([]string, error) {
	c, err := call(address)
	if err != nil {
		return nil, err
	}
	defer c.conn.Close()
	c.buffer = make([]byte, 4<<20)
	head, body, err := c.fetch(get(address, "/sitemap.xml", false))
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, m := range location.FindAllSubmatch(c.buffer[head:head+body], -1) {
		paths = append(paths, string(m[1]))
	}
	if len(paths) == 0 {
		return nil, errors.New("the site map names no page")
	}
	return paths, nil
}

var location = regexp.MustCompile(`<loc>https?://[^/<]+(/[^<]*)</loc>`)

// collections keeps what the runtime says of its collections of garbage.
type collections struct {
	mu  sync.Mutex
	all []byte
}

func (c *collections) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, p...)
	return len(p), nil
}

// live is in a line such as: gc 7 @0.1s 3%: … ms clock, … ms cpu, 31->32->17 MB, …
var live = regexp.MustCompile(`(?m)^gc \d+ .* \d+->\d+->(\d+) MB,`)

func (c *collections) last() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := live.FindAllSubmatch(c.all, -1)
	if len(found) == 0 {
		return "?"
	}
	return string(found[len(found)-1][1])
}

// heapHere opens the site in this process.
func heapHere(ctx context.Context) (float64, error) {
	before := collected()
	s, err := site.Open(site.Config{Pack: "england-wales"})
	if err != nil {
		return 0, err
	}
	after := collected()
	runtime.KeepAlive(s)
	return float64(after-before) / 1e6, errors.Join(s.Close(), ctx.Err())
}

func collected() uint64 {
	var m runtime.MemStats
	runtime.GC()
	debug.FreeOSMemory()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
