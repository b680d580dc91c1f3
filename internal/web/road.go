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

// Source is the network that a request comes from: what the nearest trusted proxy saw, or the peer itself. Of an IPv6
// address it is the half that a household or an office has as a whole.
func (road Road) Source(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	from := peer.Addr().Unmap()
	for _, proxy := range road.Proxies {
		if !proxy.Contains(from) {
			continue
		}
		// The last entry is the proxy's own word; whatever stands before it anybody could have written.
		told := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		if addr, err := netip.ParseAddr(strings.TrimSpace(told[len(told)-1])); err == nil {
			from = addr.Unmap()
		}
		break
	}
	if from.Is6() {
		if half, err := from.WithZone("").Prefix(64); err == nil {
			return half.String()
		}
	}
	return from.String()
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
