package web

import (
	"errors"
	"log/slog"
	"net/http"
	"strconv"

	"waymark/internal/fault"
)

// statusOf says which status a kind of failure has. What no kind names is our own mistake.
func statusOf(err error) int {
	for _, known := range []struct {
		kind   error
		status int
	}{
		{fault.NotFound, http.StatusNotFound}, {fault.Forbidden, http.StatusForbidden}, {fault.Conflict, http.StatusConflict},
		{fault.Invalid, http.StatusBadRequest}, {fault.Gone, http.StatusGone}, {fault.TooLarge, http.StatusRequestEntityTooLarge},
		{fault.Unwritable, http.StatusServiceUnavailable},
	} {
		if errors.Is(err, known.kind) {
			return known.status
		}
	}
	return http.StatusInternalServerError
}

// fail shows the page for a failure and logs it, once. The words of a failure that a person caused may quote what
// they typed, so only those of our own mistakes are written down.
func (c *call) fail(err error) {
	status := statusOf(err)
	if status >= http.StatusInternalServerError {
		c.site.cfg.Log.Error("failed", slog.String("route", c.pattern()), slog.String("id", c.request.ID), slog.String("error", err.Error()))
	}
	c.refuse(status, nil)
}

// refuse sends the page of that status.
func (c *call) refuse(status int, why error) {
	if why != nil {
		c.site.cfg.Log.Warn("refused", slog.String("route", c.pattern()), slog.String("id", c.request.ID), slog.String("why", why.Error()))
	}
	c.send(c.refusal(status))
}

// refusal is the page of a status, in plain words, with the emergency number and the way home.
// When even that cannot be shown, a bare sentence can.
func (c *call) refusal(status int) content {
	return c.refusalOf("web.error."+strconv.Itoa(status), status)
}

// refusalOf is the page of a status for which there is more to say.
func (c *call) refusalOf(key string, status int) content {
	r := c.request
	head := Head{Title: r.Say(key + ".title"), Private: true, Status: status}
	made, err := Page(head, refusalPage(key, r.ID, status >= http.StatusInternalServerError)).content(r)
	if err != nil {
		c.site.cfg.Log.Error("failed", slog.String("id", r.ID), slog.String("error", err.Error()))
		return content{status: status, kind: "text/plain; charset=utf-8", body: []byte(r.Say("web.error.500.title") + "\n"), private: true}
	}
	return made
}
