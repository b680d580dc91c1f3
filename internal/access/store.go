package access

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"waymark/internal/db"
	"waymark/internal/seal"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema is what people add to the database.
var Schema = db.Schema{Room: "access", Files: schemaFiles}

// RootKey names the root key under which people are sealed.
const RootKey = "account"

// Store keeps persons, their memberships and their sessions.
type Store struct {
	db    *db.DB
	key   seal.Key
	index seal.Index
	gate  *gate
	work  argon2id.Params

	invented bool

	once      sync.Once // makes the password of nobody
	nobody    string
	nobodyErr error
}

// Config says where people are kept.
type Config struct {
	DB  *db.DB
	Key seal.Key // the root key RootKey
	// Quick makes passwords as cheap to guess as to test. It is for tests and for invented people only.
	Quick bool
}

// New gives the store. The database has its schema already.
func New(cfg Config) *Store {
	s := &Store{db: cfg.DB, key: cfg.Key, index: cfg.Key.Index(), gate: newGate(), work: strength}
	if s.invented = cfg.Quick; cfg.Quick {
		s.work = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	}
	return s
}

// The places that are sealed. A name here never changes once there are rows.
const (
	personBody     = "person.body"
	personPassword = "person.password"
	personSecret   = "person.authenticator"
	personNext     = "person.next-authenticator"
	sessionBody    = "session.body"
	passBody       = "pass.body"
	invitationBody = "invitation.body"
	heldBody       = "held.body"
	indexAddress   = "person.address"
	indexRecovery  = "recovery-code"
	indexPass      = "pass-code"
	indexBrake     = "brake"
	onlyVersion    = 1 // of rows that are never written again
)

// sealed writes a body as JSON, sealed for this field, row and version and no other.
func (s *Store) sealed(field, row string, version int64, body any) ([]byte, error) {
	plain, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("write %s as JSON: %w", field, err)
	}
	out, err := s.key.Seal(seal.Label{Field: field, Row: row, Version: version}, plain)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", field, err)
	}
	return out, nil
}

func (s *Store) unsealed(field, row string, version int64, kept []byte, body any) error {
	plain, err := s.key.Open(seal.Label{Field: field, Row: row, Version: version}, kept)
	if err != nil {
		return fmt.Errorf("open %s: %w", field, err)
	}
	if json.Unmarshal(plain, body) != nil {
		return fmt.Errorf("read %s as JSON", field) // the JSON error may quote what was sealed
	}
	return nil
}

// addressIndex is by what a person is found who types how they sign in. Capitals and the way the keyboard writes an
// accent do not matter.
func (s *Store) addressIndex(address string) []byte {
	return s.index.Blind(indexAddress, strings.ToLower(normal(strings.Join(strings.Fields(address), " "))))
}

// moments scans stamps into times, in order.
func moments(stamps []string, into ...*time.Time) error {
	for i, stamp := range stamps {
		t, err := db.ParseStamp(stamp)
		if err != nil {
			return err
		}
		*into[i] = t
	}
	return nil
}

func bit(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

// Look runs f on a snapshot, for what is looked up before a transaction of the asker begins.
func (s *Store) Look(ctx context.Context, f func(*db.Tx) error) error { return s.db.Read(ctx, "", f) }
