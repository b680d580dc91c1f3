package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// server is a program of its own that answers on a port of this machine.
type server struct {
	command *exec.Cmd
	address string
	first   time.Duration // from its start to the first good reply
}

// launch starts a program and waits until it answers a path well.
func launch(ctx context.Context, address, path, dir string, stderr io.Writer, env []string, name string, args ...string) (*server, error) {
	s := &server{command: exec.CommandContext(ctx, name, args...), address: address}
	s.command.Dir, s.command.Stderr = dir, stderr
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "WAYMARK_") {
			s.command.Env = append(s.command.Env, variable)
		}
	}
	s.command.Env = append(s.command.Env, env...)
	s.command.Cancel = func() error { return s.command.Process.Signal(syscall.SIGTERM) }
	s.command.WaitDelay = 15 * time.Second
	began := time.Now()
	if err := s.command.Start(); err != nil {
		return nil, err
	}
	for {
		c, err := call(address)
		if err == nil {
			_, err = c.ask(get(address, path, true))
			s.first = time.Since(began)
			c.conn.Close()
		}
		switch {
		case err == nil:
			return s, nil
		case ctx.Err() != nil || time.Since(began) > time.Minute:
			s.stop()
			return nil, fmt.Errorf("%s does not answer: %w", filepath.Base(name), err)
		}
		time.Sleep(time.Millisecond)
	}
}

// stop ends the program.
func (s *server) stop() {
	_ = s.command.Process.Signal(syscall.SIGTERM) // it may have ended already
	_ = s.command.Wait()                          // how it ended does not matter
}

// used is the processor time from start to end, once it has stopped.
func (s *server) used() time.Duration {
	return s.command.ProcessState.UserTime() + s.command.ProcessState.SystemTime()
}

func (s *server) pid() int { return s.command.Process.Pid }

// freeAddress is one on which nobody answers now.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// serveWaymark starts the binary with a data folder, and waits for its front page. The copy knows its own address, as
// docs/operate.md asks: pages that name the host are only kept when they need not believe the request.
func (b *bench) serveWaymark(ctx context.Context, data string, stderr io.Writer, env ...string) (*server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	return launch(ctx, address, "/", b.dir, stderr, append([]string{"WAYMARK_PUBLIC_URL=http://" + address}, env...), b.waymark, "serve", "--listen", address, "--data", data)
}

// rival is nginx's configuration: as its manual advises for files, with our headers and a packed copy made beforehand.
// Its caches of open files are on, so that it is the best rival that it can be.
const rival = `%sworker_processes 2;
daemon off;
pid nginx.pid;
error_log error.log;
events { worker_connections 512; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_timeout 120;
  keepalive_requests 1000000000;
  gzip_static on;
  gzip_vary on;
  open_file_cache max=100 inactive=1h;
  open_file_cache_valid 1h;
  types { }
  default_type "text/html; charset=utf-8";
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {
    listen %s;
    root www;
%s  }
}
`

// serveNginx answers one path with these bytes, plain and packed, and these headers.
func (b *bench) serveNginx(ctx context.Context, path string, plain, packed []byte, headers [][2]string) (*server, error) {
	program, err := exec.LookPath("nginx")
	if err != nil {
		if program, err = exec.LookPath("/usr/sbin/nginx"); err != nil {
			return nil, fmt.Errorf("nginx is the rival and is missing; install it, then try again: sudo apt-get install nginx-light: %w", err)
		}
	}
	dir, err := os.MkdirTemp(b.dir, "nginx-")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "www", filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	var more strings.Builder
	for _, h := range headers {
		fmt.Fprintf(&more, "    add_header %s \"%s\";\n", h[0], strings.ReplaceAll(h[1], `"`, `\"`))
	}
	user := ""
	if os.Getuid() == 0 {
		user = "user root;\n" // its workers would otherwise not be let into our folder
	}
	for name, content := range map[string][]byte{file: plain, file + ".gz": packed, filepath.Join(dir, "nginx.conf"): fmt.Appendf(nil, rival, user, address, more.String())} {
		if err := os.WriteFile(name, content, 0o600); err != nil {
			return nil, err
		}
	}
	return launch(ctx, address, path, dir, os.Stderr, nil, program, "-p", dir, "-e", "error.log", "-c", "nginx.conf")
}
