package casework

import (
	"fmt"
	"time"

	"waymark/internal/db"
	"waymark/internal/seal"
)

const attachBody = "attachment.body"

// The states of an attachment.
const (
	fileReady    = "ready"    // it can be taken
	fileWaiting  = "waiting"  // the scanner has not looked at it yet: it stays shut
	fileInfected = "infected" // the scanner knew it: its bytes are gone
)

// What the scanner said of it.
const (
	scanNone  = "none"  // this copy has no scanner
	scanClean = "clean" // it found nothing that it knows
	scanLater = "later"
)

// Attachment is a file of a record.
type Attachment struct {
	ID      string
	Author  string
	AddedAt time.Time
	Kind    attachKind
	Size    int64
	State   string
	Scan    string
	attachWords
}

// attachWords is what is sealed of it, beside its bytes.
type attachWords struct {
	Name  seal.Text // as it was called on the computer of whoever attached it
	About seal.Text // what it shows
	When  string    // as form.Known writes it
}

type attachJSON struct {
	Name  string `json:"name,omitempty"`
	About string `json:"about,omitempty"`
	When  string `json:"when,omitempty"`
}

const attachColumns = `id, author, added_at, kind, size, state, scan, body`

func scanAttachment(key seal.Key) func(db.Row) (Attachment, error) {
	return func(row db.Row) (Attachment, error) {
		var a Attachment
		var at, kind string
		var body []byte
		if err := row.Scan(&a.ID, &a.Author, &at, &kind, &a.Size, &a.State, &a.Scan, &body); err != nil {
			return Attachment{}, err
		}
		a.Kind = attachKindOf(kind)
		var words attachJSON
		if err := unsealed(key, attachBody, a.ID, 1, body, &words); err != nil {
			return Attachment{}, err
		}
		a.attachWords = attachWords{seal.Hide(words.Name), seal.Hide(words.About), words.When}
		var err error
		a.AddedAt, err = db.ParseStamp(at)
		return a, err
	}
}

// attachmentsOf gives the files of a case, the last attached first.
func attachmentsOf(tx *db.Tx, key seal.Key, caseID string, limit, offset int) ([]Attachment, error) {
	return db.All(tx, scanAttachment(key), `select `+attachColumns+` from attachment where casefile = $1 order by added_at desc, id desc limit $2 offset $3`, caseID, limit, offset)
}

func attachmentAt(tx *db.Tx, key seal.Key, caseID, id string) (Attachment, error) {
	return db.One(tx, scanAttachment(key), `select `+attachColumns+` from attachment where casefile = $1 and id = $2`, caseID, id)
}

// attachedOnce finds the file that one page has sent already.
func attachedOnce(tx *db.Tx, caseID, author, once string) (string, error) {
	return db.One(tx, db.Of[string], `select id from attachment where casefile = $1 and author = $2 and once = $3`, caseID, author, once)
}

func addAttachment(tx *db.Tx, key seal.Key, caseID, once string, a Attachment) error {
	body, err := sealed(key, attachBody, a.ID, 1, attachJSON{a.Name.Reveal(), a.About.Reveal(), a.When})
	if err != nil {
		return err
	}
	scannedAt := ""
	if a.Scan == scanClean {
		scannedAt = db.Stamp(tx.Now)
	}
	_, err = tx.Exec(`insert into attachment (id, casefile, author, added_at, once, kind, size, state, scan, scanned_at, body)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		a.ID, caseID, tx.Who, db.Stamp(tx.Now), once, a.Kind.id, a.Size, a.State, a.Scan, scannedAt, body)
	if err != nil {
		return fmt.Errorf("attach: %w", err)
	}
	return nil
}

// keptFiles names every file whose bytes are to be in the folder.
func keptFiles(tx *db.Tx) (map[string]bool, error) {
	ids, err := db.All(tx, db.Of[string], `select id from attachment where state <> $1`, fileInfected)
	all := make(map[string]bool, len(ids))
	for _, id := range ids {
		all[id] = true
	}
	return all, err
}

type waitingFile struct{ ID, Case string }

func waitingFiles(tx *db.Tx) ([]waitingFile, error) {
	return db.All(tx, func(row db.Row) (waitingFile, error) {
		var f waitingFile
		return f, row.Scan(&f.ID, &f.Case)
	}, `select id, casefile from attachment where state = $1 order by id`, fileWaiting)
}

func setScanned(tx *db.Tx, id, state string) error {
	_, err := tx.Exec(`update attachment set state = $1, scan = $2, scanned_at = $3 where id = $4 and state = $5`,
		state, scanClean, db.Stamp(tx.Now), id, fileWaiting)
	return err
}
