package web_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"waymark/internal/web"
)

func TestARecordTravelsOnlyWhereNobodyCanReadAlong(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.1.2.3/32")}
	for _, c := range []struct {
		what       string
		from, host string
		headers    http.Header
		tls        bool
		road       web.Road
		secure     bool
	}{
		{what: "TLS", from: "192.0.2.1:9", host: "waymark.example.org", tls: true, secure: true},
		{what: "this machine", from: "127.0.0.1:9", host: "localhost:8080", secure: true},
		{what: "this machine, by address of the sixth version", from: "[::1]:9", host: "[::1]:8080", secure: true},
		{what: "plain, from elsewhere", from: "192.0.2.1:9", host: "waymark.example.org"},
		{what: "plain, from elsewhere, calling us localhost", from: "192.0.2.1:9", host: "localhost"},
		{what: "a proxy on this machine that kept the name", from: "127.0.0.1:9", host: "waymark.example.org"},
		{what: "a proxy on this machine that changed the name", from: "127.0.0.1:9", host: "localhost:8080", headers: http.Header{"X-Forwarded-For": {"192.0.2.1"}}},
		{what: "a silent proxy before a copy with a public address", from: "127.0.0.1:9", host: "localhost:8080", road: web.Road{PublicURL: "https://waymark.example.org"}},
		{what: "this machine, with an address on this machine", from: "127.0.0.1:9", host: "localhost:8080", road: web.Road{PublicURL: "http://localhost:8080"}, secure: true},
		{what: "a proxy that is not named says https", from: "10.9.9.9:9", host: "waymark.example.org", headers: http.Header{"X-Forwarded-Proto": {"https"}}, road: web.Road{Proxies: proxies}},
		{what: "a named proxy says https", from: "10.1.2.3:9", host: "waymark.example.org", headers: http.Header{"X-Forwarded-Proto": {"https"}}, road: web.Road{Proxies: proxies}, secure: true},
		{what: "a named proxy says http", from: "10.1.2.3:9", host: "waymark.example.org", headers: http.Header{"X-Forwarded-Proto": {"http"}}, road: web.Road{Proxies: proxies}},
		{what: "a named proxy passes on what a caller wrote", from: "10.1.2.3:9", host: "waymark.example.org", headers: http.Header{"X-Forwarded-Proto": {"https", "http"}}, road: web.Road{Proxies: proxies}},
		{what: "a named proxy says nothing", from: "10.1.2.3:9", host: "localhost", road: web.Road{Proxies: proxies}},
		{what: "no address at all", from: "", host: "localhost"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/cases", nil)
		r.RemoteAddr, r.Host, r.TLS = c.from, c.host, nil
		if c.tls {
			r.TLS = &tls.ConnectionState{}
		}
		for name, values := range c.headers {
			r.Header[name] = values
		}
		if got := c.road.Secure(r); got != c.secure {
			t.Errorf("%s: secure is %v", c.what, got)
		}
	}
}

func TestTheSourceIsWhatTheTrustedProxySaw(t *testing.T) {
	road := web.Road{Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.1/32")}}
	for _, try := range []struct{ peer, told, want string }{
		{"198.51.100.7:4000", "", "198.51.100.7"},
		{"198.51.100.7:4000", "203.0.113.5", "198.51.100.7"}, // nobody believes a stranger
		{"10.0.0.1:4000", "203.0.113.5", "203.0.113.5"},
		{"10.0.0.1:4000", "192.0.2.1, 203.0.113.5", "203.0.113.5"},
		{"10.0.0.1:4000", "nonsense", "10.0.0.1"},
		{"[2001:db8:1:2:3:4:5:6]:4000", "", "2001:db8:1:2::/64"},
		{"[::ffff:198.51.100.7]:4000", "", "198.51.100.7"},
		{"broken", "", ""},
	} {
		r := httptest.NewRequest("POST", "/sign-in", nil)
		r.RemoteAddr = try.peer
		if try.told != "" {
			r.Header.Set("X-Forwarded-For", try.told)
		}
		if got := road.Source(r); got != try.want {
			t.Errorf("%s told %q: %q, want %q", try.peer, try.told, got, try.want)
		}
	}
}
