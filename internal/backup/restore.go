package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"filippo.io/age"

	"waymark/internal/clock"
	"waymark/internal/db"
	"waymark/internal/fault"
	"waymark/internal/keys"
	"waymark/internal/seal"
)

// Restore says what is restored, and where.
type Restore struct {
	Records, Keys string // the two files
	Identities    []age.Identity
	Master        seal.Master
	Installation  string // when it is known which copy the backup must be of
	Into          string // an empty folder: the data folder of the restored copy
	Files         string // where in it the files of the records go
	Database      string // when the records were in PostgreSQL: the address of an empty database
	KeysDatabase  string // the same for the keys
	Sample        int    // how many cases are opened; 0 is all
	Program       string
	Now           clock.Now
	Rooms         Rooms
	Progress      Progress
}

// Report is what a restored backup was found to be.
type Report struct {
	Manifest  Manifest
	MadeAt    time.Time
	Newest    time.Time // the newest saved answer
	Rows      int64
	Cases     int
	Opened    int // of them, wholly
	Unsealed  int // sealed things in the opened ones
	Files     int
	Log       string   // what verifying the log found
	Missing   []string // cases without a key: they cannot be opened
	Destroyed []string // cases whose key was destroyed, although their rows are in the records
}

// Run restores a backup into its place and looks at whether all of it is there and opens. A backup that is truncated,
// mixed, foreign or altered is refused by that name. What was restored stays only when Run returns no error.
func (r Restore) Run(ctx context.Context) (report Report, err error) {
	if r.Progress == nil {
		r.Progress = func(string, int64, int64) {}
	}
	keysFile, err := load(r.Keys, r.Identities)
	if err != nil {
		return Report{}, err
	}
	defer keysFile.file.Close()
	records, err := load(r.Records, r.Identities)
	if err != nil {
		return Report{}, err
	}
	defer records.file.Close()
	if err := r.belong(records, keysFile); err != nil {
		return Report{}, err
	}
	clean, err := emptyFolder(r.Into)
	if err != nil {
		return Report{}, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, clean())
		}
	}()
	place, err := r.fill(ctx, records, keysFile)
	defer func() { err = place.leave(ctx, err) }()
	if err != nil {
		return Report{}, err
	}
	report = Report{Manifest: records.manifest}
	err = place.examine(ctx, r, records, keysFile, &report)
	return report, err
}

// belong refuses two files that are not one backup, and a backup that is not of this copy.
func (r Restore) belong(records, keysFile *reader) error {
	a, b := records.manifest, keysFile.manifest
	switch {
	case a.Holds != holdsRecords:
		return fault.Of(fault.Invalid, "%s holds %s, not records; name the file of the records with --from and that of the keys with --keys", records.path, a.Holds)
	case b.Holds != holdsKeys:
		return fault.Of(fault.Invalid, "%s holds %s, not keys; name the file of the records with --from and that of the keys with --keys", keysFile.path, b.Holds)
	case r.Installation != "" && a.Installation != r.Installation:
		return foreign(records.path, "another installation made it; name a data folder of its own with --data")
	case a.ID != b.ID || a.Installation != b.Installation:
		return mixed(records.path, keysFile.path)
	case a.Master != r.Master.Fingerprint():
		return foreign(records.path, fmt.Sprintf("it was made under the master key %s, and the key given is %s; it is of another installation, or older than a change of the master key",
			a.Master, r.Master.Fingerprint()))
	}
	for _, f := range []*reader{records, keysFile} {
		if extra := f.extra(); len(extra) > 0 {
			return altered(f.path, "something was added to it")
		}
	}
	return nil
}

// emptyFolder makes the folder, or takes one that is empty. clean makes it empty again.
func emptyFolder(folder string) (clean func() error, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("the folder for the restored copy cannot be made: %w", err)
	}
	inside, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	if len(inside) > 0 {
		return nil, fault.Of(fault.Conflict, "the folder %s is not empty, and nothing is restored over anything; name an empty one", folder)
	}
	return func() error {
		inside, err := os.ReadDir(folder)
		for _, entry := range inside {
			err = errors.Join(err, os.RemoveAll(filepath.Join(folder, entry.Name())))
		}
		return err
	}, nil
}

// place is a restored copy, open.
type place struct {
	records, keysDB *db.DB
	store           *keys.Store
}

// leave closes the databases, and empties them after a failure: they were empty before.
func (p *place) leave(ctx context.Context, err error) error {
	for _, d := range []*db.DB{p.records, p.keysDB} {
		if d == nil {
			continue
		}
		if err != nil {
			err = errors.Join(err, d.Clear(context.WithoutCancel(ctx)))
		}
		err = errors.Join(err, d.Close())
	}
	return err
}

func (r Restore) fill(ctx context.Context, records, keysFile *reader) (p *place, err error) {
	p = &place{}
	ring, err := keys.OpenKeyring(r.Into, r.Master)
	if err != nil {
		return p, err
	}
	if p.keysDB, err = r.database(ctx, keysFile, db.Config{URL: r.KeysDatabase, Folder: r.Into, Name: "keys", PageKey: ring.Page("keys"), Now: r.Now}); err != nil {
		return p, err
	}
	if err := p.keysDB.Migrate(ctx, r.Program, keys.Schema); err != nil {
		return p, err
	}
	if p.store, err = keys.Open(ctx, p.keysDB, r.Master); err != nil {
		return p, err
	}
	// Now it shows who signed: whoever holds no key of this copy could have signed for another one only.
	if installation, err := Installation(ctx, p.store); err != nil {
		return p, err
	} else if installation != records.manifest.Installation {
		return p, altered(records.path, "it is not signed by the copy whose keys are in it")
	}
	if p.records, err = r.database(ctx, records, db.Config{URL: r.Database, Folder: r.Into, Name: "waymark", PageKey: ring.Page("waymark"), Now: r.Now}); err != nil {
		return p, err
	}
	return p, r.files(records)
}

// database fills one database from its part, and opens it.
func (r Restore) database(ctx context.Context, f *reader, cfg db.Config) (*db.DB, error) {
	switch {
	case f.manifest.Engine == "postgres" && cfg.URL == "":
		return nil, fault.Of(fault.Invalid, "the %s in %s were in PostgreSQL; name an empty database for them with %s", f.manifest.Holds, f.path, flagFor(f))
	case f.manifest.Engine == "sqlite" && cfg.URL != "":
		return nil, fault.Of(fault.Invalid, "the %s in %s were in SQLite; leave out %s", f.manifest.Holds, f.path, flagFor(f))
	}
	key, err := f.key(r.Master)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(f.manifest.Parts, func(p Part) bool { return p.Name == databasePart })
	if i < 0 {
		return nil, altered(f.path, "the database is missing")
	}
	part := f.manifest.Parts[i]
	plain, done, err := f.open(key, part, func(n int64) { r.Progress(f.manifest.Holds, n, part.Size) })
	if err != nil {
		return nil, err
	}
	filled := db.Fill(ctx, cfg, r.Into, key.Derive(pagesPurpose), plain)
	if err := done(); err != nil { // a part that was changed is the reason, whatever the database said of it
		return nil, err
	}
	if filled != nil {
		return nil, filled
	}
	d, err := db.Open(cfg)
	if err != nil {
		return nil, err
	}
	return d, nil
}

func flagFor(f *reader) string {
	if f.manifest.Holds == holdsKeys {
		return "--keys-database"
	}
	return "--database"
}

func (r *reader) key(m seal.Master) (seal.Key, error) {
	key, err := m.Unwrap(wrapID(r.manifest.ID, r.manifest.Holds), r.manifest.Wrapped)
	if err != nil {
		return key, altered(r.path, "its key does not open")
	}
	return key, nil
}

// files puts the files of the records in their place.
func (r Restore) files(f *reader) error {
	key, err := f.key(r.Master)
	if err != nil {
		return err
	}
	var all int64
	for _, part := range f.manifest.Parts {
		if !strings.HasPrefix(part.Name, filesPart+"/") {
			continue
		}
		to, err := inFolder(r.Files, part.Name)
		if err != nil || r.Files == "" {
			return altered(f.path, "a file in it has no place to go")
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		plain, done, err := f.open(key, part, nil)
		if err != nil {
			return err
		}
		if err := errors.Join(leave(to, plain), done()); err != nil {
			return err
		}
		all += part.Size
		r.Progress("files", all, 0)
	}
	return nil
}

func leave(to string, from io.Reader) error {
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, from)
	return errors.Join(err, file.Sync(), file.Close())
}

// examine looks at whether all is there and opens.
func (p *place) examine(ctx context.Context, r Restore, records, keysFile *reader, report *Report) (err error) {
	if report.MadeAt, err = db.ParseStamp(records.manifest.MadeAt); err != nil {
		return err
	}
	if report.Newest, err = db.ParseStamp(records.manifest.Newest); err != nil {
		return err
	}
	if err := errors.Join(same(ctx, p.records, records), sameButRoots(ctx, p.keysDB, keysFile)); err != nil {
		return err
	}
	for _, n := range records.manifest.Rows {
		report.Rows += n
	}
	for _, part := range records.manifest.Parts {
		if strings.HasPrefix(part.Name, filesPart+"/") {
			report.Files++
		}
	}
	if err := errors.Join(p.records.Check(ctx), p.keysDB.Check(ctx)); err != nil {
		return err
	}
	// From here on the rooms read, and they know the newest schema only.
	if err := p.records.Migrate(ctx, r.Program, r.Rooms.Schemas...); err != nil {
		return err
	}
	if report.Log, err = r.Rooms.VerifyLog(ctx, p.records, p.store); err != nil {
		return fmt.Errorf("the log in %s does not verify: %w", records.path, err)
	}
	return p.cases(ctx, r, records, report)
}

// cases looks for cases without a key, and opens a sample of the others: spread over all of them, the newest among them.
func (p *place) cases(ctx context.Context, r Restore, records *reader, report *Report) error {
	var ids []string
	err := p.records.Read(ctx, "", func(tx *db.Tx) (err error) {
		ids, err = r.Rooms.Cases(tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("list the cases: %w", err)
	}
	report.Cases = len(ids)
	if report.Missing, err = p.store.Missing(ctx, ids); err != nil {
		return err
	}
	destroyed, err := p.store.Destroyed(ctx)
	if err != nil {
		return err
	}
	for _, one := range destroyed {
		if slices.Contains(ids, one.CaseID) {
			report.Destroyed = append(report.Destroyed, one.CaseID)
		}
	}
	ids = slices.DeleteFunc(ids, func(id string) bool {
		return slices.Contains(report.Missing, id) || slices.Contains(report.Destroyed, id)
	})
	slices.Sort(ids) // ids sort by the moment in them
	every := 1
	if r.Sample > 0 && len(ids) > r.Sample {
		every = (len(ids) + r.Sample - 1) / r.Sample
	}
	for i := len(ids) - 1; i >= 0; i -= every {
		n, err := r.Rooms.Open(ctx, p.records, p.store, r.Files, ids[i])
		if err != nil {
			return fmt.Errorf("the case %s in %s does not open: %w", ids[i], records.path, err)
		}
		report.Opened++
		report.Unsealed += n
		r.Progress("cases", int64(report.Opened), int64((len(ids)+every-1)/every))
	}
	return nil
}

// same compares what is in the database with what the manifest says was.
func same(ctx context.Context, d *db.DB, f *reader) error {
	var rows map[string]int64
	var steps []string
	err := d.Read(ctx, "", func(tx *db.Tx) (err error) {
		if rows, err = tx.Rows(); err != nil {
			return err
		}
		steps, err = tx.Steps()
		return err
	})
	if err != nil {
		return fmt.Errorf("count what was restored: %w", err)
	}
	if !slices.Equal(steps, f.manifest.Steps) {
		return altered(f.path, "its database had taken other steps than its list of contents says")
	}
	for table, want := range f.manifest.Rows {
		if rows[table] != want {
			return altered(f.path, fmt.Sprintf("%s holds %d rows, and its list of contents says %d", table, rows[table], want))
		}
	}
	return nil
}

// sameButRoots is same for the keys, where an older schema was changed before it was looked at.
func sameButRoots(ctx context.Context, d *db.DB, f *reader) error {
	var steps []string
	err := d.Read(ctx, "", func(tx *db.Tx) (err error) {
		steps, err = tx.Steps()
		return err
	})
	if err != nil {
		return err
	}
	if len(steps) > len(f.manifest.Steps) {
		return nil
	}
	return same(ctx, d, f)
}
