package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

func TestACallerReadsWholeRepliesAndAsksAgain(t *testing.T) {
	long := strings.Repeat("a long page ", 50_000)
	asked := 0
	house := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("Content-Length", fmt.Sprint(len(long)))
		fmt.Fprint(w, long[:10])
		w.(http.Flusher).Flush() // the rest comes later
		fmt.Fprint(w, long[10:])
	}))
	defer house.Close()
	address := strings.TrimPrefix(house.URL, "http://")
	c, err := call(address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.conn.Close()
	for range 3 {
		if n, err := c.ask(get(address, "/", false)); err != nil || n != len(long) {
			t.Fatalf("a reply of %d bytes and %v, want %d bytes", n, err, len(long))
		}
	}
	if asked != 3 {
		t.Errorf("the server was asked %d times, not 3", asked)
	}
}

func TestAReplyThatIsNotGoodEndsTheMeasuring(t *testing.T) {
	house := httptest.NewServer(http.NotFoundHandler())
	defer house.Close()
	address := strings.TrimPrefix(house.URL, "http://")
	l := load{address, 2, [][]byte{get(address, "/", false)}}
	if _, err := l.run(t.Context(), time.Minute, []int{os.Getpid()}); err == nil || !strings.Contains(err.Error(), "404") {
		t.Errorf("the error is %v; it should say 404", err)
	}
}

func TestALoadCountsRepliesAndProcessorTime(t *testing.T) {
	house := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "well") }))
	defer house.Close()
	address := strings.TrimPrefix(house.URL, "http://")
	l := load{address, 4, [][]byte{get(address, "/", false), get(address, "/other", true)}}
	o, err := l.run(t.Context(), 200*time.Millisecond, []int{os.Getpid()})
	if err != nil {
		t.Fatal(err)
	}
	if o.replies < 4 || o.bytes != 4 || o.server <= 0 || o.at(0.99) < o.at(0.5) || o.took < 200*time.Millisecond {
		t.Errorf("%d replies of %d bytes in %s, %s of the processor, p50 %s, p99 %s", o.replies, o.bytes, o.took, o.server, o.at(0.5), o.at(0.99))
	}
}

func TestAProcessWithASpaceInItsNameIsReadRight(t *testing.T) {
	used, parent, err := statOf("12 (a b) c) S 7 12 12 0 -1 4194560 1 0 0 0 150 50 0 0 20 0 1 0 1 1 1")
	if err != nil || used != 2*time.Second || parent != 7 {
		t.Errorf("%s, parent %d, %v; want 2s, parent 7", used, parent, err)
	}
}

func TestTheLastCollectionOfTheRuntimeIsFound(t *testing.T) {
	c := &collections{}
	fmt.Fprint(c, "gc 1 @0.011s 3%: 0.02+0.5+0.01 ms clock, 0.04+0.1/0.3/0+0.02 ms cpu, 3->4->1 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 2 P\n",
		"gc 2 @121.0s 0%: 0.02+0.5+0.01 ms clock, 0.04+0.1/0.3/0+0.02 ms cpu, 20->21->12 MB, 24 MB goal, 0 MB stacks, 0 MB globals, 2 P (forced)\n")
	if last := c.last(); last != "12" {
		t.Errorf("%s MB, want 12", last)
	}
}

func TestFiguresAreShownWithAsManyDigitsAsMeanSomething(t *testing.T) {
	for shown, want := range map[string]string{
		grouped(1234567): "1,234,567", grouped(999): "999", short(1234 * time.Microsecond): "1.2 ms", short(250 * time.Microsecond): "250 µs",
		short(1500 * time.Millisecond): "1500 ms", fmt.Sprint(median([]float64{9, 1, 2})): "2",
	} {
		if shown != want {
			t.Errorf("%q, want %q", shown, want)
		}
	}
}
