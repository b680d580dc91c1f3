package webtest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Clamd starts Debian's ClamAV daemon as a user without rights, with the signatures of that folder and no others, and
// gives the folder in which its sockets are: clamd.sock, and the port of this machine that it also listens at. Settings
// are lines of clamd.conf. It ends with the test, or with the test binary, however that ends.
func Clamd(t testing.TB, signatures string, settings ...string) (socket, port string) {
	t.Helper()
	bin, err := exec.LookPath("clamd")
	if err != nil {
		if bin = "/usr/sbin/clamd"; !exists(bin) {
			t.Fatal("ClamAV: it is not installed: apt-get install clamav-daemon")
		}
	}
	folder, err := os.MkdirTemp("", "waymark-clamd-")
	if err != nil {
		t.Fatal(err)
	}
	c := cluster{folder: folder}
	if err := c.copySignatures(signatures); err != nil {
		t.Fatal(err)
	}
	port = freePort(t)
	lines := append([]string{
		"Foreground yes", "LogFile " + folder + "/log", "PidFile " + folder + "/pid", "LocalSocket " + folder + "/clamd.sock", "LocalSocketMode 666",
		"TCPAddr 127.0.0.1", "TCPSocket " + strings.TrimPrefix(port, "127.0.0.1:"), "DatabaseDirectory " + folder + "/signatures",
		"TemporaryDirectory " + folder, "Bytecode no",
	}, settings...)
	if err := os.WriteFile(folder+"/clamd.conf", []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		if err := c.unprivileged(); err != nil {
			t.Fatal(err)
		}
	}
	var said bytes.Buffer
	serve := exec.Command("/bin/sh", "-c", `"$0" --config-file="$1/clamd.conf" & read nothing; kill -KILL $!; wait $!; rm -rf "$1"`, bin, folder)
	serve.SysProcAttr = &syscall.SysProcAttr{Credential: c.as, Setsid: true}
	serve.Dir, serve.Stdout, serve.Stderr = folder, &said, &said
	alive, err := serve.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = alive.Close()
		_ = serve.Wait() // it was killed, and says so
	})
	socket = folder + "/clamd.sock"
	if err := answers(socket); err != nil {
		log, _ := os.ReadFile(folder + "/log")
		t.Fatalf("ClamAV: %v\n%s%s", err, log, said.String())
	}
	return socket, port
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (c *cluster) copySignatures(from string) error {
	to := filepath.Join(c.folder, "signatures")
	if err := os.Mkdir(to, 0o755); err != nil {
		return err
	}
	return os.CopyFS(to, os.DirFS(from))
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// answers waits until the daemon says PONG to PING.
func answers(socket string) error {
	last := errors.New("it did not start")
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		conn, err := net.Dial("unix", socket)
		if err != nil {
			last = err
			continue
		}
		pong := make([]byte, 5)
		_, err = conn.Write([]byte("zPING\x00"))
		if err == nil {
			_, err = conn.Read(pong)
		}
		_ = conn.Close()
		if err == nil && string(pong) == "PONG\x00" {
			return nil
		}
		last = fmt.Errorf("it answered %q: %w", pong, err)
	}
	return last
}
