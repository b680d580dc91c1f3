package site

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"waymark/internal/audit"
	"waymark/internal/backup"
	"waymark/internal/clock"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/pack"
)

// Health is how something stands.
type Health int

// The three ways. Each is the exit code of `waymark doctor` when nothing is worse.
const (
	Well   Health = iota
	Mind          // it works, and somebody should see to it
	Broken        // it does not work, or somebody may be harmed
)

// Finding is one line of the doctor: what was looked at, how it stands, and what to do. It names nobody.
type Finding struct {
	Health     Health
	What, Says string
	Do         string // "" when there is nothing to do
}

// After these, the doctor says that something is due.
const (
	backupDue     = 26 * time.Hour // made every night, with some room
	verifyDue     = 31 * 24 * time.Hour
	checkpointDue = 7 * 24 * time.Hour
	waitingDue    = 5 * time.Minute
	holidaysAhead = 365
	leastRoom     = 200 << 20
)

// Patient is what the doctor looks at.
type Patient struct {
	Data    string
	Private *PrivateConfig // nil: this copy keeps no records
	NoKey   error          // why the master key could not be read, when the copy keeps records
	Road    string         // how requests arrive, in words
	RoadBad string         // what is wrong with that; "" when nothing is
	Pack    *pack.Pack     // nil with PackErr
	PackErr error
	Now     time.Time
}

// Examine looks at everything, one line for each.
func (p Patient) Examine(ctx context.Context) (all []Finding) {
	say := func(h Health, what, says, do string) { all = append(all, Finding{h, what, says, do}) }
	p.folder(say)
	p.content(say)
	if p.RoadBad != "" {
		say(Broken, "https", p.RoadBad, "give --tls-cert and --tls-key, or name the proxy with --trusted-proxy")
	} else {
		say(Well, "https", p.Road, "")
	}
	switch {
	case p.NoKey != nil:
		say(Broken, "master key", p.NoKey.Error(), "docs/operate.md, \"The master key\"")
	case p.Private == nil:
		say(Well, "records", "none: no master key is named, so this copy has the public pages only", "")
	default:
		p.records(ctx, say)
	}
	return all
}

type sayer func(h Health, what, says, do string)

func (p Patient) folder(say sayer) {
	info, err := os.Stat(p.Data)
	switch {
	case errors.Is(err, os.ErrNotExist):
		say(Mind, "data folder", p.Data+" is not there yet", "start waymark serve, or name the right one with --data")
		return
	case err != nil || !info.IsDir():
		say(Broken, "data folder", p.Data+" is no folder that can be read", "name the right one with --data")
		return
	case info.Mode().Perm()&0o077 != 0:
		say(Mind, "data folder", "others than its owner can look into "+p.Data, "chmod 700 "+p.Data)
	default:
		say(Well, "data folder", p.Data+", for its owner alone", "")
	}
	trial, err := os.CreateTemp(p.Data, ".doctor-*")
	if err != nil {
		say(Broken, "data folder", "it cannot be written to by this user", "run as the user of the service, or let that user own it")
	} else {
		trial.Close()           //nolint:errcheck // nothing was written
		os.Remove(trial.Name()) //nolint:errcheck // an empty file at worst
	}
	var disk syscall.Statfs_t
	if err := syscall.Statfs(p.Data, &disk); err != nil {
		say(Mind, "disk", "its room cannot be asked for", "")
		return
	}
	free, used := int64(disk.Bavail)*int64(disk.Bsize), folderSize(p.Data)
	says := fmt.Sprintf("%d MB free, %d MB used by the data", free>>20, used>>20)
	switch {
	case free < leastRoom:
		say(Broken, "disk", says, "make room now: nothing can be saved on a full disk")
	case free < 2*used:
		say(Mind, "disk", says, "make room: a backup before an upgrade needs as much again as the data")
	default:
		say(Well, "disk", says, "")
	}
}

func folderSize(folder string) (n int64) {
	filepath.WalkDir(folder, func(_ string, entry os.DirEntry, err error) error { //nolint:errcheck // an estimate
		if err == nil && entry.Type().IsRegular() {
			if info, err := entry.Info(); err == nil {
				n += info.Size()
			}
		}
		return nil
	})
	return n
}

func (p Patient) content(say sayer) {
	if p.PackErr != nil {
		say(Broken, "pack", "it does not load", "waymark pack check names every fault")
		return
	}
	today := clock.Today(p.Now)
	if late := p.Pack.Overdue(today); len(late) > 0 {
		say(Mind, "pack", fmt.Sprintf("%s is live, and %d items in it should have been read again by now", p.Pack.Version(), len(late)), "waymark pack check lists them with whom to ask")
	} else {
		say(Well, "pack", p.Pack.Version()+" is live, and nothing in it is overdue for review", "")
	}
	if n := p.Pack.Counts(); n.Confirmed < n.Contacts {
		say(Mind, "contacts", fmt.Sprintf("%d of %d numbers were not rung by anybody here", n.Contacts-n.Confirmed, n.Contacts), "ring each, and write down in the local pack when and who; until then pages ask to check it")
	} else {
		say(Well, "contacts", fmt.Sprintf("all %d numbers are confirmed", n.Contacts), "")
	}
	var last clock.Date
	for day := range p.Pack.BankHolidays("") {
		if last.Before(day) {
			last = day
		}
	}
	if last.Before(today.AddDays(holidaysAhead)) {
		say(Mind, "bank holidays", "they are known until "+orNone(last)+" only", "add the next years' to the pack: deadlines in working days and opening hours need them")
	} else {
		say(Well, "bank holidays", "known until "+last.Words(), "")
	}
}

func orNone(d clock.Date) string {
	if d.IsZero() {
		return "no day"
	}
	return d.Words()
}

func (p Patient) records(ctx context.Context, say sayer) {
	if _, err := os.Stat(filepath.Join(p.Data, "keyring")); err != nil {
		say(Mind, "records", "none yet: the data folder has no keyring", "start waymark serve; after a loss, waymark restore")
		return
	}
	cfg := *p.Private
	cfg.BeforeChange = NoChange
	private, err := OpenPrivate(ctx, cfg)
	if err != nil {
		say(Broken, "records", err.Error(), "docs/operate.md, \"When something is broken\"")
		return
	}
	defer private.Close() //nolint:errcheck // it was only read
	say(Well, "records", "keyring, key store and database open, and have this program's schema", "")
	if n, err := private.Keys.Check(ctx); err != nil {
		say(Broken, "key store", err.Error(), "restore the key store from the last backup")
	} else {
		say(Well, "key store", fmt.Sprintf("every key opens: %d of cases, %d of the house; %d were destroyed", n.Cases, n.Roots, n.Destroyed), "")
	}
	if err := errors.Join(private.DB.Check(ctx), private.KeysDB.Check(ctx)); err != nil {
		say(Broken, "databases", err.Error(), "stop, copy the data folder as it is, and restore the last backup")
	} else {
		say(Well, "databases", "sound ("+private.DB.Engine()+", keys in "+private.KeysDB.Engine()+")", "")
	}
	if behind := private.DB.Behind(); behind > time.Second {
		say(Broken, "clock", fmt.Sprintf("it runs %s behind the last entry of the log", behind.Round(time.Second)), "set the clock (timedatectl), and look at why it jumped")
	} else {
		say(Well, "clock", "not behind the last entry of the log", "")
	}
	p.attachments(ctx, private.cases(), say)
	p.stranded(ctx, private.cases(), say)
	p.log(ctx, private, say)
	p.backups(ctx, private, say)
}

func (p Patient) log(ctx context.Context, private *Private, say sayer) {
	report, err := private.Log.Verify(ctx)
	switch {
	case err != nil:
		say(Broken, "log", "it cannot be verified: "+err.Error(), "waymark audit verify")
	case !report.Sound():
		say(Broken, "log", fmt.Sprintf("it is not as it was written: %d findings", len(report.Findings)), "waymark audit verify names them; keep a copy of the database as it is")
	case report.Waiting > 0 && p.Now.Sub(report.Oldest) > waitingDue:
		say(Mind, "log", fmt.Sprintf("it verifies, but %d entries wait to be taken in, the oldest for %s", report.Waiting, p.Now.Sub(report.Oldest).Round(time.Minute)), "they are taken in while waymark serve runs; look at its log")
	default:
		say(Well, "log", fmt.Sprintf("it verifies: %d entries, %d wait", report.Size, report.Waiting), "")
	}
	taken, err := ask(ctx, private.DB, audit.LastTaken)
	switch {
	case err != nil:
		say(Broken, "checkpoint", err.Error(), "")
	case report != nil && report.Size == 0:
		say(Well, "checkpoint", "none is needed while the log is empty", "")
	default:
		p.checkpoint(taken, say)
	}
}

func (p Patient) checkpoint(taken time.Time, say sayer) {
	if p.Now.Sub(taken) > checkpointDue {
		say(Mind, "checkpoint", since("kept elsewhere", taken), "waymark audit checkpoint --out FILE, to somebody who cannot change this copy")
		return
	}
	say(Well, "checkpoint", since("kept elsewhere", taken), "")
}

func (p Patient) backups(ctx context.Context, private *Private, say sayer) {
	made, err := ask(ctx, private.DB, backup.LastMade)
	verified, err2 := ask(ctx, private.DB, backup.LastVerified)
	if err := errors.Join(err, err2); err != nil {
		say(Broken, "backup", err.Error(), "")
		return
	}
	p.backedUp(made, verified, say)
}

func (p Patient) backedUp(made, verified time.Time, say sayer) {
	if p.Now.Sub(made) > backupDue {
		say(Mind, "backup", since("made", made), "waymark backup --to FOLDER, every night")
	} else {
		say(Well, "backup", since("made", made), "")
	}
	if p.Now.Sub(verified) > verifyDue {
		say(Mind, "backup restored on trial", since("restored on trial", verified), "waymark restore --verify --from FILE, every month")
	} else {
		say(Well, "backup restored on trial", since("restored on trial", verified), "")
	}
}

func ask(ctx context.Context, d *db.DB, f func(*db.Tx) (time.Time, error)) (at time.Time, err error) {
	err = d.Read(ctx, "", func(tx *db.Tx) (err error) {
		at, err = f(tx)
		return err
	})
	if errors.Is(err, fault.NotFound) {
		return time.Time{}, nil
	}
	return at, err
}

// since says when something was last done.
func since(done string, t time.Time) string {
	if t.IsZero() {
		return "none was ever " + done
	}
	return "the last one was " + done + " on " + t.In(clock.London).Format("2 January 2006 at 15:04")
}
