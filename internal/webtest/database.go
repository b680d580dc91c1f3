package webtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"waymark/internal/clock"
	"waymark/internal/db"
)

// OnBoth runs a test on an empty SQLite database and on an empty PostgreSQL database, each with these schemas.
// `go test -short` leaves PostgreSQL out.
func OnBoth(t *testing.T, test func(*testing.T, *db.DB), schemas ...db.Schema) {
	t.Helper()
	OnBothAt(t, time.Now, test, schemas...)
}

// OnBothAt is OnBoth with a clock of its own.
func OnBothAt(t *testing.T, now clock.Now, test func(*testing.T, *db.DB), schemas ...db.Schema) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, OpenDB(t, SQLite(t, now), schemas...)) })
	if !testing.Short() {
		t.Run("postgres", func(t *testing.T) { test(t, OpenDB(t, Postgres(t, now), schemas...)) })
	}
}

// OpenDB opens one database and brings it to these schemas; it closes with the test.
func OpenDB(t testing.TB, cfg db.Config, schemas ...db.Schema) *db.DB {
	t.Helper()
	d, err := db.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	if len(schemas) > 0 {
		if err := d.Migrate(context.Background(), "test", schemas...); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// SQLite is a new SQLite database in a folder that goes with the test.
func SQLite(t testing.TB, now clock.Now) db.Config {
	t.Helper()
	key := make([]byte, 32)
	rand.Read(key)
	return db.Config{Folder: t.TempDir(), Name: "waymark", PageKey: key, Now: now}
}

// Postgres is a new, empty database of the PostgreSQL server that this test binary started, which sorts by bytes.
func Postgres(t testing.TB, now clock.Now) db.Config {
	t.Helper()
	return db.Config{URL: PostgresURL(t, "--locale=C"), Name: "waymark", Now: now}
}

// PostgresURL makes a database with one more option of createdb, such as --locale=C, and gives its address.
func PostgresURL(t testing.TB, option string) string {
	t.Helper()
	server.once.Do(func() { server.err = server.start() })
	if server.err != nil {
		t.Fatalf("PostgreSQL: %v", server.err)
	}
	var b [6]byte
	rand.Read(b[:])
	name := "t" + hex.EncodeToString(b[:])
	if err := server.run("createdb", "--host="+server.folder, "--username=waymark", "--template=template0", "--encoding=UTF8", option, name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.run("dropdb", "--host="+server.folder, "--username=waymark", "--force", name); err != nil {
			t.Error(err)
		}
	})
	return "postgres://waymark@/" + name + "?host=" + server.folder
}

// cluster is one PostgreSQL server for all tests of one binary: Debian's programs, a user without rights, a socket and
// no port. It ends with the binary, however that ends.
type cluster struct {
	once   sync.Once
	err    error
	bin    string
	folder string
	as     *syscall.Credential
	alive  io.WriteCloser // the server runs as long as this pipe is open
}

var server cluster

func (c *cluster) start() error {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return errors.New("it is not installed: apt-get install postgresql")
	}
	c.bin = filepath.Dir(found[len(found)-1])
	folder, err := os.MkdirTemp("", "waymark-postgres-")
	if err != nil {
		return err
	}
	c.folder = folder
	if os.Geteuid() == 0 { // PostgreSQL refuses to run as root
		if err := c.unprivileged(); err != nil {
			return err
		}
	}
	data := filepath.Join(folder, "data")
	if err := c.run("initdb", "--pgdata="+data, "--username=waymark", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"); err != nil {
		return err
	}
	// The shell waits on the pipe from us; when it closes, the server is stopped and its folder goes.
	serve := exec.Command("/bin/sh", "-c", `"$0" -D "$1/data" -k "$1" -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=200 >"$1/log" 2>&1 &
read nothing; kill -QUIT $!; wait $!; rm -rf "$1"`, filepath.Join(c.bin, "postgres"), folder)
	serve.SysProcAttr = &syscall.SysProcAttr{Credential: c.as, Setsid: true}
	serve.Dir = folder
	if c.alive, err = serve.StdinPipe(); err != nil {
		return err
	}
	if err := serve.Start(); err != nil {
		return err
	}
	ready, err := sql.Open("pgx", "postgres://waymark@/postgres?host="+folder)
	if err != nil {
		return err
	}
	defer ready.Close()
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		if err = ready.Ping(); err == nil {
			return nil
		}
		if time.Now().After(end) {
			said, _ := os.ReadFile(filepath.Join(folder, "log"))
			return fmt.Errorf("it did not start: %w\n%s", err, said)
		}
	}
}

// unprivileged chooses the user "nobody", who owns the folder from now on.
func (c *cluster) unprivileged() error {
	nobody, err := user.Lookup("nobody")
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(nobody.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(nobody.Gid)
	if err != nil {
		return err
	}
	c.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(c.folder, uid, gid)
}

func (c *cluster) run(name string, args ...string) error {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	cmd.Dir = c.folder
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, said.String())
	}
	return nil
}
