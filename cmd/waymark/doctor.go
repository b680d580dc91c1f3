package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"waymark/internal/site"
)

type doctorCommand struct {
	settings
}

// exitCode is an error that was told already, and what the process ends with.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

var marks = map[site.Health]string{site.Well: "well  ", site.Mind: "mind  ", site.Broken: "BROKEN"}

// Run prints one line for each thing that was looked at, and what to do. It ends with 0 when all is well, with 1 when
// somebody should see to something, and with 2 when something is broken.
func (c *doctorCommand) Run() error {
	ctx := context.Background()
	p := site.Patient{Data: c.Data, Now: time.Now()}
	p.Pack, p.PackErr = site.LoadPack(c.Pack, c.LocalPack)
	p.Road, p.RoadBad = c.roadInWords()
	if c.configured() {
		if cfg, err := c.private(ctx, nil); err != nil {
			p.NoKey = err
		} else {
			p.Private = &cfg
		}
	} else if _, err := os.Stat(filepath.Join(c.Data, "keyring")); err == nil {
		p.NoKey = errors.New("this copy keeps records, but no master key is named")
	}
	return report(p.Examine(ctx))
}

// report prints findings, and ends as the worst of them says.
func report(all []site.Finding) error {
	worst := site.Well
	for _, f := range all {
		fmt.Printf("%s  %s: %s\n", marks[f.Health], f.What, f.Says)
		if f.Do != "" {
			fmt.Printf("        do: %s\n", f.Do)
		}
		worst = max(worst, f.Health)
	}
	if worst != site.Well {
		return exitCode(worst)
	}
	return nil
}

// roadInWords says how requests arrive, and what is wrong with that when records would travel unencrypted.
func (c *doctorCommand) roadInWords() (says, wrong string) {
	if _, err := c.road(); err != nil {
		return "", err.Error()
	}
	host, _, _ := net.SplitHostPort(c.Listen)
	ip := net.ParseIP(host)
	switch loopback := host == "localhost" || ip != nil && ip.IsLoopback(); {
	case c.TLSCert != "":
		held := &certificate{cert: c.TLSCert, key: c.TLSKey}
		loaded, err := held.current(nil)
		if err != nil {
			return "", err.Error()
		}
		if loaded.Leaf != nil && time.Until(loaded.Leaf.NotAfter) < 14*24*time.Hour {
			return "", "the certificate ends on " + loaded.Leaf.NotAfter.Format("2 January 2006")
		}
		return "the program answers over HTTPS itself", ""
	case c.TrustedProxy != "":
		return "over the proxy " + c.TrustedProxy, ""
	case loopback:
		return "on this machine only; sign-in from elsewhere needs a certificate or a named proxy", ""
	}
	return "", "it answers on " + c.Listen + " without HTTPS, where nobody can sign in"
}
