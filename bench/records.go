package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"waymark/internal/access"
	"waymark/internal/db"
	"waymark/internal/seal"
	"waymark/internal/site"
)

// bareRow is what the private half is measured beside: rows of the size of ours, with nothing sealed, traced or checked.
var bareRow = db.Schema{Room: "bench", Files: fstest.MapFS{"schema/9002_bare_row.sql": {Data: []byte(`
-- +goose Up
create table bare_row (id text primary key, of_case text not null, at text not null, body bytea not null);
create index bare_row_case on bare_row (of_case, id);
`)}}}

// records is the private half as serve opens it, behind a port of this machine, with a team and its people.
type records struct {
	engine  string
	master  seal.Master
	private *site.Private
	address string
	team    string
	people  []colleague
}

// colleague is somebody who is signed in.
type colleague struct{ id, token string }

// onRecords runs what measures the private half on each database, every time on an empty one.
func (b *bench) onRecords(ctx context.Context, people int, measure func(context.Context, *records) error) error {
	for _, engine := range []string{"SQLite", "PostgreSQL"} {
		var main, keys string
		if engine == "PostgreSQL" {
			var err error
			if main, err = b.postgresURL(ctx); err == nil && main != "" {
				keys, err = b.postgresURL(ctx)
			}
			if err != nil {
				return err
			}
			if main == "" {
				return nil
			}
		}
		if err := b.onOne(ctx, engine, main, keys, people, measure); err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
	}
	return nil
}

func (b *bench) onOne(ctx context.Context, engine, main, keys string, people int, measure func(context.Context, *records) error) (err error) {
	data, err := os.MkdirTemp(b.dir, "records-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	r := &records{engine: engine, master: seal.NewMaster()}
	quiet := slog.New(slog.DiscardHandler)
	// Quick lets people be signed in without a password; what is measured asks for none.
	r.private, err = site.OpenPrivate(ctx, site.PrivateConfig{Data: data, Database: main, KeysDatabase: keys, Master: r.master, Program: "bench", Now: time.Now, Log: quiet, Quick: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.private.Close()) }()
	if err := r.private.DB.Migrate(ctx, "bench", append(site.Schemas(), bareRow)...); err != nil {
		return err
	}
	s, err := site.Open(site.Config{Pack: "england-wales", Now: time.Now, Log: quiet, Private: r.private})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: s.Handler(), ReadHeaderTimeout: time.Minute}
	r.address = listener.Addr().String()
	go func() { _ = server.Serve(listener) }() // its error is that it was closed
	defer server.Close()
	beside, stop := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { r.private.Run(beside); close(ended) }() // the log's tree grows meanwhile, as in a running copy
	defer func() { stop(); <-ended }()
	if err := r.employ(ctx, people); err != nil {
		return err
	}
	return measure(ctx, r)
}

// employ makes a team of practitioners who are signed in.
func (r *records) employ(ctx context.Context, people int) error {
	store := r.private.People
	password, err := store.Hash(ctx, "nobody signs in with this password")
	if err != nil {
		return err
	}
	return r.private.DB.Write(ctx, "", func(tx *db.Tx) error {
		r.people = nil
		council, err := store.AddOrganisation(tx, access.Council, "Ashmere Council")
		if err != nil {
			return err
		}
		if r.team, err = store.AddTeam(tx, access.Team{Organisation: council, Name: "Team"}); err != nil {
			return err
		}
		for i := range people {
			made, err := store.MakePerson(tx, access.Newcomer{Name: fmt.Sprintf("Person %d", i), Address: fmt.Sprintf("person%d@ashmere.example", i), Password: password}, "Waymark", r.team, access.Practitioner)
			if err != nil {
				return err
			}
			token, err := store.SignInAs(tx, made.Person, "the bench")
			if err != nil {
				return err
			}
			r.people = append(r.people, colleague{made.Person, token})
		}
		return nil
	})
}

// openCase opens a record through its own page and gives its address.
func (r *records) openCase(ctx context.Context, who colleague, called string) (path string, err error) {
	path, err = r.post(ctx, who, "/cases/new", url.Values{"once": {db.NewID(time.Now())}, "q.called": {called}, "q.age": {"girl, 15"}, "q.where": {"with foster carers"}})
	return strings.TrimSuffix(path, "/tonight"), err
}

// post sends a form as a browser does, outside of what is timed, and gives where it leads.
func (r *records) post(ctx context.Context, who colleague, path string, form url.Values) (to string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+r.address+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Origin", "http://"+r.address)
	request.Header.Set("Cookie", "__Host-waymark="+who.token)
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	reply, err := client.Do(request)
	if err != nil {
		return "", err
	}
	defer reply.Body.Close()
	if _, err := io.Copy(io.Discard, reply.Body); err != nil {
		return "", err
	}
	if reply.StatusCode != http.StatusSeeOther {
		return "", fmt.Errorf("%s answers %d to an invented form", path, reply.StatusCode)
	}
	return reply.Header.Get("Location"), nil
}

// visitor is somebody who is signed in, at a browser whose connection stays open.
type visitor struct {
	*caller
	address, cookie string
}

func (r *records) visit(who colleague) (*visitor, error) {
	c, err := call(r.address)
	if err != nil {
		return nil, err
	}
	return &visitor{c, r.address, "Cookie: __Host-waymark=" + who.token + "\r\n"}, nil
}

// page asks for a page and reads it whole.
func (v *visitor) page(path string) error {
	_, err := v.ask(request("GET", v.address, path, true, v.cookie, ""))
	return err
}

// save posts one field, as the script of a sheet does, and gives what it is told: that the field is on disk.
func (v *visitor) save(path string, form url.Values) (told struct{ State, Based string }, err error) {
	body := form.Encode()
	more := fmt.Sprintf("%sOrigin: http://%s\r\nSec-Fetch-Dest: empty\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n", v.cookie, v.address, len(body))
	head, length, err := v.fetch(request("POST", v.address, path, false, more, body))
	if err != nil {
		return told, err
	}
	if err := json.NewDecoder(bytes.NewReader(v.buffer[head : head+length])).Decode(&told); err != nil {
		return told, err
	}
	if told.State != "saved" {
		return told, fmt.Errorf("the field was answered with %q", told.State)
	}
	return told, nil
}

// times are how long something took, with the processor time of the whole bench meanwhile: asker and asked share it.
type times struct {
	took []time.Duration
	each time.Duration
}

// timed runs f so often and times each run.
func timed(ctx context.Context, n int, f func(int) error) (t times, err error) {
	before, err := readBusy()
	if err != nil {
		return t, err
	}
	for i := range n {
		began := time.Now()
		if err := f(i); err != nil {
			return t, err
		}
		t.took = append(t.took, time.Since(began))
		if ctx.Err() != nil {
			return t, ctx.Err()
		}
	}
	after, err := readBusy()
	t.each = (after.ours - before.ours) / time.Duration(max(1, n))
	slices.Sort(t.took)
	return t, err
}

func (t times) at(share float64) time.Duration {
	return outcome{times: t.took}.at(share)
}

// says is what the table tells of it. On a busy machine the processor time says more than the clock.
func (t times) says() string {
	return fmt.Sprintf("p50 %s, p99 %s; %s of processor each", short(t.at(.5)), short(t.at(.99)), short(t.each))
}
