package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"waymark/internal/pack"
	"waymark/internal/site"
)

type packCommand struct {
	Check    checkCommand    `cmd:"" help:"Load a pack and say everything that is wrong with it, with file, line and how to mend it."`
	Diff     diffCommand     `cmd:"" help:"Say in words what changed between two packs."`
	Schema   schemaCommand   `cmd:"" help:"Print the JSON Schema of a pack's files, so that an editor completes and checks them."`
	Activate activateCommand `cmd:"" help:"Check the local pack and make it live in the running copy."`
}

type checkCommand struct {
	Dir     string `arg:"" optional:"" help:"Folder of the pack, or the id of one that came with the program."`
	Reading bool   `help:"Say how hard every chapter, setting and text is to read."`
	Record  bool   `help:"Write every id into ids.txt, so that none is ever lost."`
}

// Run prints counts when the pack is good, and every fault when it is not.
func (c *checkCommand) Run() error {
	p, err := loadAny(c.Dir)
	if err != nil {
		return err
	}
	for _, w := range p.Warnings {
		fmt.Println("see to:", w)
	}
	if c.Record {
		path := filepath.Join(c.Dir, "ids.txt")
		before, err := os.ReadFile(path)
		if err != nil && !os.IsNotExist(err) {
			return err
		}
		if err := os.WriteFile(path, []byte(pack.RecordIDs(p, string(before))), 0o644); err != nil {
			return err
		}
	}
	fmt.Println(p.Version(), "is good.")
	n := p.Counts()
	fmt.Printf(`%6d indicators
%6d settings with %d signs
%6d advice, %d of them steps
%6d chapters with %d paragraphs
%6d records of the library
%6d contacts, %d of them confirmed here
%6d sources
%6d examples, all as expected
%6d items that somebody is not sure of
`, n.Indicators, n.Settings, n.Signs, n.Advice, n.Steps, n.Chapters, n.Paragraphs, n.Records, n.Contacts, n.Confirmed, n.Sources, n.Examples, n.Unsure)
	fmt.Println("Reading age (Flesch-Kincaid grade; 6 to 8 is about age 11 to 13), hardest first:")
	for i, r := range p.Readings() {
		if i < hardest || c.Reading {
			fmt.Printf("%6.1f %s, %d words\n", r.Grade, r.ID, r.Words)
		}
	}
	return nil
}

// hardest is how many texts a check names as hard to read, unless all are asked for.
const hardest = 5

// loadAny takes a folder or the id of a pack that came with the program; nothing means the national pack.
func loadAny(dir string) (*pack.Pack, error) {
	switch info, err := os.Stat(dir); {
	case dir == "":
		return site.LoadPack("england-wales", "")
	case err == nil && info.IsDir():
		return site.LoadPack("", dir)
	default:
		return site.LoadPack(dir, "")
	}
}

type diffCommand struct {
	Before string `arg:"" help:"Folder or id of the pack before."`
	After  string `arg:"" help:"Folder or id of the pack after."`
}

// Run prints what a practitioner would want to know.
func (c *diffCommand) Run() error {
	before, err := loadAny(c.Before)
	if err != nil {
		return fmt.Errorf("%s does not load:\n%w", c.Before, err)
	}
	after, err := loadAny(c.After)
	if err != nil {
		return fmt.Errorf("%s does not load:\n%w", c.After, err)
	}
	fmt.Print(pack.Diff(before, after))
	return nil
}

type schemaCommand struct{}

// Run prints the schema.
func (schemaCommand) Run() error {
	raw, err := pack.Schema()
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(raw)
	return err
}

type activateCommand struct {
	settings
}

// activationWait is how long a running copy may take to load a pack before we say that we do not know.
const activationWait = time.Minute

// Run checks the pack here first, then asks the running copy to load it, and tells what came of it.
func (c *activateCommand) Run() error {
	if c.LocalPack == "" {
		return fmt.Errorf("there is no local pack to make live; name its folder with --local-pack")
	}
	p, err := site.LoadPack("", c.LocalPack)
	if err != nil {
		return fmt.Errorf("the pack has faults, so what is live stays live:\n%w", err)
	}
	raw, err := os.ReadFile(filepath.Join(c.Data, "waymark.pid"))
	if err != nil {
		return fmt.Errorf("%s is good, but no copy runs with the data folder %s; start one with `waymark serve`", p.Version(), c.Data)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(raw)))
	if err != nil {
		return fmt.Errorf("waymark.pid in %s does not hold the number of a process", c.Data)
	}
	outcome := filepath.Join(c.Data, "activation")
	if err := os.Remove(outcome); err != nil && !os.IsNotExist(err) {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGHUP); err != nil {
		return fmt.Errorf("the copy that ran with %s (process %d) does not run any more; start it with `waymark serve`", c.Data, pid)
	}
	for end := time.Now().Add(activationWait); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if said, err := os.ReadFile(outcome); err == nil {
			return tell(strings.TrimSpace(string(said)))
		}
	}
	return fmt.Errorf("the running copy did not answer within %s; look at its log", activationWait)
}

func tell(outcome string) error {
	first, rest, _ := strings.Cut(outcome, "\n")
	what, version, _ := strings.Cut(first, " ")
	switch what {
	case "live":
		fmt.Println("Live:", version)
	case "same":
		fmt.Println("Nothing has changed. Live:", version)
	default:
		return fmt.Errorf("the running copy kept %s:\n%s", version, rest)
	}
	return nil
}
