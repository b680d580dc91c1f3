package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// cluster is a PostgreSQL server of the bench's own: Debian's programs, a user without rights, a socket and no port. It
// waits for its disk, as one with records in it must, and is otherwise as it comes.
type cluster struct {
	bin, folder string
	as          *syscall.Credential
	server      *exec.Cmd
	made        int
}

// postgresURL makes an empty database that sorts by bytes and gives its address; "" when PostgreSQL is not there.
func (b *bench) postgresURL(ctx context.Context) (string, error) {
	if b.cluster == nil {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
		if len(found) == 0 {
			b.note("PostgreSQL was not measured: it is not installed (apt-get install postgresql)")
			return "", nil
		}
		b.cluster = &cluster{bin: filepath.Dir(found[len(found)-1])}
		if err := b.cluster.start(ctx); err != nil {
			return "", fmt.Errorf("PostgreSQL: %w", err)
		}
	}
	c := b.cluster
	c.made++
	name := fmt.Sprintf("bench%d", c.made)
	if err := c.run(ctx, "createdb", "--host="+c.folder, "--username=waymark", "--template=template0", "--encoding=UTF8", "--locale=C", name); err != nil {
		return "", err
	}
	return "postgres://waymark@/" + name + "?host=" + c.folder, nil
}

func (c *cluster) start(ctx context.Context) (err error) {
	// Not inside the bench's own folder, which is closed to other users; and short, since the path of a socket is.
	if c.folder, err = os.MkdirTemp("", "waymark-bench-pg-"); err != nil {
		return err
	}
	if os.Geteuid() == 0 { // PostgreSQL refuses to run as root
		if err := c.unprivileged(); err != nil {
			return err
		}
	}
	data := filepath.Join(c.folder, "data")
	if err := c.run(ctx, "initdb", "--pgdata="+data, "--username=waymark", "--auth=trust", "--encoding=UTF8", "--locale=C"); err != nil {
		return err
	}
	c.server = exec.Command(filepath.Join(c.bin, "postgres"), "-D", data, "-k", c.folder, "-c", "listen_addresses=", "-c", "max_connections=200")
	c.server.SysProcAttr = &syscall.SysProcAttr{Credential: c.as, Pdeathsig: syscall.SIGQUIT}
	c.server.Dir = c.folder
	if err := c.server.Start(); err != nil {
		return err
	}
	ready, err := sql.Open("pgx", "postgres://waymark@/postgres?host="+c.folder)
	if err != nil {
		return err
	}
	defer ready.Close()
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if err = ready.PingContext(ctx); err == nil || time.Since(began) > time.Minute {
			return err
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

func (c *cluster) run(ctx context.Context, name string, args ...string) error {
	command := exec.CommandContext(ctx, filepath.Join(c.bin, name), args...)
	command.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	command.Dir = c.folder
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	if err := command.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, said.String())
	}
	return nil
}

// stop ends the server and takes its folder away.
func (c *cluster) stop() {
	if c.server != nil && c.server.Process != nil {
		_ = c.server.Process.Signal(syscall.SIGINT) // at once, without waiting for anybody
		_ = c.server.Wait()                         // how it ended does not matter
	}
	_ = os.RemoveAll(c.folder) // what is left lies in the folder for temporary files
}
