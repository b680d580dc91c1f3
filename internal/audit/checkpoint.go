package audit

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"waymark/internal/db"
)

// Key signs checkpoints. It is a root key of the copy; its public half may be known to everybody.
type Key struct {
	signer   note.Signer
	verifier note.Verifier
	public   string
}

// NewKey makes the signing key from 32 secret bytes. The same bytes give the same key.
func NewKey(seed []byte) (Key, error) {
	if len(seed) != ed25519.SeedSize {
		return Key{}, errors.New("the key of the log is made from 32 bytes")
	}
	public := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	// The name tells the logs of two copies apart without anybody having to choose one.
	name := fmt.Sprintf("waymark-log-%x", sha256.Sum256(public))[:len("waymark-log-")+12]
	verifierKey, err := note.NewEd25519VerifierKey(name, public)
	if err != nil {
		return Key{}, fmt.Errorf("make the key of the log: %w", err)
	}
	k := Key{public: verifierKey}
	if k.verifier, err = note.NewVerifier(verifierKey); err != nil {
		return Key{}, fmt.Errorf("make the key of the log: %w", err)
	}
	const ed25519Note = 1 // of x/mod/sumdb/note
	secret := fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, k.verifier.KeyHash(), base64.StdEncoding.EncodeToString(append([]byte{ed25519Note}, seed...)))
	if k.signer, err = note.NewSigner(secret); err != nil {
		return Key{}, errors.New("make the key of the log: the note package does not take it")
	}
	return k, nil
}

// Public is the key by which others verify checkpoints: a name and an Ed25519 key, as x/mod/sumdb/note writes them.
func (k Key) Public() string { return k.public }

// Checkpoint says that at a moment the log had so many entries, and which. Its note is what is kept elsewhere.
type Checkpoint struct {
	Size int64
	Root tlog.Hash
	At   time.Time
}

// sign writes the checkpoint as https://c2sp.org/tlog-checkpoint lays it out, with the moment as an extension line.
func (k Key) sign(c Checkpoint) (string, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n%s\n", k.signer.Name(), c.Size, c.Root, db.Stamp(c.At))
	signed, err := note.Sign(&note.Note{Text: text}, k.signer)
	if err != nil {
		return "", fmt.Errorf("sign a checkpoint of the log: %w", err)
	}
	return string(signed), nil
}

// open verifies a signed checkpoint.
func (k Key) open(signed string) (Checkpoint, error) {
	n, err := note.Open([]byte(signed), note.VerifierList(k.verifier))
	if err != nil {
		return Checkpoint{}, fmt.Errorf("open a checkpoint of the log: %w", err)
	}
	c, err := parseCheckpoint(n.Text)
	if err == nil && !strings.HasPrefix(n.Text, k.verifier.Name()+"\n") {
		return c, errors.New("the checkpoint is of another log")
	}
	return c, err
}

func parseCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 {
		return c, errors.New("a checkpoint has four lines before its signature")
	}
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 || strconv.FormatInt(c.Size, 10) != lines[1] {
		return c, errors.New("the second line of a checkpoint is the number of entries")
	}
	if c.Root, err = tlog.ParseHash(lines[2]); err != nil {
		return c, errors.New("the third line of a checkpoint is a hash")
	}
	c.At, err = db.ParseStamp(lines[3])
	return c, err
}

// splitNotes cuts a file of signed checkpoints, one below the other, into single ones: text, signature, text, signature.
func splitNotes(file string) ([]string, error) {
	parts := strings.Split(strings.TrimSpace(strings.ReplaceAll(file, "\r\n", "\n")), "\n\n")
	if len(parts)%2 != 0 {
		return nil, errors.New("the file holds no signed checkpoints")
	}
	var notes []string
	for i := 0; i < len(parts); i += 2 {
		notes = append(notes, parts[i]+"\n\n"+parts[i+1]+"\n")
	}
	return notes, nil
}
