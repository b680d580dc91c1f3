package main

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"waymark/internal/site"
)

const recordPath = "/library/london-toolkit-2011"

// recordPage asks for one public page, by turns of us and of nginx, so that whatever else the machine does falls on both.
func (b *bench) recordPage(ctx context.Context) error {
	us, err := b.serveWaymark(ctx, filepath.Join(b.dir, "data"), nil)
	if err != nil {
		return err
	}
	defer us.stop()
	plain, headers, err := whole(us.address, recordPath, false)
	if err != nil {
		return err
	}
	packed, _, err := whole(us.address, recordPath, true)
	if err != nil {
		return err
	}
	them, err := b.serveNginx(ctx, recordPath, plain, packed, headers)
	if err != nil {
		return err
	}
	defer them.stop()
	workers := childrenOf(them.pid())
	if len(workers) != 2 {
		return fmt.Errorf("nginx has %d workers, not 2", len(workers))
	}
	for _, gzip := range []bool{true, false} {
		contenders := []contender{
			{load{us.address, 64, [][]byte{get(us.address, recordPath, gzip)}}, []int{us.pid()}},
			{load{them.address, 64, [][]byte{get(them.address, recordPath, gzip)}}, workers},
		}
		f, err := b.byTurns(ctx, contenders)
		if err != nil {
			return err
		}
		ours, theirs := f[0], f[1]
		if ours.bytes != theirs.bytes {
			return fmt.Errorf("nginx sends %d bytes where Waymark sends %d", theirs.bytes, ours.bytes)
		}
		as := "plain"
		if gzip {
			as = "gzip"
		}
		b.row(fmt.Sprintf("record page, %s (%.1f kB), 64 connections", as, float64(ours.bytes)/1000), ours.speed(), "nginx, same bytes: "+theirs.speed(),
			fmt.Sprintf("%.2f of the requests, %.1f times the processor", ratio(ours.rates, theirs.rates), ours.each.Seconds()/theirs.each.Seconds()), "at least 0.5")
	}
	return b.madeAfresh(ctx)
}

// madeAfresh asks a copy that was not told its own address. It must name the host that each request gives, so it keeps
// no page that names it, and makes the record page for each who asks.
func (b *bench) madeAfresh(ctx context.Context) error {
	us, err := b.serveWaymark(ctx, filepath.Join(b.dir, "data"), nil, "WAYMARK_PUBLIC_URL=")
	if err != nil {
		return err
	}
	defer us.stop()
	f, err := b.byTurns(ctx, []contender{{load{us.address, 64, [][]byte{get(us.address, recordPath, true)}}, []int{us.pid()}}})
	if err != nil {
		return err
	}
	b.row("the same, gzip, by a copy without --public-url, which makes it afresh each time", f[0].speed(), "", f[0].waits(), "")
	return nil
}

// answerPage sends a full check and gets what to do.
func (b *bench) answerPage(ctx context.Context) error {
	us, err := b.serveWaymark(ctx, filepath.Join(b.dir, "data"), nil)
	if err != nil {
		return err
	}
	defer us.stop()
	body, err := fullCheck()
	if err != nil {
		return err
	}
	head := fmt.Sprintf("Origin: http://%s\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n", us.address, len(body))
	one, err := call(us.address)
	if err != nil {
		return err
	}
	defer one.conn.Close()
	if err := one.holds(request("POST", us.address, "/concern", false, head, body), "wm-now__step"); err != nil {
		return err
	}
	for _, connections := range []int{1, 8, 64} {
		ask := load{us.address, connections, [][]byte{request("POST", us.address, "/concern", true, head, body)}}
		f, err := b.byTurns(ctx, []contender{{ask, []int{us.pid()}}})
		if err != nil {
			return err
		}
		b.row(fmt.Sprintf("answer of the check, gzip (%.1f kB), %d connections", float64(f[0].bytes)/1000, connections), f[0].speed(), "", f[0].waits(), "")
	}
	return nil
}

// fullCheck is what a teacher posts who has ticked six signs and said how each is known. Its words are the pack's.
func fullCheck() (string, error) {
	p, err := site.LoadPack("england-wales", "")
	if err != nil {
		return "", err
	}
	form, _ := p.Forms.Get("concern-check")
	setting, ok := p.Settings.Get("schools")
	if !ok || len(setting.Signs) < 6 || len(form.Ready.Pages) == 0 {
		return "", fmt.Errorf("the pack has no check for schools with six signs")
	}
	values := url.Values{
		"page": {form.Ready.Pages[len(form.Ready.Pages)-1].ID}, "go": {"next"},
		"q.now": {"with-me"}, "q.setting": {setting.ID}, "q.area": {"not-sure"},
	}
	for _, sign := range setting.Signs[:6] {
		values.Add("q.signs", sign.ID)
		values.Set("q.seen."+sign.ID, "saw")
		values.Set("q.seen."+sign.ID+".note", "At nine on Monday, at the gate.")
	}
	return values.Encode(), nil
}

// holds makes sure that we measure the page we mean.
func (c *caller) holds(request []byte, words string) error {
	c.buffer = make([]byte, 1<<20)
	head, body, err := c.fetch(request)
	if err != nil {
		return err
	}
	if !bytes.Contains(c.buffer[head:head+body], []byte(words)) {
		return fmt.Errorf("the reply is not the page we mean: it does not hold %q", words)
	}
	return nil
}

// whole fetches a page and the headers that another server should send with it too.
func whole(address, path string, packed bool) (body []byte, headers [][2]string, err error) {
	c, err := call(address)
	if err != nil {
		return nil, nil, err
	}
	defer c.conn.Close()
	for range 2 { // the first is made, the second is the kept one
		c.buffer = make([]byte, 1<<20)
		head, length, err := c.fetch(get(address, path, packed))
		if err != nil {
			return nil, nil, err
		}
		headers, body = nil, c.buffer[head:head+length]
		for _, line := range strings.Split(string(c.buffer[:head-len(headEnd)]), "\r\n")[1:] {
			name, value, _ := strings.Cut(line, ": ")
			switch name {
			case "Date", "Content-Length", "Content-Type", "Content-Encoding", "Vary", "Etag": // nginx sends its own
			default:
				headers = append(headers, [2]string{name, value})
			}
		}
	}
	return body, headers, nil
}

// contender is one server under one load.
type contender struct {
	load      load
	processes []int
}

// figures are the medians of some rounds.
type figures struct {
	rates    []float64
	rate     float64
	each     time.Duration // processor time of one reply
	p50, p99 time.Duration
	bytes    int
}

func (f figures) speed() string {
	return fmt.Sprintf("%s/s, %s of processor each", grouped(f.rate), short(f.each))
}

func (f figures) waits() string { return fmt.Sprintf("p50 %s, p99 %s", short(f.p50), short(f.p99)) }

// byTurns lets each contender be asked for some seconds, A B A B, after a round that does not count.
func (b *bench) byTurns(ctx context.Context, all []contender) ([]figures, error) {
	rounds, each := pick(b, 9, 3), pick(b, 3*time.Second, 500*time.Millisecond)
	outcomes := make([][]outcome, len(all))
	for round := range rounds + 1 {
		for i, c := range all {
			o, err := c.load.run(ctx, each, c.processes)
			if err != nil {
				return nil, err
			}
			if round > 0 {
				outcomes[i] = append(outcomes[i], o)
			}
		}
	}
	found := make([]figures, len(all))
	for i, some := range outcomes {
		var rates []float64
		var eachs, p50s, p99s []time.Duration
		for _, o := range some {
			rates, eachs = append(rates, o.rate()), append(eachs, o.each())
			p50s, p99s = append(p50s, o.at(0.5)), append(p99s, o.at(0.99))
		}
		found[i] = figures{rates, median(rates), median(eachs), median(p50s), median(p99s), some[len(some)-1].bytes}
	}
	return found, nil
}

// ratio is the median over the rounds, each of which compares neighbours in time.
func ratio(ours, theirs []float64) float64 {
	all := make([]float64, len(ours))
	for i := range ours {
		all[i] = ours[i] / theirs[i]
	}
	return median(all)
}

// short shows a time with as many digits as mean something.
func short(d time.Duration) string {
	switch ms := d.Seconds() * 1000; {
	case ms < 1:
		return fmt.Sprintf("%.0f µs", ms*1000)
	case ms < 100:
		return fmt.Sprintf("%.1f ms", ms)
	default:
		return fmt.Sprintf("%.0f ms", ms)
	}
}

// grouped is a whole number with a comma before each three digits.
func grouped(f float64) string {
	digits := fmt.Sprintf("%.0f", f)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
