package casework_test

import (
	"bytes"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"waymark/internal/casework"
	"waymark/internal/db"
	"waymark/internal/webtest"
)

func aboutFile(words string) url.Values {
	return url.Values{"q.about": {words}, "q.when.year": {"2026"}, "q.when.month": {"5"}}
}

// attach sends a file from the page of files, as somebody does.
func attach(t *testing.T, as *webtest.House, path, name string, body []byte) *webtest.Page {
	t.Helper()
	return upload(as, action(t, as.Get(path+"/files"), "/files/"), name, body, aboutFile("Kestrelby's letter"))
}

var takeLink = regexp.MustCompile(`href="(/cases/[^"]+/files/([^"/]+)/get)"`)

func TestAFileIsKeptSealedAndHandedOutUnderANameThatSaysNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		ruth := h.as("ruth")
		page := follow(t, ruth, attach(t, ruth, path, `C:\Users\ruth\Kestrelby statement.exe`, casework.SamplePDF()))
		for _, words := range []string{"Kestrelby's letter", "Kestrelby statement.exe", "PDF,", "May 2026", "Attached by Ruth Example", "No virus scanner has looked at it"} {
			if !page.Has(words) {
				t.Errorf("the list does not say %q:\n%s", words, page.Main())
			}
		}
		link := takeLink.FindSubmatch(page.Body)
		got := h.as("dawit").Get(string(link[1]))
		if got.Status != http.StatusOK || !bytes.Equal(got.Body, casework.SamplePDF()) {
			t.Fatal(got.Status)
		}
		for name, want := range map[string]string{"Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"} {
			if v := got.Header.Get(name); !strings.Contains(v, want) {
				t.Errorf("%s: %s", name, v)
			}
		}
		if d := got.Header.Get("Content-Disposition"); !regexp.MustCompile(`^attachment; filename="?file-[0-9a-z]{6}\.pdf"?$`).MatchString(d) {
			t.Error(d)
		}
		if h.traced("case.file.added") != 1 || h.traced("case.file.taken") != 1 {
			t.Error("a file was attached or taken without a trace")
		}
		kept, err := os.ReadFile(filepath.Join(h.Room.Files, string(link[2])))
		if err != nil || bytes.Contains(kept, []byte("%PDF")) || bytes.Contains(kept, []byte("Catalog")) {
			t.Error("the file lies open on the disk:", err)
		}
		if files, _ := os.ReadDir(h.Room.Files); len(files) != 1 {
			t.Errorf("%d files are in the folder", len(files))
		}
		if who := h.as("sam").Get(string(link[1])); who.Status != http.StatusNotFound {
			t.Error("another team takes the file:", who.Status)
		}
		// A file of one case is not found under another.
		other := h.Case(someRef(1), "north", "p-ruth")
		if got := ruth.Get(other + "/files/" + string(link[2]) + "/get"); got.Status != http.StatusNotFound {
			t.Error(got.Status)
		}
		// One changed byte on the disk, and nothing of it is handed out.
		kept[len(kept)/2] ^= 1
		if err := os.WriteFile(filepath.Join(h.Room.Files, string(link[2])), kept, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := ruth.Get(string(link[1])); got.Status != http.StatusInternalServerError || bytes.Contains(got.Body, []byte("%PDF")) {
			t.Error("an altered file is handed out:", got.Status)
		}
	})
}

func TestAPhotographIsKeptWithoutWhatTheCameraWroteIntoIt(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		ruth := h.as("ruth")
		page := follow(t, ruth, attach(t, ruth, path, "IMG_1.HEIC", casework.SampleJPEG()))
		link := takeLink.FindSubmatch(page.Body)
		if link == nil {
			t.Fatal(page.Main())
		}
		key, err := h.Keys.Case(t.Context(), "case-"+strings.ToLower(someRef(0)))
		if err != nil {
			t.Fatal(err)
		}
		body, err := h.Room.FileOf(key, string(link[2]))
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range casework.Told {
			if bytes.Contains(body, []byte(word)) {
				t.Errorf("the photograph still holds %q", word)
			}
		}
	})
}

func TestAFileThatIsSentTwiceIsOneFileAndARefusedOneIsNone(t *testing.T) {
	onBoth(t, func(t *testing.T, h *records) {
		path := h.Case(someRef(0), "north", "p-ruth")
		ruth := h.as("ruth")
		to := action(t, ruth.Get(path+"/files"), "/files/")
		for range 2 {
			if page := upload(ruth, to, "a.pdf", casework.SamplePDF(), aboutFile("x")); page.Status != http.StatusSeeOther {
				t.Fatal(page.Status, page.Main())
			}
		}
		if n := h.count(`select count(*) from attachment`); n != 1 {
			t.Errorf("%d files", n)
		}
		for name, c := range map[string]struct {
			body []byte
			says string
		}{
			"letter.pdf": {[]byte("MZ\x90\x00" + strings.Repeat("\x00", 200)), "This is a program or a script"},
			"photo.jpg":  {[]byte("<html><script>alert(1)</script></html>"), "This is a web page or a drawing"},
			"":           {nil, "Choose a file"},
		} {
			page := upload(ruth, action(t, ruth.Get(path+"/files"), "/files/"), name, c.body, aboutFile("the words stay"))
			if page.Status != http.StatusUnprocessableEntity || !page.Has(c.says) || !page.Has("the words stay") {
				t.Errorf("%s: %d %s", name, page.Status, page.Main())
			}
		}
		if page := upload(ruth, action(t, ruth.Get(path+"/files"), "/files/"), "a.pdf", casework.SamplePDF(), url.Values{}); page.Status != http.StatusUnprocessableEntity || !page.Has("Say what the file shows") {
			t.Error(page.Status)
		}
		if files, _ := os.ReadDir(h.Room.Files); len(files) != 1 {
			t.Errorf("%d files are on the disk, one of them is in the record", len(files))
		}
		if n := h.traced("case.file.refused"); n != 3 {
			t.Errorf("%d refusals are traced", n)
		}
		if page := upload(h.as("pat"), to, "a.pdf", casework.SamplePDF(), aboutFile("x")); page.Status != http.StatusForbidden {
			t.Error("somebody who only reads attaches a file:", page.Status)
		}
		if page := upload(h.as("sam"), to, "a.pdf", casework.SamplePDF(), aboutFile("x")); page.Status != http.StatusNotFound {
			t.Error("another team attaches a file:", page.Status)
		}
	})
}

func TestAFileStaysShutUntilTheScannerCouldLook(t *testing.T) {
	if testing.Short() {
		t.Skip("starts ClamAV's daemon")
	}
	socket, _ := webtest.Clamd(t, "testdata/clamav")
	d := &records{now: time.Date(2026, 11, 24, 15, 40, 0, 0, time.UTC)}
	absent := scannerAt(t, "unix:"+t.TempDir()+"/none.sock")
	d.begin(t, webtest.OpenDB(t, webtest.SQLite(t, d.Now), schemas()...), absent)
	path := d.Case(someRef(0), "north", "p-ruth")
	ruth := d.as("ruth")
	page := follow(t, ruth, attach(t, ruth, path, "letter.pdf", casework.SamplePDF()))
	if !page.Has("Not scanned yet") || takeLink.Match(page.Body) {
		t.Fatal(page.Main())
	}
	follow(t, ruth, attach(t, ruth, path, "note.txt", append([]byte("see below\n"), eicar...)))
	ids := d.ids(`select id from attachment order by id`)
	if got := ruth.Get(path + "/files/" + ids[0] + "/get"); got.Status != http.StatusConflict || !got.Has("Not scanned yet") {
		t.Error("it can be taken all the same:", got.Status)
	}
	if err := d.Room.TendFiles(t.Context()); err == nil || !strings.Contains(err.Error(), "does not answer at its socket") {
		t.Error("nobody is told that the scanner is not there:", err)
	}
	d.Room.Scanner = scannerAt(t, "unix:"+socket)
	if err := d.Room.TendFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	page = ruth.Get(path + "/files")
	if len(takeLink.FindAll(page.Body, -1)) != 1 || !page.Has("Its content was deleted") || page.Has("No virus scanner") {
		t.Error(page.Main())
	}
	if _, err := os.Stat(filepath.Join(d.Room.Files, ids[1])); err == nil {
		t.Error("what does harm is still on the disk")
	}
	if d.traced("case.file.scanned") != 1 || d.traced("case.file.infected") != 1 {
		t.Error("what the scanner said left no trace")
	}
	// With the scanner there, it is refused at once.
	if got := attach(t, ruth, path, "note.txt", append([]byte("see below\n"), eicar...)); got.Status != http.StatusUnprocessableEntity || !got.Has("knows this file as one that does harm") {
		t.Error(got.Status)
	}
}

func TestFilesThatNoRowNamesAreSweptAndMissingOnesAreNamed(t *testing.T) {
	h := &records{now: time.Date(2026, 11, 24, 15, 40, 0, 0, time.UTC)}
	h.begin(t, webtest.OpenDB(t, webtest.SQLite(t, h.Now), schemas()...), nil)
	path := h.Case(someRef(0), "north", "p-ruth")
	ruth := h.as("ruth")
	follow(t, ruth, attach(t, ruth, path, "letter.pdf", casework.SamplePDF()))
	young, old, half, foreign := db.NewID(h.Now()), db.NewID(h.Now()), db.NewID(h.Now())+"-1.new", "README"
	for name, age := range map[string]time.Duration{young: 0, old: 2 * time.Hour, half: 2 * time.Hour, foreign: 99 * time.Hour} {
		file := filepath.Join(h.Room.Files, name)
		if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, h.Now(), h.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Room.TendFiles(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, stays := range map[string]bool{young: true, old: false, half: false, foreign: true} {
		if _, err := os.Stat(filepath.Join(h.Room.Files, name)); (err == nil) != stays {
			t.Errorf("%s is there: %v", name, err == nil)
		}
	}
	if missing, err := h.Room.MissingFiles(t.Context()); len(missing) != 0 || err != nil {
		t.Error(missing, err)
	}
	ids := h.ids(`select id from attachment`)
	if err := os.Remove(filepath.Join(h.Room.Files, ids[0])); err != nil {
		t.Fatal(err)
	}
	if missing, err := h.Room.MissingFiles(t.Context()); len(missing) != 1 || err != nil {
		t.Error(missing, err)
	}
}

func TestAFolderThatCannotBeWrittenKeepsNothingAndSaysSo(t *testing.T) {
	h := &records{now: time.Date(2026, 11, 24, 15, 40, 0, 0, time.UTC)}
	h.begin(t, webtest.OpenDB(t, webtest.SQLite(t, h.Now), schemas()...), nil)
	path := h.Case(someRef(0), "north", "p-ruth")
	h.Room.Files = filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(h.Room.Files, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ruth := h.as("ruth")
	if got := attach(t, ruth, path, "letter.pdf", casework.SamplePDF()); got.Status != http.StatusServiceUnavailable || h.count(`select count(*) from attachment`) != 0 {
		t.Error(got.Status, got.Main())
	}
}
