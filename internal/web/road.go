package web

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Road says over which connections somebody may sign in and a record may travel. The zero Road knows TLS and this
// machine itself, and no proxy.
type Road struct {
	Proxies   []netip.Prefix // proxies whose word that there was TLS is believed
	PublicURL string         // the address of this copy; with one that is not on this machine, "this machine itself" is a proxy
}

// forwarding are headers that tell of a proxy. A request that carries one did not begin on this machine.
var forwarding = []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-Ip", "Via"}

// Secure reports that nobody between the person and this program can read along.
func (road Road) Secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	from := peer.Addr().Unmap()
	for _, proxy := range road.Proxies {
		if proxy.Contains(from) {
			// One value, written by the proxy itself: a list means that somebody before it wrote too.
			told := r.Header.Values("X-Forwarded-Proto")
			return len(told) == 1 && strings.EqualFold(told[0], "https")
		}
	}
	if !from.IsLoopback() || !loopbackHost(r.Host) || !road.atHome() {
		return false
	}
	for _, name := range forwarding {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	return true
}

// atHome reports that people reach this copy on this machine only, as far as it was told.
func (road Road) atHome() bool {
	if road.PublicURL == "" {
		return true
	}
	u, err := url.Parse(road.PublicURL)
	return err == nil && loopbackHost(u.Host)
}

func loopbackHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.IsLoopback()
}
