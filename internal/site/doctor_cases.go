package site

import (
	"context"
	"fmt"
	"strings"

	"waymark/internal/casework"
	"waymark/internal/db"
)

// attachments looks at whether every file of a record is there, and whether the virus scanner answers.
func (p Patient) attachments(ctx context.Context, cases *casework.Casework, say sayer) {
	missing, err := cases.MissingFiles(ctx)
	switch {
	case err != nil:
		say(Broken, "attachments", err.Error(), "")
		return
	case len(missing) > 0:
		say(Broken, "attachments", fmt.Sprintf("%d files of records are not in the data folder", len(missing)), "restore the folder of attachments from the last backup")
	default:
		say(Well, "attachments", "every file of a record is there", "")
	}
	if cases.Scanner == nil {
		say(Well, "virus scanner", "none is named, and each file says so", "")
		return
	}
	waiting, err := cases.WaitingFiles(ctx)
	if err != nil {
		say(Broken, "virus scanner", err.Error(), "")
		return
	}
	says := fmt.Sprintf("%d files wait to be scanned", waiting)
	if _, err := cases.Scanner.Scan(ctx, []byte("waymark doctor")); err != nil {
		say(Mind, "virus scanner", err.Error()+"; "+says, "start clamav-daemon, and let the user of the service reach its socket; new files stay shut until then")
		return
	}
	say(Well, "virus scanner", "it answers; "+says, "")
}

// stranded looks for records that nobody may open any more.
func (p Patient) stranded(ctx context.Context, cases *casework.Casework, say sayer) {
	var refs []string
	err := cases.DB.Read(ctx, "", func(tx *db.Tx) (err error) { refs, err = cases.Stranded(tx); return err })
	switch {
	case err != nil:
		say(Broken, "who may open records", err.Error(), "")
	case len(refs) > 0:
		say(Mind, "who may open records", fmt.Sprintf("nobody may open %d records, such as %s", len(refs), strings.Join(refs[:min(len(refs), 3)], ", ")),
			"give the team of each another practitioner or manager, on the page of people")
	default:
		say(Well, "who may open records", "somebody may open each of them", "")
	}
}
