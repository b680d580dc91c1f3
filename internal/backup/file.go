package backup

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"filippo.io/age"

	"waymark/internal/fault"
	"waymark/internal/keys"
	"waymark/internal/seal"
)

// A file is an archive (zip, nothing compressed: what is sealed does not shrink), encrypted by age when there are
// recipients, and behind it its length and a mark: without them a file that was cut could not be told from one that was
// changed.
const (
	endMark      = "waymark-backup-1"
	endBytes     = 8 + len(endMark)
	manifestName = "manifest.json"
	signedName   = "manifest.sig"
	ageMark      = "age-encryption.org/"
)

// writer writes one file under a name of its own, until publish.
type writer struct {
	final string
	file  *os.File
	sum   *counting
	age   io.WriteCloser
	zip   *zip.Writer
	done  bool
}

func create(final string, recipients []age.Recipient) (*writer, error) {
	if _, err := os.Lstat(final); err == nil {
		return nil, fault.Of(fault.Conflict, "%s is there already, and a backup is never written over; choose another name", final)
	}
	file, err := os.CreateTemp(filepath.Dir(final), "."+filepath.Base(final)+"-new-*") // 0600
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Of(fault.Unwritable, "there is no folder %s for the backup", filepath.Dir(final))
	}
	if err != nil {
		return nil, fault.Of(fault.Unwritable, "the folder %s for the backup cannot be written to (%v)", filepath.Dir(final), err)
	}
	w := &writer{final: final, file: file, sum: newCounting(file)}
	into := io.Writer(w.sum)
	if len(recipients) > 0 {
		if w.age, err = age.Encrypt(into, recipients...); err != nil {
			w.abandon()
			return nil, fmt.Errorf("encrypt to the recipients: %w", err)
		}
		into = w.age
	}
	w.zip = zip.NewWriter(into)
	return w, nil
}

// part adds what fill writes, sealed, and a line for it in the manifest.
func (w *writer) part(key seal.Key, m *Manifest, name string, fill func(io.Writer) error) error {
	entry, err := w.entry(name)
	if err != nil {
		return err
	}
	sealed := newCounting(entry)
	stream, err := key.SealStream(partLabel(m, name), sealed)
	if err != nil {
		return err
	}
	plain := &counting{to: stream}
	if err := fill(plain); err != nil {
		return err
	}
	if err := stream.Close(); err != nil {
		return err
	}
	m.Parts = append(m.Parts, Part{Name: name, Size: plain.n, SHA256: sealed.digest()})
	return nil
}

func (w *writer) entry(name string) (io.Writer, error) {
	return w.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
}

// finish writes the manifest and its signature, and returns when all of the file is on disk.
func (w *writer) finish(m *Manifest, s signer) error {
	raw, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return err
	}
	for _, small := range []struct {
		name string
		body []byte
	}{{manifestName, raw}, {signedName, ed25519.Sign(s.key, raw)}} {
		entry, err := w.entry(small.name)
		if err != nil {
			return err
		}
		if _, err := entry.Write(small.body); err != nil {
			return err
		}
	}
	if err := w.zip.Close(); err != nil {
		return err
	}
	if w.age != nil {
		if err := w.age.Close(); err != nil {
			return err
		}
	}
	end := binary.BigEndian.AppendUint64(nil, uint64(w.sum.n))
	if _, err := w.sum.Write(append(end, endMark...)); err != nil {
		return err
	}
	return errors.Join(w.file.Sync(), w.file.Close())
}

// publish gives the file its name.
func (w *writer) publish() error {
	if err := os.Link(w.file.Name(), w.final); err != nil { // unlike a rename, never over another file
		if err := os.Rename(w.file.Name(), w.final); err != nil { // a file system without links
			return fmt.Errorf("name the backup: %w", err)
		}
	}
	w.done = true
	return errors.Join(drop(w.file.Name()), keys.SyncFolder(filepath.Dir(w.final)))
}

func (w *writer) size() int64 { return w.sum.n }

// abandon takes away what was not published. It may be called at any time.
func (w *writer) abandon() {
	if w == nil || w.done {
		return
	}
	w.file.Close()           //nolint:errcheck // it may be closed already
	os.Remove(w.file.Name()) //nolint:errcheck // what is left is sealed, and named as not finished
}

func drop(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// full says in a sentence that there is no room for the backup.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.Of(fault.Unwritable, "there is no room for the backup where it was to go: none was made, and earlier ones are as they were (%v)", err)
	}
	return err
}

// reader is a file of a backup, open.
type reader struct {
	path     string
	file     *os.File
	zip      *zip.Reader
	manifest Manifest
}

// load opens a file and reads its manifest.
func load(path string, identities []age.Identity) (r *reader, err error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Of(fault.NotFound, "there is no backup %s", path)
	}
	if err != nil {
		return nil, err
	}
	r = &reader{path: path, file: file}
	defer func() {
		if err != nil {
			file.Close()
		}
	}()
	size, err := r.whole()
	if err != nil {
		return nil, err
	}
	if err := r.archive(size, identities); err != nil {
		return nil, err
	}
	raw, err := r.small(manifestName)
	if err != nil {
		return nil, err
	}
	signature, err := r.small(signedName)
	if err != nil {
		return nil, err
	}
	r.manifest, err = readManifest(path, raw, signature)
	return r, err
}

// whole says how long the archive is, when the end of the file is there.
func (r *reader) whole() (int64, error) {
	info, err := r.file.Stat()
	if err != nil {
		return 0, err
	}
	end := make([]byte, endBytes)
	if info.Size() < int64(endBytes) {
		return 0, truncated(r.path)
	}
	if _, err := r.file.ReadAt(end, info.Size()-int64(endBytes)); err != nil {
		return 0, err
	}
	size := int64(binary.BigEndian.Uint64(end))
	switch {
	case string(end[8:]) != endMark:
		return 0, truncated(r.path)
	case size > info.Size()-int64(endBytes):
		return 0, truncated(r.path)
	case size < info.Size()-int64(endBytes):
		return 0, altered(r.path, "it is longer than it was")
	}
	return size, nil
}

func (r *reader) archive(size int64, identities []age.Identity) error {
	content := io.ReaderAt(io.NewSectionReader(r.file, 0, size))
	start := make([]byte, len(ageMark))
	if _, err := content.ReadAt(start, 0); err == nil && string(start) == ageMark {
		if len(identities) == 0 {
			return fault.Of(fault.Invalid, "the backup %s is encrypted; name the file with your identity: --identity FILE", r.path)
		}
		var none *age.NoIdentityMatchError
		var err error
		if content, size, err = age.DecryptReaderAt(content, size, identities...); errors.As(err, &none) {
			return fault.Of(fault.Invalid, "the backup %s is not encrypted to this identity; use the one of a recipient that was named when it was made", r.path)
		} else if err != nil {
			return altered(r.path, "what age wrote does not open")
		}
	}
	var err error
	if r.zip, err = zip.NewReader(content, size); err != nil {
		return altered(r.path, "it is no archive any more")
	}
	return nil
}

// small reads an entry that fits into memory.
func (r *reader) small(name string) ([]byte, error) {
	entry, err := r.zip.Open(name)
	if err != nil {
		return nil, altered(r.path, name+" is missing")
	}
	defer entry.Close()
	body, err := io.ReadAll(io.LimitReader(entry, 64<<20))
	if err != nil {
		return nil, altered(r.path, name+" cannot be read")
	}
	return body, nil
}

// names are the entries of the archive beside the manifest.
func (r *reader) extra() []string {
	known := map[string]bool{manifestName: true, signedName: true}
	for _, p := range r.manifest.Parts {
		known[p.Name] = true
	}
	var extra []string
	for _, f := range r.zip.File {
		if !known[f.Name] {
			extra = append(extra, f.Name)
		}
	}
	return extra
}

// open gives a part, unsealed. done looks at its end: a part that was changed shows at the latest there.
func (r *reader) open(key seal.Key, part Part, tell func(int64)) (plain io.Reader, done func() error, err error) {
	entry, err := r.zip.Open(part.Name)
	if err != nil {
		return nil, nil, altered(r.path, "the part "+part.Name+" is missing")
	}
	sum := newCounting(io.Discard)
	sum.tell = tell
	plain, err = key.OpenStream(partLabel(&r.manifest, part.Name), io.TeeReader(entry, sum))
	if err != nil {
		return nil, nil, errors.Join(altered(r.path, "the part "+part.Name+" does not open"), entry.Close())
	}
	read := &counting{to: io.Discard}
	plain = io.TeeReader(plain, read)
	return plain, func() error {
		_, err := io.Copy(io.Discard, plain)
		err = errors.Join(err, entry.Close())
		var disk *fs.PathError
		switch {
		case errors.As(err, &disk):
			return fmt.Errorf("read the part %s of %s: %w", part.Name, r.path, err)
		case err != nil: // not the disk: the archive, its checksum or the seal
			return altered(r.path, "the part "+part.Name+" does not open")
		case sum.digest() != part.SHA256 || read.n != part.Size:
			return altered(r.path, "the part "+part.Name+" is another one")
		}
		return nil
	}, nil
}

// inFolder is where a file of the records goes. Names from an archive are not trusted.
func inFolder(folder, name string) (string, error) {
	inside := strings.TrimPrefix(name, filesPart+"/")
	if !filepath.IsLocal(filepath.FromSlash(inside)) || bytes.ContainsRune([]byte(inside), 0) {
		return "", fmt.Errorf("%q leads out of its folder", name)
	}
	return filepath.Join(folder, filepath.FromSlash(inside)), nil
}
