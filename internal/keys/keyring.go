package keys

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"waymark/internal/seal"
)

// Keyring holds the key by which SQLite's pages are encrypted. It stands in a file of its own, since the key of a
// database cannot stand in that database. The file holds it wrapped by the master key, or by two while one master key
// takes the place of another.
type Keyring struct {
	path   string
	master seal.Master
	key    seal.Key
	shared bool // another master key opens it too
}

const (
	keyringFile = "keyring"
	keyringMark = "waymark keyring 1"
	keyringID   = "keyring"

	temporaryMark = "-new-"
)

// OpenKeyring reads the keyring of a data folder, and makes it in a folder that holds no database yet.
func OpenKeyring(data string, m seal.Master) (Keyring, error) {
	if m.IsZero() {
		return Keyring{}, seal.NoKey
	}
	ring := Keyring{path: filepath.Join(data, keyringFile), master: m}
	raw, err := os.ReadFile(ring.path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := ring.create(data); err != nil {
			return Keyring{}, err
		}
		raw, err = os.ReadFile(ring.path) // another process may have been first
	}
	if err != nil {
		return Keyring{}, fmt.Errorf("read the keyring: %w", err)
	}
	wraps, err := readKeyring(raw)
	if err != nil {
		return Keyring{}, err
	}
	var expected []string
	for _, w := range wraps {
		if w.fingerprint == m.Fingerprint() {
			if ring.key, err = m.Unwrap(keyringID, w.wrapped); err != nil {
				return Keyring{}, errDamagedKeyring
			}
			ring.shared = len(wraps) > 1
			return ring, nil
		}
		expected = append(expected, w.fingerprint)
	}
	return Keyring{}, &WrongMaster{Expected: strings.Join(expected, " or "), Given: m.Fingerprint()}
}

// Page is the key for the pages of one SQLite database: 32 bytes.
func (r Keyring) Page(name string) []byte { return r.key.Derive("pages of " + name) }

var errDamagedKeyring = errors.New("the file keyring in the data folder is damaged; put the one from the last backup in its place")

// wrap is one line of the file.
type wrap struct {
	fingerprint string
	wrapped     []byte
}

func readKeyring(raw []byte) ([]wrap, error) {
	lines := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
	if lines[0] != keyringMark || len(lines) < 2 || len(lines) > 3 {
		return nil, errDamagedKeyring
	}
	var all []wrap
	for _, line := range lines[1:] {
		fingerprint, encoded, _ := strings.Cut(line, " ")
		wrapped, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil || len(wrapped) == 0 {
			return nil, errDamagedKeyring
		}
		all = append(all, wrap{fingerprint, wrapped})
	}
	return all, nil
}

// contents is the file with the key wrapped by each of these master keys.
func (r Keyring) contents(masters ...seal.Master) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintln(&b, keyringMark)
	for _, m := range masters {
		wrapped, err := m.Wrap(keyringID, r.key)
		if err != nil {
			return nil, err
		}
		fmt.Fprintln(&b, m.Fingerprint(), base64.StdEncoding.EncodeToString(wrapped))
	}
	return b.Bytes(), nil
}

// create makes the file, and leaves one that another process made meanwhile as it is. Beside a database a new keyring
// would be of no use: its pages are encrypted by the one that is missing.
func (r Keyring) create(data string) error {
	if found, err := filepath.Glob(filepath.Join(data, "*.db")); err != nil || len(found) > 0 {
		return errors.Join(err, fmt.Errorf("%s holds a database, but its file %s is missing, without which the database cannot be read; put the one from the last backup there", data, keyringFile))
	}
	var err error
	if r.key, err = seal.NewKey(); err != nil {
		return err
	}
	contents, err := r.contents(r.master)
	if err != nil {
		return err
	}
	temporary, err := leaveBeside(r.path, contents)
	if err != nil {
		return err
	}
	defer os.Remove(temporary)
	if err := os.Link(temporary, r.path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make the keyring: %w", err)
	}
	return SyncFolder(data)
}

// both leaves the key wrapped by the next master key too, so that either opens the keyring.
func (r Keyring) both(next seal.Master) error { return r.replace(r.master, next) }

// only leaves the key wrapped by this ring's own master key and no other.
func (r Keyring) only() error { return r.replace(r.master) }

func (r Keyring) replace(masters ...seal.Master) error {
	contents, err := r.contents(masters...)
	if err != nil {
		return err
	}
	temporary, err := leaveBeside(r.path, contents)
	if err != nil {
		return err
	}
	if err = sameOwner(temporary, r.path); err == nil {
		err = os.Rename(temporary, r.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("replace the keyring: %w", err), os.Remove(temporary))
	}
	left, err := filepath.Glob(r.path + temporaryMark + "*") // by a process that was killed before its rename
	for _, path := range left {
		err = errors.Join(err, os.Remove(path))
	}
	return errors.Join(err, SyncFolder(filepath.Dir(r.path)))
}

// sameOwner lets root replace the file of the user that runs the service, without locking that user out.
func sameOwner(path, like string) error {
	info, err := os.Stat(like)
	if err != nil {
		return err
	}
	owner, known := info.Sys().(*syscall.Stat_t)
	if !known || int(owner.Uid) == os.Geteuid() {
		return nil
	}
	return os.Chown(path, int(owner.Uid), int(owner.Gid))
}

// leaveBeside writes a file for its owner alone next to path, and returns when its bytes are on disk.
func leaveBeside(path string, contents []byte) (temporary string, err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+temporaryMark+"*") // 0600
	if err != nil {
		return "", fmt.Errorf("the data folder cannot be written to: %w", err)
	}
	_, err = file.Write(contents)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return "", errors.Join(fmt.Errorf("write %s: %w", filepath.Base(path), err), os.Remove(file.Name()))
	}
	return file.Name(), nil
}

// SyncFolder makes the names in a folder outlast a loss of power.
func SyncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
