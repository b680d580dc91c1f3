package webtest

import (
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"waymark/internal/clock"
	"waymark/internal/db"
)

// Crashing is a PostgreSQL server of one test's own, to be killed. What its system has in memory outlives it, so it need
// not wait for a real disk to be tried: what a crash loses is what the server itself had not written yet.
type Crashing struct {
	t    testing.TB
	own  cluster
	serv *exec.Cmd
}

// NewCrashing starts one.
func NewCrashing(t testing.TB) *Crashing {
	t.Helper()
	c := &Crashing{t: t}
	server.once.Do(func() { server.err = server.start() }) // finds the programs and the user
	if server.err != nil {
		t.Fatalf("PostgreSQL: %v", server.err)
	}
	folder, err := os.MkdirTemp("", "waymark-crash-")
	if err != nil {
		t.Fatal(err)
	}
	c.own = cluster{bin: server.bin, folder: folder, as: server.as}
	if c.own.as != nil {
		if err := os.Chown(folder, int(c.own.as.Uid), int(c.own.as.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() {
		c.kill()
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	if err := c.own.run("initdb", "--pgdata="+filepath.Join(folder, "data"), "--username=waymark", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"); err != nil {
		t.Fatal(err)
	}
	c.serve()
	return c
}

// Config is the server's one database.
func (c *Crashing) Config(now clock.Now) db.Config {
	return db.Config{URL: "postgres://waymark@/postgres?host=" + c.own.folder, Name: "waymark", Now: now}
}

// Crash kills the server as a fault in it would, and starts it again on what it had written.
func (c *Crashing) Crash() {
	c.t.Helper()
	c.kill()
	c.serve()
}

func (c *Crashing) kill() {
	if c.serv == nil {
		return
	}
	// The other processes of the server end by themselves, without writing, when they see that the first one is gone.
	c.serv.Process.Kill() //nolint:errcheck // it may have ended
	c.serv.Wait()         //nolint:errcheck // it was killed
	c.serv = nil
}

func (c *Crashing) serve() {
	c.t.Helper()
	said := ""
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		log := filepath.Join(c.own.folder, "log")
		serve := exec.Command("/bin/sh", "-c", `exec "$0" -D "$1/data" -k "$1" -c listen_addresses= -c fsync=off >"$1/log" 2>&1`, filepath.Join(c.own.bin, "postgres"), c.own.folder)
		serve.SysProcAttr = &syscall.SysProcAttr{Credential: c.own.as, Setsid: true, Pdeathsig: syscall.SIGKILL}
		serve.Dir = c.own.folder
		if err := serve.Start(); err != nil {
			c.t.Fatal(err)
		}
		c.serv = serve
		if c.ready(serve) {
			return
		}
		raw, _ := os.ReadFile(log)
		said = string(raw)
		c.kill()
		if !strings.Contains(said, "pre-existing shared memory") && !strings.Contains(said, "lock file") {
			break
		}
	}
	c.t.Fatalf("PostgreSQL did not come up again:\n%s", said)
}

func (c *Crashing) ready(serve *exec.Cmd) bool {
	pool, err := sql.Open("pgx", fmt.Sprintf("postgres://waymark@/postgres?host=%s", c.own.folder))
	if err != nil {
		return false
	}
	defer pool.Close()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if pool.Ping() == nil {
			return true
		}
		if syscall.Kill(serve.Process.Pid, 0) != nil || zombie(serve.Process.Pid) {
			return false
		}
	}
	return false
}

// zombie reports a process that has ended and was not waited for.
func zombie(pid int) bool {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(raw), ") Z ")
}
