package casework_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"

	"waymark/internal/casework"
	"waymark/internal/db"
)

// planted are rare words that stand in every kind of thing that somebody writes about a child.
var planted = []string{"Kestrelby", "Wrenfïeld", "ማን አላውቅም", "Lantern-Street-7"}

// forms are the ways in which words can lie in a file.
func forms(words string) [][]byte {
	all := [][]byte{[]byte(norm.NFC.String(words)), []byte(norm.NFD.String(words)), []byte(url.QueryEscape(words))}
	var le, be []byte
	for _, u := range utf16.Encode([]rune(words)) {
		le, be = append(le, byte(u), byte(u>>8)), append(be, byte(u>>8), byte(u))
	}
	all = append(all, le, be, []byte(hex.EncodeToString([]byte(words))))
	for shift := range 3 { // in Base64 the neighbours of a word change its first and last signs
		coded := base64.StdEncoding.EncodeToString(append(make([]byte, shift), words...))
		all = append(all, []byte(coded[4:len(coded)-4]))
	}
	return all
}

func TestNothingThatSomebodyWroteLiesOpenAnywhere(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		h.Case(someRef(1), "south", "p-sam")
		ruth := h.as("ruth")
		form := aNote("Kestrelby and Wrenfïeld live at Lantern-Street-7.")
		form.Set("q.how", "told")
		form.Set("q.teller", "Kestrelby")
		form.Set("q.said", "ማን አላውቅም")
		form.Set("q.language", "Wrenfïeld")
		at := write(t, h, "ruth", path, form)
		form.Set("q.why", "Kestrelby said so")
		follow(t, ruth, ruth.Post(action(t, ruth.Get(at+"/write"), "/drafts/"), form))
		ruth.Post(action(t, ruth.Get(path+"/notes/new/write"), "/drafts/")+"", url.Values{"q.words": {"Kestrelby, not finished"}})
		body := append(casework.SamplePDF(), "Kestrelby Wrenfïeld"...)
		body = append(body, "\n%%EOF\n"...)
		follow(t, ruth, upload(ruth, action(t, ruth.Get(path+"/files"), "/files/"), "Kestrelby.pdf", body, aboutFile("Wrenfïeld's letter from Lantern-Street-7")))
		follow(t, ruth, ruth.Post(action(t, ruth.Get(path+"/linked"), "/linked/"), url.Values{"other": {someRef(1)}, "why": {"siblings"}, "words": {"Kestrelby"}}))
		follow(t, ruth, ruth.Post(path+"/restricted", url.Values{"person": {"p-maya"}, "why": {"Kestrelby's aunt"}}))
		open := ruth.Post(path+"/address", url.Values{"why": {"Kestrelby asks"}})
		follow(t, ruth, ruth.Post(action(t, open, "/address/keep"), url.Values{"q.address": {"Lantern-Street-7"}, "based.address": {""}}))
		h.as("pat").Get(path)
		ruth.Post("/cases/looks", url.Values{"ref": {someRef(0)}, "person": {"p-pat"}, "week": {"2026-11-23"}, "verdict": {"query"}, "why": {"Kestrelby?"}})
		ruth.Get(path + "/notes/Kestrelby")

		var kept bytes.Buffer
		for table, columns := range map[string][]string{
			"note": {"id", "author", "written_at", "once"}, "note_version": {"note", "author", "source", "once", "body"}, "note_draft": {"once", "note", "body"},
			"attachment": {"id", "kind", "state", "scan", "body"}, "case_link": {"id", "why", "body"}, "case_restriction": {"id", "person", "body"},
			"look_review": {"id", "verdict", "body"}, "answer": {"id", "question", "source", "body"}, "sheet": {"id", "form", "body"}, "audit_entry": {"id", "act", "about", "detail"}, "lookup": {"mark"},
		} {
			for _, column := range columns {
				err := h.DB.Read(t.Context(), "", func(tx *db.Tx) error {
					all, err := db.All(tx, db.Of[[]byte], "select "+column+" from "+table)
					if table != "lookup" && len(all) == 0 {
						t.Errorf("%s has no rows, so it shows nothing", table)
					}
					for _, one := range all {
						kept.Write(one)
						kept.WriteByte('\n')
					}
					return err
				})
				if err != nil {
					t.Fatal(table, column, err)
				}
			}
		}
		files, err := filepath.Glob(h.Room.Files + "/*")
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		onDisk, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		for place, content := range map[string][]byte{"the database": kept.Bytes(), "the file " + filepath.Base(files[0]): onDisk, "the program's log": h.Said.Bytes()} {
			for _, words := range planted {
				for _, form := range forms(words) {
					if bytes.Contains(content, form) {
						t.Errorf("%s holds %q as %q", place, words, form)
					}
				}
			}
		}
	})
}
