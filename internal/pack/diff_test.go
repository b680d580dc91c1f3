package pack

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// edited is the small pack after somebody worked on it.
func edited(t *testing.T) fstest.MapFS {
	files := good(t)
	edit := func(name string, pairs ...string) {
		source := string(files[name].Data)
		for i := 0; i < len(pairs); i += 2 {
			if !strings.Contains(source, pairs[i]) {
				t.Fatalf("%s has no %q", name, pairs[i])
			}
			source = strings.ReplaceAll(source, pairs[i], pairs[i+1])
		}
		files = with(files, map[string]string{name: source})
	}
	edit("pack.yaml", "version: 2026.1.1", "version: 2026.2.1", `to: "07:00"`, `to: "06:00"`)
	edit("contacts.yaml", "01632 960 001", "01632 960 009", "mon-fri", "mon-sat", "owner: Tests", "owner: A. Person")
	edit("settings.yaml", "says: Worn hands,", "says: Worn hands or back,", "schools-h, says: A new address each term", "schools-i, says: Moves every month",
		"Write down the child's own words.", "Write down the child's own words, and the time.", "[Do not ask the adults.]", "[Do not ask the adults., Do not promise to keep it secret.]")
	edit("advice.yaml", "by: Before you go home", "by: Within the hour", `now == "danger"`, `now == "danger" || now == "leaving"`, "[emergency]", "[emergency, police]")
	edit("forms.yaml", "says: Here with me", "says: With me", "{id: danger, says: In danger}", "{id: leaving, says: About to leave}, {id: danger, says: In danger}", "version: 1", "version: 2")
	edit("guidance/nrm.md", "beside child protection, never", "beside the child protection plan, never", "{#steps source=act", "{#ask source=act,guide")
	edit("records.yaml", "reviewed: 2026-01-01", "reviewed: 2026-02-01")
	edit("texts.yaml", `"You can ring {contact:helpline}."`, `"You can ring {contact:helpline}, day and night."`)
	edit("texts.yaml", "First edition.", "First **edition**.")
	edit("indicators.yaml", "    types: [labour]", "    types: [labour]\n    looks: Ask as [the guide](https://example.org/guide) says.")
	edit("areas.yaml", "holidays:", "  - {id: fenwick, name: Fenwick, nation: wales, own: true}\nholidays:")
	return files
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Error(d)
	}
}

func TestWhatChangedReadsAsSentencesForAPractitioner(t *testing.T) {
	golden(t, "diff.txt", Diff(load(t, good(t)), load(t, edited(t))).String())
}

func TestALocalPackShowsWhatItAddsReplacesAndHides(t *testing.T) {
	national := good(t)
	about := "about: {owner: Ashmere, source: [guide], certainty: confirmed, reviewed: 2026-01-01, review_by: 2026-07-01}\n"
	local, err := Load(fstest.MapFS{
		"pack.yaml": {Data: []byte("{id: ashmere, version: 1, title: Ashmere, owner: Ashmere, licence: CC-BY-4.0, extends: good, made_against: 2026.1.1}\n")},
		"own.yaml": {Data: []byte(about + "contacts:\n  - {id: ashmere-duty, role: front-door, area: ashmere, name: Ashmere duty team, phones: [{number: 01632 960 100}], hours: always}\n" +
			"texts:\n  - {id: under-18, replace: true, title: I am under 18, body: 'You can ring {contact:ashmere-duty}.'}\nhide: ['changes:first']\n")},
	}, func(string) (fs.FS, error) { return national, nil })
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "diff-local.txt", Diff(load(t, national), local).String())
}

func TestAPackDoesNotDifferFromItself(t *testing.T) {
	p := load(t, good(t))
	if got := Diff(p, p).String(); got != "From good@2026.1.1 to good@2026.1.1: nothing changed that a reader would see.\n" {
		t.Error(got)
	}
}

func TestMarkedWordsGiveBothTextsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"ring", "the", "council", "now", "tonight"}), 0, 12)
		a, b := words.Draw(t, "a"), words.Draw(t, "b")
		var was, is []string
		for _, r := range compareWords(a, b) {
			if r.sign != '+' {
				was = append(was, r.words...)
			}
			if r.sign != '-' {
				is = append(is, r.words...)
			}
		}
		if strings.Join(was, " ") != strings.Join(a, " ") || strings.Join(is, " ") != strings.Join(b, " ") {
			t.Fatalf("%v and %v give %v and %v", a, b, was, is)
		}
	})
}

func TestALinkThatLeadsElsewhereIsSeenThoughItsWordsAreTheSame(t *testing.T) {
	text := func(href string) *Pack {
		return load(t, with(good(t), map[string]string{"more.yaml": "about: {owner: Tests, source: [guide], certainty: confirmed, reviewed: 2026-01-01, review_by: 2026-07-01}\n" +
			"texts:\n  - {id: more, title: More, body: 'See [the guide](" + href + ").'}\n"}))
	}
	got := Diff(text("https://example.org/a"), text("https://example.org/b")).All
	if len(got) != 1 || strings.Join(got[0].Lines, "; ") != "body, links: new “https://example.org/b”; body, links: gone “https://example.org/a”" {
		t.Errorf("got %+v", got)
	}
}
