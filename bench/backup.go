package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"waymark/internal/audit"
	"waymark/internal/backup"
	"waymark/internal/db"
	"waymark/internal/keys"
	"waymark/internal/seal"
	"waymark/internal/site"
)

// backups measures a backup of a copy with many cases and files beside a plain copy of its folder, and how long it takes
// until the copy could serve again somewhere else.
func (b *bench) backups(ctx context.Context) (err error) {
	root, err := os.MkdirTemp(b.dir, "backup-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	cfg := site.PrivateConfig{Data: filepath.Join(root, "data"), Master: seal.NewMaster(), Program: "bench", Now: time.Now, BeforeChange: site.NoChange}
	if err := os.MkdirAll(filepath.Join(cfg.Data, site.FilesFolder), 0o700); err != nil {
		return err
	}
	p, err := site.OpenPrivate(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	n := pick(b, 5000, 200)
	if err := manyCases(ctx, p, n); err != nil {
		return err
	}
	bytes, err := folderBytes(cfg.Data)
	if err != nil {
		return err
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return err
	}
	var plain, sealed, encrypted, restored []time.Duration
	for round := range 3 {
		took, err := howLong(func() error { return copyFolder(cfg.Data, filepath.Join(root, fmt.Sprint("plain-", round))) })
		if err != nil {
			return err
		}
		plain = append(plain, took)
		var made backup.Made
		for _, kind := range []struct {
			name  string
			to    []age.Recipient
			times *[]time.Duration
		}{{"sealed", nil, &sealed}, {"encrypted", []age.Recipient{identity.Recipient()}, &encrypted}} {
			name := filepath.Join(root, fmt.Sprint(kind.name, "-", round))
			took, err := howLong(func() (err error) {
				made, err = p.BackUp(ctx, backup.Target{Records: name + ".records", Keys: name + ".keys", Recipients: kind.to}, nil)
				return err
			})
			if err != nil {
				return err
			}
			*kind.times = append(*kind.times, took)
		}
		r := site.Restorer(filepath.Join(root, fmt.Sprint("again-", round)), "bench")
		r.Records, r.Keys, r.Identities, r.Master, r.Sample = made.Records, made.Keys, []age.Identity{identity}, cfg.Master, 50
		took, err = howLong(func() error { _, err := r.Run(ctx); return err })
		if err != nil {
			return err
		}
		restored = append(restored, took)
	}
	speed := func(took time.Duration) string {
		return fmt.Sprintf("%.0f MB/s (%.1f s)", float64(bytes)/1e6/took.Seconds(), took.Seconds())
	}
	what := fmt.Sprintf("%d cases, %d MB of data", n, bytes/1_000_000)
	bare := middle(plain)
	b.row("backup while serving, "+what, speed(middle(sealed)), "plain copy of the folder, synced: "+speed(bare), fmt.Sprintf("%.2f", bare.Seconds()/middle(sealed).Seconds()), "")
	b.row("the same, encrypted by age", speed(middle(encrypted)), "the same", fmt.Sprintf("%.2f", bare.Seconds()/middle(encrypted).Seconds()), "")
	b.row("restore, counts compared, log verified, 50 cases opened", speed(middle(restored)), "the same", fmt.Sprintf("%.2f", bare.Seconds()/middle(restored).Seconds()), "")
	return nil
}

func howLong(f func() error) (time.Duration, error) {
	began := time.Now()
	err := f()
	return time.Since(began), err
}

// middle is the middle one of three.
func middle(three []time.Duration) time.Duration {
	a, b, c := three[0], three[1], three[2]
	return max(min(a, b), min(max(a, b), c))
}

// manyCases opens cases with ten answers of four kilobytes and a file of forty each, all sealed.
func manyCases(ctx context.Context, p *site.Private, n int) error {
	words := make([]byte, 40<<10)
	rand.Read(words)
	for range n {
		id := db.NewID(time.Now())
		key, err := p.Keys.Make(ctx, id)
		if err != nil {
			return err
		}
		if err := leaveFile(filepath.Join(p.Config.Data, site.FilesFolder, id), key, id, words); err != nil {
			return err
		}
		if err := p.DB.Write(ctx, person, func(tx *db.Tx) error { return oneCase(tx, key, id, words[:4<<10]) }); err != nil {
			return err
		}
	}
	_, err := p.Log.Sequence(ctx)
	return errors.Join(err, p.Log.Release(ctx))
}

func oneCase(tx *db.Tx, key seal.Key, id string, words []byte) error {
	body, err := key.Seal(seal.Label{Field: "casefile.headline", Row: id, Version: 1}, words[:100])
	if err != nil {
		return err
	}
	at := db.Stamp(tx.Now)
	if _, err := tx.Exec(`insert into casefile (id, ref, team, owner, state, opened_at, opened_by, once, headline_version, headline)
		values ($1, $2, 't1', 'p1', 'open', $3, 'p1', $4, 1, $5)`, id, id[16:], at, id, body); err != nil {
		return err
	}
	if body, err = key.Seal(seal.Label{Field: "sheet.body", Row: id}, words[:100]); err != nil {
		return err
	}
	if _, err := tx.Exec(`insert into sheet (id, casefile, form, created_at, created_by, body) values ($1, $1, 'record-child', $2, 'p1', $3)`, id, at, body); err != nil {
		return err
	}
	for i := range 10 {
		row := db.NewID(tx.Now)
		if body, err = key.Seal(seal.Label{Field: "answer.body", Row: row, Version: int64(i + 1)}, words); err != nil {
			return err
		}
		if _, err := tx.Exec(`insert into answer (id, casefile, sheet, question, version, over, author, written_at, pack, form_version, state, standing, body)
			values ($1, $2, $2, 'names', $3, '', 'p1', $4, 'demo@1', 1, 'saved', 1, $5)`, row, id, i+1, at, body); err != nil {
			return err
		}
	}
	return audit.Append(tx, audit.Entry{Act: audit.CaseOpened, Case: id})
}

func leaveFile(path string, key seal.Key, id string, words []byte) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	w, err := key.SealStream(seal.Label{Field: "attachment.file", Row: id, Version: 1}, file)
	if err != nil {
		return err
	}
	_, err = w.Write(words)
	return errors.Join(err, w.Close(), file.Close())
}

func folderBytes(folder string) (n int64, err error) {
	err = filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err == nil {
			n += info.Size()
		}
		return err
	})
	return n, err
}

// copyFolder copies every file and waits until each is on disk, as a backup must.
func copyFolder(from, to string) error {
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		inside, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		there := filepath.Join(to, inside)
		if entry.IsDir() {
			return os.MkdirAll(there, 0o700)
		}
		in, err := os.Open(path)
		if err != nil {
			return err
		}
		defer in.Close()
		out, err := os.Create(there)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, in)
		return errors.Join(err, out.Sync(), out.Close())
	})
	return errors.Join(err, keys.SyncFolder(to))
}
