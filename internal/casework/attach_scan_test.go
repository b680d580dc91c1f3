package casework_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework"
	"waymark/internal/webtest"
)

// eicar is the file by which every scanner can be tried. It stands here in two pieces, so that no scanner finds this test.
var eicar = []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`)

func scannerAt(t *testing.T, setting string) *casework.Scanner {
	t.Helper()
	s, err := casework.NewScanner(setting)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestClamAVFindsWhatItKnowsAndLetsTheRestPass(t *testing.T) {
	if testing.Short() {
		t.Skip("starts ClamAV's daemon")
	}
	socket, port := webtest.Clamd(t, "testdata/clamav", "StreamMaxLength 1M")
	for _, setting := range []string{"unix:" + socket, port} {
		s := scannerAt(t, setting)
		if found, err := s.Scan(t.Context(), eicar); err != nil || !strings.Contains(found, "EICAR") {
			t.Errorf("%s: of the file that every scanner knows it says %q, %v", setting, found, err)
		}
		for name, body := range map[string][]byte{"words": []byte("He came at ten."), "nothing": nil, "many pieces": make([]byte, 300<<10)} {
			if found, err := s.Scan(t.Context(), body); err != nil || found != "" {
				t.Errorf("%s: of %s it says %q, %v", setting, name, found, err)
			}
		}
		hidden := append(append(make([]byte, 200<<10), eicar...), make([]byte, 100)...)
		if found, err := s.Scan(t.Context(), hidden); err != nil || found == "" {
			t.Errorf("%s: what stands behind other bytes is not found: %v", setting, err)
		}
		if found, err := s.Scan(t.Context(), make([]byte, 4<<20)); err == nil {
			t.Errorf("%s: more than it takes passes as %q", setting, found)
		}
	}
}

func TestAScannerWhoseQueueIsFullLetsNothingPass(t *testing.T) {
	if testing.Short() {
		t.Skip("starts ClamAV's daemon")
	}
	socket, _ := webtest.Clamd(t, "testdata/clamav", "MaxThreads 1", "MaxQueue 2", "ReadTimeout 60", "CommandReadTimeout 60")
	for range 4 { // others, who begin to send and do not go on
		busy, err := net.Dial("unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		defer busy.Close()
		if _, err := busy.Write([]byte("zINSTREAM\x00\x00\x00\x00\x10")); err != nil {
			t.Fatal(err)
		}
	}
	s := scannerAt(t, "unix:"+socket)
	s.Patience = 700 * time.Millisecond
	if found, err := s.Scan(t.Context(), []byte("He came at ten.")); !errors.Is(err, casework.ErrScannerSlow) {
		t.Errorf("a full queue says %q, %v", found, err)
	}
}

func TestAScannerThatIsNotThereLetsNothingPass(t *testing.T) {
	for _, setting := range []string{"unix:" + filepath.Join(t.TempDir(), "none.sock"), "127.0.0.1:1"} {
		if _, err := scannerAt(t, setting).Scan(t.Context(), []byte("x")); !errors.Is(err, casework.ErrScannerAbsent) {
			t.Errorf("%s: %v", setting, err)
		}
	}
}

// deaf listens, and answers what it is told to, or nothing.
func deaf(t *testing.T, answer string) string {
	t.Helper()
	socket := filepath.Join(t.TempDir(), "deaf.sock")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			if answer != "" {
				go func() {
					_, _ = conn.Read(make([]byte, 1<<20))
					_, _ = conn.Write([]byte(answer))
					_ = conn.Close()
				}()
			}
		}
	}()
	return "unix:" + socket
}

func TestAScannerThatIsSlowOrOddLetsNothingPass(t *testing.T) {
	for answer, want := range map[string]error{
		"": casework.ErrScannerSlow, "\x00": casework.ErrScannerSlow, "stream: Can't open file ERROR\x00": casework.ErrScannerUnsure,
		"INSTREAM size limit exceeded. ERROR\x00": casework.ErrScannerUnsure, "OK\x00": casework.ErrScannerUnsure, "stream: OK and more\x00": casework.ErrScannerUnsure,
	} {
		s := scannerAt(t, deaf(t, answer))
		s.Patience = 300 * time.Millisecond
		if found, err := s.Scan(t.Context(), []byte("He came at ten.")); !errors.Is(err, want) || found != "" {
			t.Errorf("%q: %q, %v", answer, found, err)
		}
	}
	s := scannerAt(t, deaf(t, ""))
	s.Patience = time.Second
	gone, stop := context.WithCancel(t.Context())
	stop()
	if _, err := s.Scan(gone, []byte("x")); err == nil {
		t.Error("somebody who went away is told that all is well")
	}
}

func TestTheScannerMustBeOnThisMachine(t *testing.T) {
	if s, err := casework.NewScanner(""); s != nil || err != nil {
		t.Error(s, err)
	}
	for _, setting := range []string{"unix:clamd.ctl", "clamav:3310", "192.0.2.7:3310", "localhost", "3310"} {
		if _, err := casework.NewScanner(setting); err == nil {
			t.Errorf("%s is taken", setting)
		}
	}
}
