package site_test

import (
	"bytes"
	"context"
	"net/url"
	"os/exec"
	"path/filepath"
	"testing"

	"waymark/internal/backup"
	"waymark/internal/db"
	"waymark/internal/site"
)

// rare are words that stand nowhere else in the world, in the places where people type. The first four are names.
var rare = map[string]string{
	"the child's name":              "Ẹ̀húẹ́-Zylofréma",
	"the child's other name":        "ቀጸለሰላማዊት",
	"a third name":                  "القطامشيةزهراء",
	"a fourth name":                 "阮翠鸞霏",
	"the name of a linked child":    "Ọ̀bázuayéwi",
	"the name in a check's file":    "Kestrelbyrne",
	"words in a check's file":       "Quorvanthic",
	"how old":                       "fünfzehnzackig",
	"where":                         "Wachteljoch-Gate",
	"words of a note":               "Thrumwicket",
	"the child's own words":         "ትርሕስቶኢልያ",
	"the words of a correction":     "Spindelhollow",
	"a draft that was thrown away":  "Morgenvexling",
	"a field saved while typing":    "Yewbarrowick",
	"the placement address":         "Ghyllscaurmoor",
	"why the address was opened":    "Brackenthwistle",
	"a file's name":                 "Øxenfjördmappe",
	"what a file shows":             "Larkspurrige",
	"what a camera wrote":           "Wrenfieldphone51N",
	"a searched name":               "Séarçhéd-Vintolly",
	"a name that nobody has":        "Nobodyhasthisname",
	"words behind a lock":           "Lockenbywater",
	"words from a page that locked": "Heldenstreamer",
	"why somebody is kept out":      "Excludifarn",
	"words of a link":               "Linkumfeather",
	"why a look is queried":         "Querelmont",
	"the manager's answer":          "Antwortelby",
	"a sheet that cannot be read":   "Unlesbarkeit",
	"too much":                      "Overmuchelton",
	"in a path":                     "Pathfinderling",
	"in a query":                    "Queryfinderling",
	"a practitioner's name":         "Cleofée Wärdlespoon",
	"a practitioner's address":      "cleofee@wardlespoon.example",
	"an administrator's name":       "Adámina Vossenbrick",
	"an administrator's address":    "adamina@vossenbrick.example",
	"a password":                    "herring-lanterncup-vögel",
	"a wrong password":              "wrongherring-lampoon",
}

// TestWhatIsTypedStandsNowhereInTheOpen walks from an empty copy through a child's whole record, and then looks for every
// word that was typed in all that a copy leaves behind: its log, the heads and addresses of its replies, what it said of
// mistakes, temporary files, the data folder while it runs and when it has stopped, its backups, and what PostgreSQL holds.
func TestWhatIsTypedStandsNowhereInTheOpen(t *testing.T) {
	onBothPrivate(t, func(t *testing.T, cfg site.PrivateConfig) {
		temp := t.TempDir()
		t.Setenv("TMPDIR", temp)
		w := &whole{T: t, now: afternoon}
		w.open(cfg)
		j := &journey{whole: w, values: map[string]string{}}
		for what, word := range rare {
			j.values[what] = word
		}
		j.walk()
		p := seek(t, j.values)
		look := func(what string, found []string) {
			for _, one := range found {
				t.Errorf("%s holds %s", what, one)
			}
		}
		everywhere := func(when string) {
			files, found := p.under(t, cfg.Data)
			if files < 3 {
				t.Errorf("%d files are in the data folder", files)
			}
			look("the data folder "+when, found)
			_, found = p.under(t, temp)
			look("the folder of temporary files "+when, found)
		}
		everywhere("while it runs")
		folder := t.TempDir()
		_, err := w.private.BackUp(context.Background(), backup.Target{Records: filepath.Join(folder, "a.records"), Keys: filepath.Join(folder, "a.keys")}, nil)
		w.must(err)
		_, found := p.under(t, folder)
		look("the backup", found)
		if cfg.Database != "" {
			for _, address := range []string{cfg.Database, cfg.KeysDatabase} {
				dumped := dump(t, address)
				if !bytes.Contains(dumped, []byte("COPY public.")) {
					t.Fatal("the dump holds no table")
				}
				look("the dump of PostgreSQL", p.in(dumped))
			}
			at, err := url.Parse(cfg.Database)
			w.must(err)
			files, found := p.under(t, at.Query().Get("host"))
			t.Logf("PostgreSQL: %d files of its own folder, its log and its write-ahead log among them", files)
			look("PostgreSQL's own folder", found)
			// Had a word been written in the open, it would have been found.
			w.must(w.private.DB.Write(context.Background(), "", func(tx *db.Tx) error {
				_, err := tx.Exec(`insert into lookup_asked (person, hour, times) values ($1, '', 1)`, rare["the child's name"])
				return err
			}))
			if len(p.in(dump(t, cfg.Database))) == 0 {
				t.Error("a name that was written in the open is not found in the dump")
			}
		}
		w.must(w.site.Close())
		w.must(w.private.Close())
		everywhere("when it has stopped")
		look("the log", p.in(w.said.all()))
		look("a head or an address", p.in(w.sent.all()))
		if n := len(w.said.all()); n < 10_000 || !bytes.Contains(w.sent.all(), []byte("/cases/")) {
			t.Errorf("only %d bytes were logged, or no address was seen", n)
		}
		t.Logf("looked for %d words in %d ways; %d bytes of log, %d of heads and addresses", len(j.values), len(p.needles), len(w.said.all()), len(w.sent.all()))
	})
}

// dump is a database as pg_dump writes it.
func dump(t *testing.T, address string) []byte {
	t.Helper()
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
	if len(found) == 0 {
		t.Fatal("pg_dump is not installed: apt-get install postgresql")
	}
	out, err := exec.Command(found[len(found)-1], "--dbname="+address).Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}
