package casework

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"time"
)

// Scanner asks ClamAV's daemon about a file, over a socket of this machine. A nil Scanner is none: files are taken as
// they are, and their page says that nobody looked.
type Scanner struct {
	Patience time.Duration // how long somebody who attaches a file waits for the answer

	network, address string
	places           chan struct{} // how many files are looked at together; more wait no longer than Patience
}

// The three ways in which a scanner cannot tell. A file stays shut until it can.
var (
	ErrScannerAbsent = errors.New("the virus scanner does not answer at its socket")
	ErrScannerSlow   = errors.New("the virus scanner did not answer in time: it is slow, or its queue is full")
	ErrScannerUnsure = errors.New("the virus scanner could not look at the file")
)

const (
	scanPatience = 20 * time.Second
	scanTogether = 2
	scanPiece    = 64 << 10
	scanAnswer   = 4 << 10
)

// NewScanner reads the setting: unix:/run/clamav/clamd.ctl or 127.0.0.1:3310. The daemon must be on this machine, since
// what is sent to it is not encrypted. "" is no scanner.
func NewScanner(setting string) (*Scanner, error) {
	if setting == "" {
		return nil, nil
	}
	s := &Scanner{Patience: scanPatience, places: make(chan struct{}, scanTogether)}
	if path, ok := strings.CutPrefix(setting, "unix:"); ok {
		if !strings.HasPrefix(path, "/") {
			return nil, fmt.Errorf("clamav %q: write the whole path of the socket, such as unix:/run/clamav/clamd.ctl", setting)
		}
		s.network, s.address = "unix", path
		return s, nil
	}
	at, err := netip.ParseAddrPort(setting)
	if err != nil {
		return nil, fmt.Errorf("clamav %q: write unix:/path/of/the/socket, or an address of this machine such as 127.0.0.1:3310", setting)
	}
	if !at.Addr().IsLoopback() {
		return nil, fmt.Errorf("clamav %q is another machine, and what is sent to it can be read on the way: run clamd on this one, or bring its socket here by a tunnel", setting)
	}
	s.network, s.address = "tcp", setting
	return s, nil
}

// Scan says whether the daemon knows the file as one that does harm, and by which name. An error says that it cannot tell.
func (s *Scanner) Scan(ctx context.Context, body []byte) (found string, err error) {
	ctx, stop := context.WithTimeout(ctx, s.Patience)
	defer stop()
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
	case <-ctx.Done():
		return "", ErrScannerSlow
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, s.network, s.address)
	if err != nil {
		if ctx.Err() != nil {
			return "", ErrScannerSlow
		}
		return "", fmt.Errorf("%w: %w", ErrScannerAbsent, err)
	}
	defer conn.Close()
	until, _ := ctx.Deadline()
	if err := conn.SetDeadline(until); err != nil {
		return "", fmt.Errorf("%w: %w", ErrScannerAbsent, err)
	}
	return s.ask(conn, body)
}

// ask speaks INSTREAM: pieces with their length before them, a length of nothing at the end, one line as the answer.
// https://docs.clamav.net/manual/Usage/Scanning.html#clamd
func (s *Scanner) ask(conn net.Conn, body []byte) (found string, err error) {
	sendErr := sendPieces(conn, body)
	answer, err := io.ReadAll(io.LimitReader(conn, scanAnswer))
	said := strings.TrimRight(string(bytes.TrimRight(answer, "\x00")), "\n")
	switch {
	case said == "stream: OK" && sendErr == nil:
		return "", nil
	case strings.HasPrefix(said, "stream: ") && strings.HasSuffix(said, " FOUND"):
		return strings.TrimSuffix(strings.TrimPrefix(said, "stream: "), " FOUND"), nil
	case said != "":
		return "", fmt.Errorf("%w: it said %q", ErrScannerUnsure, said)
	}
	var waited net.Error
	for _, e := range []error{err, sendErr} {
		if errors.As(e, &waited) && waited.Timeout() {
			return "", ErrScannerSlow
		}
	}
	return "", fmt.Errorf("%w: it hung up without a word", ErrScannerSlow) // which is what it does when its queue is full
}

func sendPieces(conn net.Conn, body []byte) error {
	if _, err := io.WriteString(conn, "zINSTREAM\x00"); err != nil {
		return err
	}
	for rest := body; len(rest) > 0; {
		n := min(len(rest), scanPiece)
		piece := binary.BigEndian.AppendUint32(make([]byte, 0, 4+n), uint32(n))
		if _, err := conn.Write(append(piece, rest[:n]...)); err != nil {
			return err
		}
		rest = rest[n:]
	}
	_, err := conn.Write([]byte{0, 0, 0, 0})
	return err
}
