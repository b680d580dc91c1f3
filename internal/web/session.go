package web

import "net/http"

// sessionCookie is bound to this host and to a secure road by its name alone; browsers refuse it otherwise.
const sessionCookie = "__Host-waymark"

type withCookie struct {
	Reply
	cookie *http.Cookie
}

func (w withCookie) content(r *Request) (content, error) {
	made, err := w.Reply.content(r)
	made.cookies = append(made.cookies, w.cookie.String())
	return made, err
}

func newCookie(name, value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: name, Value: value, Path: "/", MaxAge: maxAge, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}

// WithSession gives the browser the token of a session. It keeps it until it is closed.
func WithSession(reply Reply, token string) Reply {
	return withCookie{reply, newCookie(sessionCookie, token, 0)}
}

// WithoutSession takes the token away.
func WithoutSession(reply Reply) Reply { return withCookie{reply, newCookie(sessionCookie, "", -1)} }

// deviceCookie tells a browser apart in which somebody has signed in before. It opens nothing.
const deviceCookie = "__Host-waymark-device"

// WithDevice lets the browser keep, for a year, by what it is known again.
func WithDevice(reply Reply, token string) Reply {
	return withCookie{reply, newCookie(deviceCookie, token, 365*24*60*60)}
}

// Device is by what this browser is known again, "" when it is not.
func (r *Request) Device() string {
	cookie, err := r.Cookie(deviceCookie)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// Carrying gives a request the session of somebody, as their browser would send it.
func Carrying(r *http.Request, token string) *http.Request {
	r.AddCookie(&http.Cookie{Name: sessionCookie, Value: token})
	return r
}
