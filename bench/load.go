package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// load is a number of callers, each with one connection that stays open, who ask again as soon as they are answered.
// They share the processors with the server, so they do as little as they can: a prepared request, and of the reply
// only its status and length.
type load struct {
	address     string
	connections int
	requests    [][]byte // by turns
}

// outcome is what a load measured.
type outcome struct {
	replies int
	bytes   int // of one reply: the last
	took    time.Duration
	times   []time.Duration // of each reply, shortest first
	server  time.Duration   // processor time of the server
}

func (o outcome) rate() float64       { return float64(o.replies) / o.took.Seconds() }
func (o outcome) each() time.Duration { return o.server / time.Duration(max(1, o.replies)) }
func (o outcome) at(share float64) time.Duration {
	if len(o.times) == 0 {
		return 0
	}
	return o.times[min(len(o.times)-1, int(share*float64(len(o.times))))]
}

// run asks for so long. The processes are the server's, whose processor time is counted.
func (l load) run(ctx context.Context, duration time.Duration, processes []int) (outcome, error) {
	callers := make([]*caller, l.connections)
	for i := range callers {
		c, err := call(l.address)
		if err != nil {
			return outcome{}, err
		}
		defer c.conn.Close()
		callers[i] = c
	}
	stopped, cancel := context.WithCancel(ctx)
	defer cancel()
	before, err := processorTime(processes)
	if err != nil {
		return outcome{}, err
	}
	began := time.Now()
	var all sync.WaitGroup
	for i, c := range callers {
		all.Go(func() {
			for turn := i * len(l.requests) / len(callers); c.failed == nil && stopped.Err() == nil; turn++ {
				sent := time.Now()
				c.last, c.failed = c.ask(l.requests[turn%len(l.requests)])
				c.times = append(c.times, time.Since(sent))
			}
			if c.failed != nil {
				cancel()
			}
		})
	}
	select {
	case <-stopped.Done():
	case <-time.After(duration):
		cancel()
	}
	all.Wait()
	o := outcome{took: time.Since(began)}
	after, err := processorTime(processes)
	if err != nil {
		return o, err
	}
	o.server = after - before
	for _, c := range callers {
		if c.failed != nil {
			return o, c.failed
		}
		o.times = append(o.times, c.times...)
		o.bytes = c.last
	}
	o.replies = len(o.times)
	slices.Sort(o.times)
	return o, ctx.Err()
}

// caller is one connection.
type caller struct {
	conn   net.Conn
	buffer []byte
	times  []time.Duration
	last   int
	failed error
}

func call(address string) (*caller, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &caller{conn: conn, buffer: make([]byte, 64<<10)}, nil
}

var (
	headEnd = []byte("\r\n\r\n")
	length  = []byte("\r\nContent-Length: ")
	good    = []byte("HTTP/1.1 200 ")
)

// ask sends a request, reads the whole reply and gives the length of its body.
func (c *caller) ask(request []byte) (int, error) {
	_, body, err := c.fetch(request)
	return body, err
}

// fetch leaves the head, and of the body what fits, in the buffer.
func (c *caller) fetch(request []byte) (head, body int, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, 0, err
	}
	have := 0
	for {
		n, err := c.conn.Read(c.buffer[have:])
		if err != nil {
			return 0, 0, fmt.Errorf("the connection ended: %w", err)
		}
		have += n
		if head = bytes.Index(c.buffer[:have], headEnd); head >= 0 {
			break
		}
		if have == len(c.buffer) {
			return 0, 0, errors.New("a reply whose head does not end")
		}
	}
	if !bytes.HasPrefix(c.buffer, good) {
		line, _, _ := bytes.Cut(c.buffer[:head], []byte("\r\n"))
		return 0, 0, fmt.Errorf("a reply with %s", line)
	}
	_, rest, found := bytes.Cut(c.buffer[:head+2], length)
	digits, _, _ := bytes.Cut(rest, []byte("\r\n"))
	if body, err = strconv.Atoi(string(digits)); !found || err != nil {
		return 0, 0, errors.New("a reply that does not say its length")
	}
	head += len(headEnd)
	for left := head + body - have; left > 0; {
		into := c.buffer[min(have, len(c.buffer)/2):]
		n, err := c.conn.Read(into)
		if err != nil {
			return 0, 0, fmt.Errorf("the connection ended in the middle of a reply: %w", err)
		}
		have, left = have+n, left-n
	}
	return head, body, nil
}

// get is a request as a browser sends it, with no more in it than a server looks at.
func get(address, path string, packed bool) []byte {
	return request("GET", address, path, packed, "", "")
}

func request(method, address, path string, packed bool, more, body string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: waymark-bench\r\nAccept: text/html\r\n", method, path, address)
	if packed {
		b.WriteString("Accept-Encoding: gzip, deflate, br\r\n")
	}
	fmt.Fprintf(&b, "%s\r\n%s", more, body)
	return b.Bytes()
}

// median of some figures.
func median[T int | float64 | time.Duration](all []T) T {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}
