package lang_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"waymark/internal/lang"
)

func room(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, source := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(source)}
	}
	return fsys
}

func TestWelshIsAddedByAFileAndFallsBackToEnglish(t *testing.T) {
	all, err := lang.Read(
		room(map[string]string{"text/en.yaml": "home.title: Home\nhome.near: Near {place}\n", "text/cy.yaml": "home.title: Hafan\n"}),
		room(map[string]string{"text/en.yaml": "cards.title: Cards\n"}))
	if err != nil {
		t.Fatal(err)
	}
	cy := all["cy"]
	if got := cy.Say("home.title") + ", " + cy.Say("home.near", "place", "Bangor") + ", " + cy.Say("cards.title"); got != "Hafan, Near Bangor, Cards" {
		t.Error(got)
	}
	if cy.Say("nowhere") != "⟦nowhere⟧" {
		t.Error("a missing line must be easy to find")
	}
}

func TestPseudoLanguagesAreLongerKeepPlacesAndTurnRound(t *testing.T) {
	all, err := lang.Read(room(map[string]string{"text/en.yaml": "home.near: Contacts near {place}\n"}))
	if err != nil {
		t.Fatal(err)
	}
	line := all[lang.Pseudo].Say("home.near", "place", "Slough")
	if !strings.Contains(line, "Slough") || len([]rune(line)) < 25 {
		t.Errorf("%q", line)
	}
	if all[lang.PseudoRTL].Dir != "rtl" || all[lang.Pseudo].Dir != "ltr" {
		t.Error("direction")
	}
}

func TestFaultyTextFilesAreRefused(t *testing.T) {
	for name, rooms := range map[string][]fstest.MapFS{
		"no English":           {room(map[string]string{"text/cy.yaml": "a: b\n"})},
		"two rooms, one key":   {room(map[string]string{"text/en.yaml": "a: b\n"}), room(map[string]string{"text/en.yaml": "a: c\n"})},
		"a line English lacks": {room(map[string]string{"text/en.yaml": "a: b\n", "text/cy.yaml": "z: b\n"})},
		"not YAML":             {room(map[string]string{"text/en.yaml": "a: [b\n"})},
	} {
		var err error
		switch len(rooms) {
		case 1:
			_, err = lang.Read(rooms[0])
		default:
			_, err = lang.Read(rooms[0], rooms[1])
		}
		if err == nil {
			t.Errorf("%s: was accepted", name)
		}
	}
}
