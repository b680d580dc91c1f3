package db

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"waymark/internal/fault"
)

// copy lets pg_dump read the very moment that look sees.
func (postgres) copy(ctx context.Context, d *DB, _ string, _ []byte, w io.Writer, look func(*Tx) error) error {
	return d.once(ctx, d.read, "", true, func(tx *Tx) error {
		snapshot, err := One(tx, Of[string], `select pg_export_snapshot()`)
		if err != nil {
			return err
		}
		if err := look(tx); err != nil {
			return err
		}
		return runClient(ctx, d.url, nil, w, "pg_dump", "--format=custom", "--compress=0", "--no-owner", "--no-privileges", "--snapshot="+snapshot)
	})
}

func fillPostgres(ctx context.Context, cfg Config, r io.Reader) error {
	d, err := Open(cfg)
	if err != nil {
		return err
	}
	var tables int64
	err = d.Read(ctx, "", func(tx *Tx) (err error) {
		tables, err = One(tx, Of[int64], `select count(1) from pg_tables where schemaname = 'public'`)
		return err
	})
	if err = errors.Join(err, d.Close()); err != nil {
		return err
	}
	if tables > 0 {
		return fault.Of(fault.Conflict, "the database holds tables already; nothing is restored over any: name an empty one")
	}
	name, err := pgx.ParseConfig(cfg.URL)
	if err != nil {
		return postgres{}.explain(err)
	}
	return runClient(ctx, cfg.URL, r, io.Discard, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--dbname="+name.Database)
}

// runClient runs a program of PostgreSQL's own client. The address of the database goes through the environment, since
// everybody on the machine can read the arguments of a program. What the program complains of may quote a row, so only
// its first line goes on, and of that what stands before any value.
func runClient(ctx context.Context, address string, in io.Reader, out io.Writer, name string, args ...string) error {
	program, err := findClient(name)
	if err != nil {
		return err
	}
	environment, err := clientEnvironment(address)
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, program, args...)
	command.Env = append(os.Environ(), environment...)
	command.Stdin, command.Stdout = in, out
	said := &bytes.Buffer{}
	command.Stderr = said
	if err := command.Run(); err != nil {
		line, _, _ := strings.Cut(said.String(), "\n")
		line, _, _ = strings.Cut(line, "DETAIL")
		if strings.Contains(said.String(), "server version mismatch") {
			return fault.Of(fault.Unwritable, "%s is older than the database server; install the client of the server's version", name)
		}
		return fmt.Errorf("%s: %.200s: %w", name, line, err)
	}
	return nil
}

// findClient prefers Debian's newest over the path, since an older pg_dump refuses a newer server.
func findClient(name string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err == nil && len(found) > 0 {
		return found[len(found)-1], nil
	}
	program, err := exec.LookPath(name)
	if err != nil {
		return "", fault.Of(fault.Unwritable, "%s is not installed, and a PostgreSQL database cannot be copied without it: apt-get install postgresql-client", name)
	}
	return program, nil
}

func clientEnvironment(address string) ([]string, error) {
	cfg, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, postgres{}.explain(err)
	}
	all := []string{"PGHOST=" + cfg.Host, fmt.Sprintf("PGPORT=%d", cfg.Port), "PGUSER=" + cfg.User, "PGDATABASE=" + cfg.Database}
	if cfg.Password != "" {
		all = append(all, "PGPASSWORD="+cfg.Password)
	}
	if u, err := url.Parse(address); err == nil {
		for key, variable := range map[string]string{"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"} {
			if value := u.Query().Get(key); value != "" {
				all = append(all, variable+"="+value)
			}
		}
	}
	return all, nil
}

// Scratch makes an empty database beside the one that the address names, and drops it afterwards. The user needs the
// right to make databases.
func Scratch(ctx context.Context, address string) (scratch string, drop func() error, err error) {
	cfg, err := pgx.ParseConfig(address)
	if err != nil {
		return "", nil, postgres{}.explain(err)
	}
	var b [6]byte
	rand.Read(b[:])
	name := "waymark_scratch_" + hex.EncodeToString(b[:])
	run := func(statement string) error {
		conn, err := pgx.ConnectConfig(context.WithoutCancel(ctx), cfg.Copy())
		if err != nil {
			return postgres{}.explain(err)
		}
		_, err = conn.Exec(context.WithoutCancel(ctx), statement)
		return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
	}
	if err := run(`create database ` + name + ` template template0 encoding 'UTF8' locale 'C'`); hasCode(err, "42501") {
		return "", nil, fault.Of(fault.Unwritable, "the database user may not make the scratch database that a restore is tried in: alter role NAME createdb")
	} else if err != nil {
		return "", nil, err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", nil, errors.New("the address of the database is not one of PostgreSQL, such as postgres://name@host/database")
	}
	u.Path = "/" + name
	return u.String(), func() error { return run(`drop database if exists ` + name + ` with (force)`) }, nil
}
