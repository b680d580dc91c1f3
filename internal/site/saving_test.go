package site_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"waymark/internal/access"
	"waymark/internal/casework"
	"waymark/internal/db"
	"waymark/internal/seal"
	"waymark/internal/site"
	"waymark/internal/web"
	"waymark/internal/webtest"
)

func TestMain(m *testing.M) {
	webtest.Main(m, map[string]func([]byte) error{"server": server})
}

// copyOf says where a copy is that another process serves.
type copyOf struct {
	Data, Index, Database, KeysDatabase, Sync string
	Master                                    []byte
}

func (c copyOf) config() (site.PrivateConfig, error) {
	master, err := seal.ParseMaster(c.Master)
	return site.PrivateConfig{
		Data: c.Data, Database: c.Database, KeysDatabase: c.KeysDatabase, Master: master, Sync: c.Sync, Program: "test", Now: time.Now,
		Quick: true, Log: slog.New(slog.DiscardHandler),
	}, err
}

// server is the whole program on a disk that loses what was not synced. It serves until it is killed.
func server(with []byte) error {
	var c copyOf
	if err := json.Unmarshal(with, &c); err != nil {
		return err
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	if c.Database == "" {
		webtest.NewDisk("lossy").Early = 0.2
		cfg.VFS = "lossy"
	}
	ctx := context.Background()
	p, err := site.OpenPrivate(ctx, cfg)
	if err != nil {
		return err
	}
	s, err := site.Open(site.Config{Pack: "demo", Data: c.Index, Private: p, Now: time.Now, Log: cfg.Log})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go p.Run(ctx)
	fmt.Println(listener.Addr())
	return web.Serve(ctx, listener, s.Handler(), cfg.Log)
}

// writer is a practitioner at a browser, who remembers what was acknowledged.
type writer struct {
	t     *testing.T
	copy  copyOf
	token string
	once  string // of the case, so that a post that is sent again opens no second one
	path  string // of the sheet; "" before the case was acknowledged
	based string
	next  int   // the number of the next answer; one that was not acknowledged is sent again
	told  []int // the answers that were acknowledged
	kills int
}

func newWriter(t *testing.T, c copyOf) *writer {
	w := &writer{t: t, copy: c, once: db.NewID(time.Now())}
	err := w.open(func(ctx context.Context, p *site.Private) error {
		password, err := p.People.Hash(ctx, "nobody signs in with this password")
		if err != nil {
			return err
		}
		return p.DB.Write(ctx, "", func(tx *db.Tx) error {
			council, err := p.People.AddOrganisation(tx, access.Council, "Ashmere")
			if err != nil {
				return err
			}
			team, err := p.People.AddTeam(tx, access.Team{Organisation: council, Name: "East"})
			if err != nil {
				return err
			}
			made, err := p.People.MakePerson(tx, access.Newcomer{Name: "Ruth Okafor", Address: "ruth@ashmere.test", Password: password}, "Waymark", team, access.Practitioner)
			if err != nil {
				return err
			}
			w.token, err = p.People.SignInAs(tx, made.Person, "the test")
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// open opens the copy in this process, on the system's own disk.
func (w *writer) open(f func(context.Context, *site.Private) error) error {
	ctx := context.Background()
	cfg, err := w.copy.config()
	if err != nil {
		return err
	}
	p, err := site.OpenPrivate(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(f(ctx, p), p.Close())
}

// post sends a form as the browser does. An error is a lost connection.
func (w *writer) post(address, path string, form url.Values) (status int, location string, body []byte, err error) {
	r, err := http.NewRequest(http.MethodPost, "http://"+address+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://"+address)
	r = web.Carrying(r, w.token)
	transport := &http.Transport{DisableKeepAlives: true}
	reply, err := transport.RoundTrip(r)
	if err != nil {
		return 0, "", nil, err
	}
	defer reply.Body.Close()
	body, err = io.ReadAll(reply.Body)
	return reply.StatusCode, reply.Header.Get("Location"), body, err
}

// answer saves the next answer and remembers it when the whole reply arrived.
func (w *writer) answer(address string) bool {
	if w.path == "" {
		status, to, _, err := w.post(address, "/cases/new", url.Values{"q.called": {"Boy, no name given"}, "once": {w.once}})
		if err != nil {
			return false
		}
		if status != http.StatusSeeOther {
			w.t.Fatalf("a case was refused with %d", status)
		}
		w.path = strings.TrimSuffix(to, "/tonight") + "/sheets/record-child"
	}
	status, _, body, err := w.post(address, w.path+"/save", url.Values{
		"question": {"names"}, "based.names": {w.based}, "q.names": {fmt.Sprintf("answer-%d.", w.next)},
	})
	if err != nil {
		return false
	}
	if w.copy.Sync == "OFF" && status != http.StatusOK {
		return false // the case itself was lost
	}
	var reply struct{ State, Based string }
	if err := json.Unmarshal(body, &reply); err != nil || status != http.StatusOK || reply.State == "draft" {
		w.t.Fatalf("an answer was refused with %d: %.300s", status, body)
	}
	w.based = reply.Based
	w.told = append(w.told, w.next)
	w.next++
	return true
}

// live starts the server, saves answers, and kills it at a random point. It reports whether the server came up.
func (w *writer) live(answers int) bool {
	p := webtest.Start(w.t, "server", w.copy)
	w.kills++
	if rand.IntN(10) == 0 { // in the middle of its start
		time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
		p.Kill()
		return true
	}
	address, ok := p.Line()
	if !ok {
		return false
	}
	for range rand.IntN(2 * answers) {
		if !w.answer(address) && w.copy.Sync == "" {
			w.t.Fatal("the server does not answer, and nobody killed it")
		}
	}
	killed := make(chan bool)
	go func() {
		time.Sleep(time.Duration(rand.IntN(20_000)) * time.Microsecond)
		p.Kill()
		close(killed)
	}()
	for w.answer(address) {
	}
	<-killed
	return true
}

var answered = regexp.MustCompile(`answer-(\d+)\.`)

// lost opens the copy and looks for everything that was acknowledged: it is there once, it opens, and the log verifies.
func (w *writer) lost() (lost []string) {
	err := w.open(func(ctx context.Context, p *site.Private) error {
		found := map[string]int{}
		var cases []string
		err := p.DB.Read(ctx, "", func(tx *db.Tx) (err error) {
			cases, err = casework.All(tx)
			return err
		})
		if err != nil {
			return err
		}
		if len(cases) > 1 {
			lost = append(lost, fmt.Sprintf("%d cases, not one", len(cases)))
		}
		for _, id := range cases {
			if _, err := casework.OpenAll(ctx, p.DB, p.Keys, "", id); err != nil {
				return err
			}
			key, err := p.Keys.Case(ctx, id)
			if err != nil {
				return err
			}
			err = p.DB.Read(ctx, "", func(tx *db.Tx) error {
				_, err := db.All(tx, func(r db.Row) (struct{}, error) {
					var row string
					var version int64
					var body []byte
					if err := r.Scan(&row, &version, &body); err != nil {
						return struct{}{}, err
					}
					plain, err := key.Open(seal.Label{Field: "answer.body", Row: row, Version: version}, body)
					if said := answered.FindSubmatch(plain); said != nil {
						found[string(said[1])]++
					}
					return struct{}{}, err
				}, `select id, version, body from answer where casefile = $1 and question = 'names'`, id)
				return err
			})
			if err != nil {
				return err
			}
		}
		for _, n := range w.told {
			switch found[fmt.Sprint(n)] {
			case 0:
				lost = append(lost, fmt.Sprint(n))
			case 1:
			default:
				lost = append(lost, fmt.Sprintf("%d is there twice", n))
			}
		}
		if _, err := p.Log.Sequence(ctx); err != nil {
			return err
		}
		report, err := p.Log.Verify(ctx)
		if err == nil && !report.Sound() {
			lost = append(lost, "the log does not verify: "+report.Findings[0].Words)
		}
		return errors.Join(err, p.Log.Release(ctx))
	})
	if err != nil {
		lost = append(lost, err.Error())
	}
	return lost
}

func TestEveryAcknowledgedAnswerOutlivesTheServer(t *testing.T) {
	kills, answers := webtest.HowOften(t)
	onBothPrivate(t, func(t *testing.T, cfg site.PrivateConfig) {
		w := newWriter(t, copyOf{Data: cfg.Data, Index: t.TempDir(), Database: cfg.Database, KeysDatabase: cfg.KeysDatabase, Master: cfg.Master.Reveal()})
		began := time.Now()
		for w.kills < kills || len(w.told) < answers {
			if up := w.live(answers / kills); !up || rand.IntN(10) == 0 {
				if lost := w.lost(); len(lost) > 0 {
					t.Fatalf("after %d kills and %d acknowledged answers: %.300s", w.kills, len(w.told), strings.Join(lost, ", "))
				}
			}
		}
		lost := w.lost()
		t.Logf("killed %d times, %d answers acknowledged, %d lost, in %s", w.kills, len(w.told), len(lost), time.Since(began).Round(time.Millisecond))
		if len(lost) > 0 {
			t.Errorf("%.300s", strings.Join(lost, ", "))
		}
	})
}

// The test above would be worth nothing if it could not fail.
func TestWithoutSyncTheWholeProgramLosesAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("`make test` shows it")
	}
	cfg := privateConfig(t)
	w := newWriter(t, copyOf{Data: cfg.Data, Index: t.TempDir(), Sync: "OFF", Master: cfg.Master.Reveal()})
	for w.kills < 30 {
		if up := w.live(10); !up && w.path != "" {
			t.Logf("without sync, the copy did not come up again after %d kills", w.kills)
			return
		}
		if lost := w.lost(); len(lost) > 0 {
			t.Logf("without sync, after %d kills: %.200s", w.kills, strings.Join(lost, ", "))
			return
		}
	}
	t.Errorf("killed %d times without sync, and none of %d acknowledged answers was lost: the disk of the test loses nothing", w.kills, len(w.told))
}
