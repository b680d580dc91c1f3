package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"waymark": main})
}

func TestTheCommandLineDoesWhatTheManualSays(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", Setup: func(env *testscript.Env) error {
		return nil
	}, Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
		"started": started,
		"fetch":   fetch,
		"refused": refused,
		"cases":   cases,
		"parts":   parts,
		"traced":  traced,
		"looks":   looks,
		"forge":   forge,

		"records":    openedRecords,
		"lose":       lose,
		"nowhere":    nowhere,
		"cut":        cut,
		"alter":      alter,
		"background": background,
	}})
}

// started runs `waymark ARGS` in the background and waits until it says where it answers: started ADDRESS-FILE ARGS…
func started(ts *testscript.TestScript, neg bool, args []string) {
	ctx, cancel := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, "waymark", args[1:]...)
	command.Dir = ts.MkAbs(".")
	command.Env = append(os.Environ(), "PATH="+ts.Getenv("PATH"))
	command.Stderr = os.Stderr
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	out, err := command.StdoutPipe()
	ts.Check(err)
	began := time.Now()
	ts.Check(command.Start())
	ts.Defer(func() { cancel(); command.Wait() })
	scan := bufio.NewScanner(out)
	for scan.Scan() {
		if _, rest, ok := strings.Cut(scan.Text(), "http://"); ok {
			address, _, _ := strings.Cut(rest, " ")
			ts.Logf("answers on %s after %s", address, time.Since(began))
			ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(address), 0o600))
			return
		}
	}
	ts.Fatalf("waymark %v did not start", args[1:])
}

// refused runs a second copy on the address that is in a file, and wants one sentence with the way out: refused ADDRESS-FILE
func refused(ts *testscript.TestScript, neg bool, args []string) {
	address := ts.ReadFile(args[0])
	host, port, err := net.SplitHostPort(address)
	ts.Check(err)
	n, err := strconv.Atoi(port)
	ts.Check(err)
	command := exec.Command("waymark", "demo", "--listen", address)
	command.Env = append(os.Environ(), "PATH="+ts.Getenv("PATH"))
	said, err := command.CombinedOutput()
	want := fmt.Sprintf("waymark: another program answers on %s already; stop it, or choose another port with --listen %s\n", address, net.JoinHostPort(host, strconv.Itoa(n+1)))
	if err == nil || string(said) != want {
		ts.Fatalf("a taken port is told as %q (%v), not as %q", said, err, want)
	}
}

// fetch asks for a path of the copy whose address is in a file, and looks for words: fetch ADDRESS-FILE PATH WORDS
func fetch(ts *testscript.TestScript, neg bool, args []string) {
	reply, err := http.Get("http://" + ts.ReadFile(args[0]) + args[1])
	ts.Check(err)
	defer reply.Body.Close()
	body := &strings.Builder{}
	_, err = bufio.NewReader(reply.Body).WriteTo(body)
	ts.Check(err)
	if strings.Contains(body.String(), args[2]) == neg {
		ts.Fatalf("%s: %s", args[1], fmt.Sprintf("%.2000s", body.String()))
	}
}
