package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"waymark/internal/web"
)

// road says over which connections records may travel, from the settings.
func (s settings) road() (web.Road, error) {
	road := web.Road{PublicURL: strings.TrimSuffix(s.PublicURL, "/")}
	for _, written := range strings.Split(s.TrustedProxy, ",") {
		if written = strings.TrimSpace(written); written == "" {
			continue
		}
		proxy, err := netip.ParsePrefix(written)
		if addr, notPrefix := netip.ParseAddr(written); notPrefix == nil {
			proxy, err = netip.PrefixFrom(addr, addr.BitLen()), nil
		}
		if err != nil {
			return road, fmt.Errorf("trusted-proxy: %q is no address such as 10.1.2.3 or 10.1.2.0/24", written)
		}
		road.Proxies = append(road.Proxies, proxy.Masked())
	}
	return road, nil
}

// secure puts TLS on the listener when there is a certificate.
func (s settings) secure(listener net.Listener) (net.Listener, error) {
	switch {
	case s.TLSCert == "" && s.TLSKey == "":
		return listener, nil
	case s.TLSCert == "" || s.TLSKey == "":
		return nil, errors.New("for HTTPS name both files: --tls-cert and --tls-key")
	}
	c := &certificate{cert: s.TLSCert, key: s.TLSKey}
	if _, err := c.current(nil); err != nil {
		return nil, err
	}
	return tls.NewListener(listener, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.current, NextProtos: []string{"h2", "http/1.1"}}), nil
}

// certificate reads its files again when they have changed, so that a renewed one needs no restart.
type certificate struct {
	cert, key string

	mu     sync.Mutex
	read   time.Time // when the file that was read had been changed
	loaded *tls.Certificate
}

func (c *certificate) current(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	info, err := os.Stat(c.cert)
	if err == nil && c.loaded != nil && info.ModTime().Equal(c.read) {
		return c.loaded, nil
	}
	loaded, loadErr := tls.LoadX509KeyPair(c.cert, c.key)
	if loadErr != nil {
		if c.loaded != nil {
			return c.loaded, nil // half renewed: the one before serves until both files fit
		}
		return nil, fmt.Errorf("the certificate cannot be used: %w", loadErr)
	}
	c.loaded = &loaded
	if err == nil {
		c.read = info.ModTime()
	}
	return c.loaded, nil
}
