package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"filippo.io/age"

	"waymark/internal/backup"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/keys"
	"waymark/internal/site"
)

type backupCommand struct {
	settings
	To        string   `type:"path" help:"Folder for the backup, or the name of its first file."`
	KeysTo    string   `type:"path" help:"Another folder for the file of the keys, which is best kept apart. Without it, it is beside the other."`
	Recipient []string `help:"Encrypt to this recipient of age (age1…). May be given more than once. A restore then needs the identity of one of them, and the master key as always."`
	Verified  string   `placeholder:"ID" help:"Write down that the backup with this id was restored on trial elsewhere, instead of making one."`
}

// Run makes a backup, of a copy that may be serving.
func (c *backupCommand) Run() error {
	var to backup.Target
	for _, one := range c.Recipient {
		found, err := age.ParseRecipients(strings.NewReader(one))
		if err != nil {
			return fmt.Errorf("%q is no recipient of age: one begins with age1", one)
		}
		to.Recipients = append(to.Recipients, found...)
	}
	if (c.To == "") == (c.Verified == "") {
		return errors.New("say where the backup goes (--to FOLDER), or which one was restored on trial (--verified ID)")
	}
	return c.beside(func(ctx context.Context, p *site.Private) error {
		if c.Verified != "" {
			return p.DB.Write(ctx, "", func(tx *db.Tx) error { return backup.Verified(tx, c.Verified) })
		}
		to.Records, to.Keys = backup.Targets(c.To, c.KeysTo, time.Now())
		for _, path := range []string{to.Records, to.Keys} {
			if err := keys.Outside(path, c.Data); err != nil {
				return fmt.Errorf("a backup belongs on another disk than the data: %w", err)
			}
		}
		live, err := site.LoadPack(c.Pack, c.LocalPack)
		if err != nil {
			return err
		}
		shown := newProgress()
		to.Progress = shown.tell
		began := time.Now()
		made, err := p.BackUp(ctx, to, []string{live.Version()})
		shown.end()
		if err != nil {
			return err
		}
		fmt.Printf("The records are in %s, their keys in %s: %s in %s.\n", made.Records, made.Keys, size(made.Bytes), time.Since(began).Round(time.Millisecond))
		fmt.Printf("Backup %s. %s A backup that was never restored is a hope; try it: waymark restore --verify --from %s --keys %s\n",
			made.Manifest.ID, newestIn(made.Manifest.Newest), made.Records, made.Keys)
		return nil
	})
}

// beside opens the records for a command that leaves it to serve to change a database.
func (r records) beside(f func(context.Context, *site.Private) error) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if _, err := os.Stat(r.Data); err != nil {
		return fmt.Errorf("there is no data folder %s; name the one of your copy with --data", r.Data)
	}
	cfg, err := r.private(ctx, nil)
	if err != nil {
		return err
	}
	cfg.BeforeChange = site.NoChange
	p, err := site.OpenPrivate(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	return f(ctx, p)
}

func newestIn(stamp string) string {
	if stamp == "" {
		return "There is no answer in it yet."
	}
	return "The newest answer in it is of " + stamp + "."
}

type restoreCommand struct {
	records
	From     string `type:"path" required:"" help:"The file of the records."`
	Keys     string `type:"path" help:"The file of their keys. Without it, the one of the same name beside the records."`
	Identity string `type:"path" help:"File with your identity of age, when the backup was encrypted to a recipient."`
	Verify   bool   `help:"Restore into a scratch place, look at whether all is there and opens, and take it away again."`
	Into     string `type:"path" help:"Restore into this empty folder, which becomes the data folder of the copy."`
	Sample   int    `default:"50" help:"How many cases are opened to see that they can be. 0 opens all."`
	Scratch  string `type:"path" help:"Folder for the scratch place. What is put there is encrypted as the data is."`
}

// Run restores a backup, on trial or in earnest.
func (c *restoreCommand) Run() (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if c.Verify == (c.Into != "") {
		return errors.New("say whether the backup is restored on trial (--verify) or in earnest (--into FOLDER)")
	}
	place := c.Into
	if c.Verify {
		if place, err = os.MkdirTemp(c.Scratch, "waymark-restore-"); err != nil {
			return fmt.Errorf("there is no scratch place; name a folder with --scratch: %w", err)
		}
		defer func() { err = errors.Join(err, os.RemoveAll(place)) }()
	}
	r := site.Restorer(place, version)
	r.Records, r.Keys, r.Sample, r.Database, r.KeysDatabase = c.From, c.Keys, c.Sample, c.Database, c.KeysDatabase
	if r.Keys == "" {
		r.Keys = backup.KeysBeside(c.From)
	}
	if r.Master, err = c.source().Read(ctx, c.Data); err != nil {
		return err
	}
	if c.Identity != "" {
		if r.Identities, err = identities(c.Identity); err != nil {
			return err
		}
	}
	if c.Verify {
		r.Installation = c.installation(ctx)
		for _, address := range []*string{&r.Database, &r.KeysDatabase} {
			if *address == "" {
				continue
			}
			scratch, drop, err := db.Scratch(ctx, *address)
			if err != nil {
				return err
			}
			defer drop() //nolint:errcheck // a scratch database that stays harms nothing, and the failure before it is the news
			*address = scratch
		}
	}
	shown := newProgress()
	r.Progress = shown.tell
	began := time.Now()
	report, err := r.Run(ctx)
	shown.end()
	if err != nil {
		return err
	}
	tellRestored(report, time.Since(began))
	if len(report.Missing) > 0 {
		return fmt.Errorf("%d cases have no key and cannot be opened: %s; look for a newer file of the keys", len(report.Missing), strings.Join(report.Missing, ", "))
	}
	if c.Verify {
		return c.writeDown(ctx, report.Manifest.ID)
	}
	fmt.Printf("It is restored in %s. Name that folder with --data, and start waymark serve.\n", place)
	return nil
}

func identities(path string) ([]age.Identity, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("the file of your identity cannot be read: %w", err)
	}
	defer file.Close()
	found, err := age.ParseIdentities(file)
	if err != nil {
		return nil, fmt.Errorf("%s holds no identity of age", path) // the error may quote it
	}
	return found, nil
}

func tellRestored(r backup.Report, took time.Duration) {
	fmt.Printf("Backup %s of %s, made by waymark %s: signed by the copy whose keys are in it, and whole.\n", r.Manifest.ID, r.Manifest.MadeAt, r.Manifest.Program)
	fmt.Printf("%d rows in %d tables, as many as when it was made; %d files.\n", r.Rows, len(r.Manifest.Rows), r.Files)
	fmt.Printf("%d of %d cases were opened, with %d sealed things in them.\n", r.Opened, r.Cases, r.Unsealed)
	fmt.Printf("The log verifies: %s.\n", r.Log)
	if r.Newest.IsZero() {
		fmt.Println("There is no answer in it yet.")
	} else {
		fmt.Printf("The newest saved answer is of %s: %s ago.\n", db.Stamp(r.Newest), time.Since(r.Newest).Round(time.Second))
	}
	if len(r.Destroyed) > 0 {
		fmt.Printf("%d cases were disposed of before, and their keys are gone: %s.\n", len(r.Destroyed), strings.Join(r.Destroyed, ", "))
	}
	fmt.Printf("It took %s.\n", took.Round(time.Millisecond))
}

// installation names the copy on this machine, when there is one that opens.
func (c *restoreCommand) installation(ctx context.Context) (id string) {
	if _, err := os.Stat(c.Data); err != nil {
		return ""
	}
	err := c.beside(func(_ context.Context, p *site.Private) (err error) {
		id, err = backup.Installation(ctx, p.Keys)
		return err
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "The copy on this machine does not open, so the backup is not compared with it:", err)
	}
	return id
}

// writeDown keeps the day of the trial where the operator's page and doctor find it.
func (c *restoreCommand) writeDown(ctx context.Context, id string) error {
	err := fault.Of(fault.NotFound, "no copy on this machine")
	if _, missing := os.Stat(c.Data); missing == nil {
		err = c.beside(func(_ context.Context, p *site.Private) error {
			return p.DB.Write(ctx, "", func(tx *db.Tx) error { return backup.Verified(tx, id) })
		})
	}
	if err != nil {
		fmt.Printf("The day is not written down, since the copy that made the backup is not on this machine. There: waymark backup --verified %s\n", id)
		return nil
	}
	fmt.Println("The day of this trial is written down in the copy that made the backup.")
	return nil
}
