package backup

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"waymark/internal/fault"
	"waymark/internal/keys"
	"waymark/internal/seal"
)

const (
	format       = 1
	holdsRecords = "records"
	holdsKeys    = "keys"
	databasePart = "database"
	filesPart    = "files"
	pagesPurpose = "pages of a copy"
)

// Manifest says what one file of a backup holds. It is signed, and holds nothing personal.
type Manifest struct {
	Format       int              `json:"format"`
	ID           string           `json:"id"`           // of the backup: its two files have the same
	Holds        string           `json:"holds"`        // records, or keys
	Installation string           `json:"installation"` // the public key of the copy that made it
	MadeAt       string           `json:"made_at"`
	Program      string           `json:"program"`
	Engine       string           `json:"engine"`
	Master       string           `json:"master"`  // the fingerprint of the master key that opens it
	Wrapped      []byte           `json:"wrapped"` // the key of this file, wrapped by the master key
	Steps        []string         `json:"steps"`   // the migrations that the database had taken
	Packs        []string         `json:"packs,omitempty"`
	Checkpoint   string           `json:"checkpoint,omitempty"` // the newest signed checkpoint of the log
	Newest       string           `json:"newest,omitempty"`     // the moment of the newest saved answer
	Rows         map[string]int64 `json:"rows"`
	Parts        []Part           `json:"parts"`
}

// Part is one sealed thing in the file.
type Part struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`   // before it was sealed
	SHA256 string `json:"sha256"` // of the sealed bytes
}

// wrapID is the id under which the key of a file is wrapped, so that it opens no other file.
func wrapID(id, holds string) string { return "backup/" + id + "/" + holds }

// partLabel binds a part to its backup, its file and its name.
func partLabel(m *Manifest, name string) seal.Label {
	return seal.Label{Field: "backup." + m.Holds, Row: m.ID + "/" + name}
}

// signer signs for one installation: the copy that a key store belongs to.
type signer struct{ key ed25519.PrivateKey }

func signerOf(ctx context.Context, k *keys.Store) (signer, error) {
	root, err := k.Root(ctx, "backup")
	if err != nil {
		return signer{}, fmt.Errorf("find the key that signs backups: %w", err)
	}
	return signer{ed25519.NewKeyFromSeed(root.Derive("signature"))}, nil
}

// Installation names the copy that a key store belongs to: the public half of the key that signs its backups.
func Installation(ctx context.Context, k *keys.Store) (string, error) {
	s, err := signerOf(ctx, k)
	if err != nil {
		return "", err
	}
	return s.installation(), nil
}

func (s signer) installation() string { return hex.EncodeToString(s.key.Public().(ed25519.PublicKey)) }

// readManifest reads a manifest whose signature fits the installation that it names. Whether it is the right
// installation shows when its key store is open.
func readManifest(file string, raw, signature []byte) (m Manifest, err error) {
	if err := json.Unmarshal(raw, &m); err != nil {
		return m, altered(file, "its list of contents cannot be read")
	}
	if m.Format != format {
		return m, fault.Of(fault.Invalid, "%s is of another format (%d) than this program reads (%d); use the program that made it: %s", file, m.Format, format, m.Program)
	}
	public, err := hex.DecodeString(m.Installation)
	if err != nil || len(public) != ed25519.PublicKeySize || !ed25519.Verify(public, raw, signature) {
		return m, altered(file, "its signature does not fit its list of contents")
	}
	return m, nil
}

// The four ways in which a backup is refused, each by its name.

func truncated(file string) error {
	return fault.Of(fault.Invalid, "the backup %s is truncated: its end is missing; take another copy of it", file)
}

func altered(file, how string) error {
	return fault.Of(fault.Invalid, "the backup %s was altered since it was made: %s; take another copy of it", file, how)
}

func mixed(records, keysFile string) error {
	return fault.Of(fault.Invalid, "%s and %s are mixed: the records of one backup and the keys of another; take the two files that were made together", records, keysFile)
}

func foreign(file, how string) error {
	return fault.Of(fault.Invalid, "the backup %s is foreign: %s", file, how)
}
