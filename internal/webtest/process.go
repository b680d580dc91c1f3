package webtest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"testing"
)

const (
	partVariable = "WAYMARK_TEST_PART"
	withVariable = "WAYMARK_TEST_WITH"
)

// Main is the TestMain of a package whose tests start a part of themselves as another process, to kill it. A part is
// told what it works with as JSON, and tells what it did line by line on standard output.
func Main(m *testing.M, parts map[string]func(with []byte) error) {
	if name := os.Getenv(partVariable); name != "" {
		part := parts[name]
		if part == nil {
			fmt.Fprintf(os.Stderr, "there is no part %q\n", name)
			os.Exit(2)
		}
		if err := part([]byte(os.Getenv(withVariable))); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// Process is a part of a test in a process of its own.
type Process struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
}

// Start starts a part of this test binary. It is killed at the end of the test at the latest.
func Start(t testing.TB, part string, with any) *Process {
	t.Helper()
	return start(t, part, with, os.Stderr)
}

// StartQuiet is Start for a part that will fail, of which nobody needs to hear.
func StartQuiet(t testing.TB, part string, with any) *Process {
	t.Helper()
	return start(t, part, with, io.Discard)
}

func start(t testing.TB, part string, with any, errors io.Writer) *Process {
	t.Helper()
	raw, err := json.Marshal(with)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), partVariable+"="+part, withVariable+"="+string(raw))
	cmd.Stderr = errors
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &Process{cmd, bufio.NewScanner(out)}
	t.Cleanup(func() { p.Kill() })
	return p
}

// Line waits for the next line. There is none when the process has ended.
func (p *Process) Line() (string, bool) {
	if !p.lines.Scan() {
		return "", false
	}
	return p.lines.Text(), true
}

// Kill ends the process with SIGKILL, which it cannot see coming, and gives the lines that it had told before.
func (p *Process) Kill() []string {
	if p.cmd.ProcessState != nil {
		return nil
	}
	p.cmd.Process.Kill() //nolint:errcheck // it may have ended
	var told []string
	for p.lines.Scan() {
		told = append(told, p.lines.Text())
	}
	p.cmd.Wait() //nolint:errcheck // it was killed
	return told
}

// HowOften is how often a process is killed at least, and how many answers it has acknowledged before: WAYMARK_KILLS of them
// for `make soak`.
func HowOften(t testing.TB) (kills, answers int) {
	t.Helper()
	if s := os.Getenv("WAYMARK_KILLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return n, 10 * n
	}
	if testing.Short() || raced {
		return 5, 50
	}
	return 50, 500
}
