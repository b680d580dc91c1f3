package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"waymark/internal/access"
	"waymark/internal/db"
	"waymark/internal/seal"
	"waymark/internal/site"
	"waymark/internal/web"
)

type serveCommand struct {
	settings
}

// Run answers until it is told to stop. SIGHUP loads the local pack again.
func (c *serveCommand) Run() error {
	cfg := c.config()
	cfg.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("the data folder %s cannot be made: %w", c.Data, err)
	}
	release, err := db.Hold(c.Data)
	if err != nil {
		return err
	}
	defer release()
	if cfg.Road, err = c.road(); err != nil {
		return err
	}
	cfg.Idle = min(time.Duration(c.IdleMinutes)*time.Minute, access.LockAfter)
	if c.configured() {
		private, err := c.private(context.Background(), cfg.Log)
		if err != nil {
			return err
		}
		private.BeforeChange = site.BackUpBeforeChange
		if cfg.Private, err = site.OpenPrivate(context.Background(), private); err != nil {
			return err
		}
		defer cfg.Private.Close()
	}
	return serve(cfg, c.settings, true)
}

// demoIdle leaves time to look around.
const demoIdle = 15 * time.Minute

type demoCommand struct {
	Listen string `default:"localhost:8080" env:"WAYMARK_LISTEN" help:"Address and port to answer on."`
}

// Run shows Waymark with what came with it. The data folder is thrown away at the end.
func (c *demoCommand) Run() error {
	data, err := os.MkdirTemp("", "waymark-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	private, err := site.OpenPrivate(context.Background(), site.PrivateConfig{
		Data: data, Master: seal.NewMaster(), Program: version, Now: time.Now, Log: log, Quick: true,
	})
	if err != nil {
		return err
	}
	defer private.Close()
	return serve(site.Config{
		Pack: "demo", Data: data, Demo: true, Log: log, Private: private, Idle: demoIdle,
		Site: web.Site{Name: "Ashmere (invented)", RunBy: "nobody: Ashmere is invented", Version: version},
	}, settings{Listen: c.Listen}, false)
}

// serve listens first, so that a taken port is said before anything else is done.
func serve(cfg site.Config, with settings, lasting bool) error {
	listen := with.Listen
	listener, err := net.Listen("tcp", listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("another program answers on %s already; stop it, or choose another port with --listen %s", listen, another(listen))
	}
	if err != nil {
		return fmt.Errorf("cannot answer on %s: %w", listen, err)
	}
	defer listener.Close()
	answering, err := with.secure(listener)
	if err != nil {
		return err
	}
	s, err := site.Open(cfg)
	if err != nil {
		return err
	}
	defer s.Close()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if lasting {
		forget, err := leavePID(cfg.Data)
		if err != nil {
			return err
		}
		defer forget()
		go reloadOnHangup(ctx, s, cfg)
	}
	address := "http://" + shown(listener, listen)
	if with.TLSCert != "" {
		address = "https://" + shown(listener, listen)
	}
	fmt.Printf("Waymark answers on %s – press Ctrl+C to stop.\n", address)
	if cfg.Private == nil {
		if lasting {
			fmt.Println("There are no accounts and no records: no master key is named. `waymark key new --help` says how to make one.")
		}
	} else {
		if cfg.Demo {
			if err := s.Invent(ctx); err != nil {
				return err
			}
			fmt.Printf("Six invented records are behind %s/demo, to be looked at as one of four invented people.\n", address)
		}
		var background sync.WaitGroup
		background.Go(func() { cfg.Private.Run(ctx) })
		background.Go(func() { s.Tend(ctx) })
		defer background.Wait()
		if err := sayFirstLink(ctx, cfg, address); err != nil { // a demonstration has its administrator
			return err
		}
	}
	return web.Serve(ctx, answering, s.Handler(), cfg.Log)
}

// sayFirstLink prints, for a copy without an administrator, where the first one is made.
func sayFirstLink(ctx context.Context, cfg site.Config, address string) error {
	path, err := cfg.Private.FirstLink(ctx)
	if err != nil || path == "" {
		return err
	}
	if cfg.Site.URL != "" {
		address = cfg.Site.URL
	}
	fmt.Printf("This copy has no administrator yet. Within %d minutes, open\n\n    %s%s\n\nto become the first. A new start prints a new link.\n",
		int(access.FirstLinkLasts.Minutes()), address, path)
	return nil
}

// shown is the address as a person would open it.
func shown(listener net.Listener, listen string) string {
	host, _, _ := net.SplitHostPort(listen)
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	if host == "" || host == "0.0.0.0" || host == "::" {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// another suggests the next port.
func another(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	n, bad := strconv.Atoi(port)
	if err != nil || bad != nil || n >= 65535 {
		return "localhost:8081"
	}
	return net.JoinHostPort(host, strconv.Itoa(n+1))
}

// leavePID writes down the process, so that `waymark pack activate` finds it.
func leavePID(data string) (forget func(), err error) {
	path := filepath.Join(data, "waymark.pid")
	if err := os.WriteFile(path, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		return nil, fmt.Errorf("the data folder cannot be written to: %w", err)
	}
	return func() { os.Remove(path) }, nil
}

// reloadOnHangup makes a changed local pack live, and keeps the old one when the new one is broken.
// What came of it is left in the data folder for `waymark pack activate` to tell.
func reloadOnHangup(ctx context.Context, s *site.Site, cfg site.Config) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	for {
		select {
		case <-ctx.Done():
			return
		case <-hangup:
		}
		var outcome string
		if changed, err := s.Reload(); err != nil {
			cfg.Log.Error("the pack was not made live; the one before stays", "faults", strings.Count(err.Error(), "\n")+1, "first", firstLine(err))
			outcome = "kept " + s.Pack().Version() + "\n" + err.Error()
		} else if changed {
			outcome = "live " + s.Pack().Version()
		} else {
			outcome = "same " + s.Pack().Version()
		}
		temporary := filepath.Join(cfg.Data, "activation.new")
		err := os.WriteFile(temporary, []byte(outcome+"\n"), 0o600)
		if err == nil {
			err = os.Rename(temporary, filepath.Join(cfg.Data, "activation"))
		}
		if err != nil {
			cfg.Log.Error("the outcome could not be left for `waymark pack activate`", "error", err)
		}
	}
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
