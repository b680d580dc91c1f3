// Command waymark-verify checks a proof that `waymark audit prove` made, without Waymark and without its database. It is
// short, so that an expert for a court can read it whole, and uses nothing but Go and the tree of Go's checksum database.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type proof struct {
	Format, Case, Key, Checkpoint string
	Entries, Earlier              []step
}

// step is a leaf of the tree, or an earlier size of the tree, with the hashes that lead from there to the signed root.
type step struct {
	Place, Size int64
	Leaf        string
	Path        []tlog.Hash
}

func main() {
	key := flag.String("key", "", "the key of the log as it was handed out; without it the proof's own is believed")
	kept := flag.String("kept", "", "a file with checkpoints that were kept elsewhere")
	flag.Parse()
	if err := run(flag.Arg(0), *key, *kept); err != nil {
		fmt.Fprintln(os.Stderr, "NOT PROVED:", err)
		os.Exit(1)
	}
}

func run(path, key, kept string) error {
	raw, err := os.ReadFile(path)
	var p proof
	if err = errors.Join(err, json.Unmarshal(raw, &p)); err != nil || p.Format != "waymark proof 1" || len(p.Entries) == 0 {
		return errors.Join(errors.New("this is no proof of version 1"), err)
	}
	if key == "" {
		key = p.Key
		fmt.Printf("The key is the proof's own. Compare it with one that was kept elsewhere: %q\n", key)
	}
	tree, moment, err := open(p.Checkpoint, key)
	if err != nil {
		return err
	}
	for i, e := range p.Entries {
		err := tlog.CheckRecord(e.Path, tree.N, tree.Hash, e.Place, tlog.RecordHash([]byte(e.Leaf)))
		f := strings.Split(e.Leaf, "\n") // version, id, at, who, act, case, number, about, detail, nothing
		if err != nil || len(f) != 10 || f[0] != "waymark log entry 1" || f[5] != "case "+p.Case || f[6] != "number "+strconv.Itoa(i+1) {
			return errors.Join(fmt.Errorf("entry %d was altered, or is not number %d of this case: one is missing or out of place", i+1, i+1), err)
		}
		fmt.Printf("%d %q\n", i+1, []string{f[2], f[3], f[4], f[7]})
	}
	if err := against(p, tree, kept, key); kept != "" && err != nil {
		return err
	}
	fmt.Printf("PROVED: %d entries about case %q, none missing among them, in a log of %d signed at %q.\n", len(p.Entries), p.Case, tree.N, moment)
	return nil
}

// open verifies a signed checkpoint. Its lines: the name of the log, the number of entries, the root, the moment.
func open(signed, key string) (tree tlog.Tree, moment string, err error) {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tree, "", err
	}
	n, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return tree, "", fmt.Errorf("a checkpoint is not signed with the key: %w", err)
	}
	lines := strings.Split(n.Text+"\n\n\n", "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	root, wrong := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, lines[3], errors.Join(err, wrong)
}

// against shows that the log begins as it did when a checkpoint was kept: one of those in the file is enough.
func against(p proof, tree tlog.Tree, path, key string) error {
	raw, err := os.ReadFile(path)
	parts := strings.Split(strings.TrimSpace(string(raw)), "\n\n") // text, signature, text, signature
	for i := len(parts)/2*2 - 2; err == nil && i >= 0; i -= 2 {
		old, _, wrong := open(parts[i]+"\n\n"+parts[i+1]+"\n", key)
		for _, e := range p.Earlier {
			if e.Size == old.N && tlog.CheckTree(e.Path, tree.N, tree.Hash, old.N, old.Hash) == nil && wrong == nil {
				fmt.Println("The log still begins with the", old.N, "entries of a kept checkpoint.")
				return nil
			}
		}
	}
	return errors.Join(errors.New("the log of this proof does not begin as the kept checkpoints say"), err)
}
