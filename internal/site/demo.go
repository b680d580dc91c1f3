package site

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/goccy/go-yaml"

	"waymark/internal/access"
	"waymark/internal/account"
	"waymark/internal/db"
	"waymark/internal/web"
)

//go:embed demo.yaml
var invented []byte

// partnership is the invented one of the demonstration.
type partnership struct {
	Organisations []struct{ ID, Kind, Name string }
	Teams         []struct{ ID, Organisation, Name, Reach string }
	People        []struct{ ID, Name, Address, Team, Role, Says string }
	Children      []struct {
		By       string
		Open     map[string]string
		Sheets   []inventedSheet
		FirstDay bool `yaml:"first_day"`
	}
}

type inventedSheet struct {
	Form    string
	Answers map[string]any // by the name of the field: a text, or several
}

// Invent fills an empty demonstration with its invented partnership. What stands in the records is posted to their own
// pages, so that it is sealed, traced and checked as anybody's.
func (s *Site) Invent(ctx context.Context) error {
	var all partnership
	if err := yaml.UnmarshalWithOptions(invented, &all, yaml.Strict()); err != nil {
		return fmt.Errorf("read the invented partnership: %w", err)
	}
	people, err := s.inventPeople(ctx, all)
	if err != nil {
		return err
	}
	for i, child := range all.Children {
		b := &browser{handler: s.handler, token: people[child.By]}
		open := url.Values{"once": {db.NewID(s.cfg.Now())}}
		for name, words := range child.Open {
			open.Set(name, words)
		}
		path, err := b.post("/cases/new", open)
		if err != nil {
			return fmt.Errorf("invent child %d: %w", i+1, err)
		}
		path = strings.TrimSuffix(path, "/tonight")
		for _, sheet := range child.Sheets {
			if err := b.fill(path, sheet); err != nil {
				return fmt.Errorf("invent child %d, %s: %w", i+1, sheet.Form, err)
			}
		}
		if child.FirstDay {
			if _, err := b.post(path+"/first-day", url.Values{}); err != nil {
				return fmt.Errorf("invent child %d: %w", i+1, err)
			}
		}
	}
	return nil
}

// inventPeople makes organisations, teams and people, and gives each person's session by their id in the file.
func (s *Site) inventPeople(ctx context.Context, all partnership) (sessions map[string]string, err error) {
	p := s.cfg.Private
	password, err := p.People.Hash(ctx, "nobody signs in with this password")
	if err != nil {
		return nil, err
	}
	sessions = map[string]string{}
	err = p.DB.Write(ctx, "", func(tx *db.Tx) error {
		ids := map[string]string{"": ""}
		for _, o := range all.Organisations {
			if ids[o.ID], err = p.People.AddOrganisation(tx, access.Sort(o.Kind), o.Name); err != nil {
				return err
			}
		}
		for _, t := range all.Teams {
			if ids[t.ID], err = p.People.AddTeam(tx, access.Team{Organisation: ids[t.Organisation], Name: t.Name, Reach: t.Reach}); err != nil {
				return err
			}
		}
		for _, person := range all.People {
			made, err := p.People.MakePerson(tx, access.Newcomer{Name: person.Name, Address: person.Address, Password: password}, "Waymark", ids[person.Team], access.Role(person.Role))
			if err != nil {
				return fmt.Errorf("invent %s: %w", person.ID, err)
			}
			home := "/cases"
			if person.Role == string(access.Administrator) {
				home = "/people"
			}
			s.invented = append(s.invented, account.Invented{Person: made.Person, Name: person.Name, Says: person.Says, Home: home})
			if sessions[person.ID], err = p.People.SignInAs(tx, made.Person, "the invention"); err != nil {
				return err
			}
		}
		return nil
	})
	return sessions, err
}

// browser posts forms to the site from inside it, as somebody who is signed in.
type browser struct {
	handler http.Handler
	token   string
}

// fill fills in one sheet of a record. One that there can be several of gets an address of its own.
func (b *browser) fill(record string, sheet inventedSheet) error {
	at, err := b.get(record + "/sheets/new/" + sheet.Form)
	if err != nil || at == "" {
		at = record + "/sheets/" + sheet.Form
	}
	values := url.Values{}
	for name, answer := range sheet.Answers {
		question, isField := strings.CutPrefix(name, "q.")
		if !isField {
			return fmt.Errorf("%q is not the name of a field", name)
		}
		question, _, _ = strings.Cut(question, ".")
		values.Set("based."+question, "")
		switch answer := answer.(type) {
		case []any:
			for _, one := range answer {
				values.Add(name, fmt.Sprint(one))
			}
		default:
			values.Set(name, fmt.Sprint(answer))
		}
	}
	_, err = b.post(at, values)
	return err
}

// post sends a form and gives where it leads. Anything but being led on is a fault of the file.
func (b *browser) post(path string, form url.Values) (to string, err error) {
	w := b.send(http.MethodPost, path, form.Encode())
	if w.status != http.StatusSeeOther {
		return "", fmt.Errorf("%s answers %d to an invented form%s", path, w.status, mistakes(w.body.String()))
	}
	return w.header.Get("Location"), nil
}

// mistakes are the lines of the page's error summary, which quote only what was invented.
func mistakes(page string) string {
	_, list, _ := strings.Cut(page, "govuk-error-summary__list")
	list, _, _ = strings.Cut(list, "</ul>")
	said := ""
	for _, line := range strings.Split(list, "</a>") {
		if at := strings.LastIndex(line, ">"); at >= 0 && line[at+1:] != "" {
			said += "; " + line[at+1:]
		}
	}
	return said
}

func (b *browser) get(path string) (to string, err error) {
	w := b.send(http.MethodGet, path, "")
	if w.status != http.StatusSeeOther {
		return "", fmt.Errorf("%s answers %d", path, w.status)
	}
	return w.header.Get("Location"), nil
}

func (b *browser) send(method, path, body string) *kept {
	const here = "localhost"
	to := &url.URL{Path: path}
	r := (&http.Request{Method: method, URL: to, RequestURI: to.String(), Host: here, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}).WithContext(context.Background())
	r.RemoteAddr = "127.0.0.1:1"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://"+here)
	r = web.Carrying(r, b.token)
	w := &kept{status: http.StatusOK, header: http.Header{}}
	b.handler.ServeHTTP(w, r)
	return w
}

// kept is a reply that nobody sends anywhere.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) WriteHeader(status int)      { k.status = status }
func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }
