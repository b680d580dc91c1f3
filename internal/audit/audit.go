// Package audit is the log that can prove itself: every view, search, change, export, sign-in, refusal and key act.
// An entry is written in the act's own transaction. A sequencer takes entries into a Merkle tree and signs its root, so
// that whoever alters, removes, adds or re-orders one is found. It holds no name and no word of a child: what an entry
// says in full is sealed by the room that wrote it.
package audit

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"regexp"
	"strings"
	"time"

	"waymark/internal/db"
	"waymark/internal/fault"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema is what the log adds to the database.
var Schema = db.Schema{Room: "audit", Files: schemaFiles}

// Act is what was done, as a code: "case.viewed". A room adds its own, and the words for it to its text file as
// audit.act.case.viewed.
type Act string

// The acts that more than one room writes, or that belong to no room.
const (
	SignedIn        Act = "account.signed-in"
	SignInFailed    Act = "account.sign-in-failed"
	SignedOut       Act = "account.signed-out"
	Refused         Act = "access.refused"
	CaseOpened      Act = "case.opened"
	CaseViewed      Act = "case.viewed"
	CaseChanged     Act = "case.changed"
	CasePrinted     Act = "case.printed"
	CaseExported    Act = "case.exported"
	Searched        Act = "case.searched"
	KeyMade         Act = "key.made"
	KeyDestroyed    Act = "key.destroyed"
	KeysRotated     Act = "key.rotated"
	CheckpointTaken Act = "log.checkpoint-taken"
	Proved          Act = "log.proved"
)

// Entry is what a room says about an act; when and by whom come from the transaction.
type Entry struct {
	Act    Act
	Case   string // the id of the case, "" when there is none
	Of     string // the id of what was seen or changed: a sheet, a person, a question. Never words
	Detail []byte // sealed by the room; kept beside the tree, which holds only its digest
}

// code is all that may stand in a field of the log: ids and codes, no spaces, no line ends.
var code = regexp.MustCompile(`^[A-Za-z0-9._:@/+-]{0,120}$`)

func (e Entry) check(who string) error {
	if e.Act == "" {
		return fmt.Errorf("an entry of the log needs an act")
	}
	for _, field := range []string{string(e.Act), who, e.Case, e.Of} {
		if !code.MatchString(field) {
			return fmt.Errorf("an entry %s of the log holds something that is neither an id nor a code", e.Act)
		}
	}
	return nil
}

// Append adds an entry in the act's own transaction: the act and its trace are kept together, or neither is.
func Append(tx *db.Tx, e Entry) error {
	if err := e.check(tx.Who); err != nil {
		return err
	}
	var number int64
	if e.Case != "" {
		var err error
		// One statement that reads nothing else: on PostgreSQL, two who write about different cases never make each
		// other's transactions fail.
		number, err = db.One(tx, db.Of[int64], `insert into audit_case (casefile, last) values ($1, 1)
			on conflict (casefile) do update set last = audit_case.last + 1 returning last`, e.Case)
		if err != nil {
			return fmt.Errorf("number an entry of the log: %w", err)
		}
	}
	detail := e.Detail
	if detail == nil {
		detail = []byte{}
	}
	digest := sha256.Sum256(detail)
	_, err := tx.Exec(`insert into audit_entry (id, at, who, act, casefile, case_no, about, detail, digest)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		db.NewID(tx.Now), db.Stamp(tx.Now), tx.Who, string(e.Act), e.Case, number, e.Of, detail, digest[:])
	if err != nil {
		return fmt.Errorf("append to the log: %w", err)
	}
	return nil
}

// Seen is one entry about a case, for the people who may open it.
type Seen struct {
	Number int64 // the case's own running number
	At     time.Time
	Who    string
	Act    Act
	Of     string
	Detail []byte // still sealed
}

// Look says which entries of a case are wanted. The zero Look is the newest hundred.
type Look struct {
	Acts   []Act     // only these; none is all
	Since  time.Time // not older
	Before int64     // only numbers below this one: how the next page is asked for. 0 begins with the newest
	Limit  int       // 0 is 100
}

// OfCase tells who has looked at a case or changed it, the newest first. Whether the asker may know is for the caller
// to say. Ask in a reading transaction: on PostgreSQL a writing one that has read the log makes others begin again.
func OfCase(tx *db.Tx, caseID string, look Look) ([]Seen, error) {
	if caseID == "" {
		return nil, fault.Of(fault.NotFound, "no case was named")
	}
	args := []any{caseID, db.Stamp(look.Since), look.Before, look.Limit}
	if look.Before == 0 {
		args[2] = int64(1) << 62
	}
	if look.Limit <= 0 {
		args[3] = 100
	}
	acts := ""
	for i, act := range look.Acts {
		args = append(args, string(act))
		acts += fmt.Sprintf(", $%d", i+5)
	}
	if acts != "" {
		acts = "and act in (" + strings.TrimPrefix(acts, ", ") + ")"
	}
	// casefile <> '' is said again so that both databases see that their index serves.
	return db.All(tx, scanSeen, `select case_no, at, who, act, about, detail from audit_entry
		where casefile = $1 and casefile <> '' and at >= $2 and case_no < $3 `+acts+`
		order by case_no desc limit $4`, args...)
}

func scanSeen(r db.Row) (Seen, error) {
	var s Seen
	var at string
	if err := r.Scan(&s.Number, &at, &s.Who, &s.Act, &s.Of, &s.Detail); err != nil {
		return Seen{}, err
	}
	var err error
	s.At, err = db.ParseStamp(at)
	return s, err
}

// Latest is the moment of the newest entry; the zero time when there is none. Hand it to [db.DB.NotBefore] at the start, so
// that a clock that was set back never makes a later act look earlier.
func Latest(tx *db.Tx) (time.Time, error) {
	newest, err := db.All(tx, db.Of[string], `select at from audit_entry order by id desc limit 1`)
	if err != nil || len(newest) == 0 {
		return time.Time{}, err
	}
	return db.ParseStamp(newest[0])
}
