package main

import (
	"context"
	"encoding/hex"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"waymark/internal/db"
	"waymark/internal/keys"
	"waymark/internal/seal"
	"waymark/internal/site"
)

// caseLabel is where the words of the test's cases are sealed.
var caseLabel = seal.Label{Field: "test.words", Row: "1", Version: 1}

// cases makes a data folder with so many cases, and keeps in a file what was sealed with the key of each; or, when the
// file is there, opens it again: cases DATA MASTER-KEY-FILE NUMBER SEALED-FILE
func cases(ts *testscript.TestScript, neg bool, args []string) {
	ctx := context.Background()
	data := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(data, 0o700))
	master, err := keys.Source{File: ts.MkAbs(args[1])}.Read(ctx, data)
	ts.Check(err)
	private, err := site.OpenPrivate(ctx, site.PrivateConfig{Data: data, Master: master, Program: "test", Now: time.Now})
	ts.Check(err)
	defer private.Close()
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	kept, err := os.ReadFile(ts.MkAbs(args[3]))
	lines := strings.Fields(string(kept))
	for i := range n {
		id := "c" + strconv.Itoa(i)
		if err != nil { // nothing is there yet
			key, err := private.Keys.Make(ctx, id)
			ts.Check(err)
			sealed, err := key.Seal(caseLabel, []byte("said in "+id))
			ts.Check(err)
			lines = append(lines, hex.EncodeToString(sealed))
			continue
		}
		key, err := private.Keys.Case(ctx, id)
		ts.Check(err)
		sealed, err := hex.DecodeString(lines[i])
		ts.Check(err)
		if plain, err := key.Open(caseLabel, sealed); err != nil || string(plain) != "said in "+id {
			ts.Fatalf("%s does not open: %v", id, err)
		}
	}
	if err != nil {
		ts.Check(os.WriteFile(ts.MkAbs(args[3]), []byte(strings.Join(lines, "\n")), 0o600))
	}
}

// traced looks for an act in the log: traced DATA MASTER-KEY-FILE ACT
func traced(ts *testscript.TestScript, neg bool, args []string) {
	ctx := context.Background()
	data := ts.MkAbs(args[0])
	master, err := keys.Source{File: ts.MkAbs(args[1])}.Read(ctx, data)
	ts.Check(err)
	private, err := site.OpenPrivate(ctx, site.PrivateConfig{Data: data, Master: master, Program: "test", Now: time.Now})
	ts.Check(err)
	defer private.Close()
	var n int64
	ts.Check(private.DB.Read(ctx, "", func(tx *db.Tx) (err error) {
		n, err = db.One(tx, db.Of[int64], `select count(id) from audit_entry where act = $1`, args[2])
		return err
	}))
	if (n > 0) == neg {
		ts.Fatalf("%d entries say %s", n, args[2])
	}
}

// parts reads the three parts off a sheet, as people would type them: parts SHEET FILE FILE FILE
func parts(ts *testscript.TestScript, neg bool, args []string) {
	for i, section := range strings.Split(ts.ReadFile(args[0]), "<section>")[1:] {
		var text strings.Builder
		for _, line := range regexp.MustCompile(`<code>([^<]+)</code>`).FindAllStringSubmatch(section, -1) {
			text.WriteString(strings.ToUpper(line[1]) + "\n")
		}
		ts.Check(os.WriteFile(ts.MkAbs(args[1+i]), []byte(text.String()), 0o600))
	}
}

// The drill of docs/operate.md is what people are told to do on a bad day, so it is done here, line by line.
func TestTheLossDrillOfThePapersWorks(t *testing.T) {
	paper, err := os.ReadFile("../../docs/operate.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(paper), "\n## When the master key is lost\n")
	section, _, _ = strings.Cut(section, "\n## ")
	blocks := strings.Split(section, "```sh\n")
	if !found || len(blocks) < 2 {
		t.Fatal("docs/operate.md has no drill under \"When the master key is lost\"")
	}
	// Before: a copy with records, whose key was parted among three people. Then the key is lost.
	script := []string{
		"exec waymark key new --out lost.key --sheet sheet.html", "cases waymark-data lost.key 3 sealed",
		"parts sheet.html part-one part-two part-three", "rm lost.key",
	}
	for _, block := range blocks[1:] {
		commands, _, _ := strings.Cut(block, "```")
		for _, line := range strings.Split(strings.TrimSpace(commands), "\n") {
			line, _, _ = strings.Cut(line, " #")
			if !strings.HasPrefix(line, "waymark ") {
				t.Errorf("the drill says %q, which this test does not know how to do", line)
			}
			script = append(script, "exec "+line)
		}
	}
	// After: the restored key opens what was sealed, and so does the one that takes its place.
	script = append(script, "cases waymark-data next.key 3 sealed", "traced waymark-data next.key key.rotated", "! exec waymark key check --master-key-file restored.key", "stderr 'this is another master key'")
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "drill.txt"), []byte(strings.Join(script, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{Dir: folder, Cmds: map[string]func(*testscript.TestScript, bool, []string){"cases": cases, "parts": parts, "traced": traced}})
}
