package site

import (
	"errors"
	"fmt"
	"time"

	"waymark/internal/account"
	"waymark/internal/audit"
	"waymark/internal/backup"
	"waymark/internal/db"
	"waymark/internal/pack"
)

// Running says what runs, which pack is live, and what is due: the quick half of what the doctor looks at, for the
// operator's page and for `waymark admin status`. It names nobody, and it opens no record.
func (p *Private) Running(tx *db.Tx, live *pack.Pack) ([]Finding, error) {
	var all []Finding
	say := func(h Health, what, says, do string) { all = append(all, Finding{h, what, says, do}) }
	say(Well, "program", "waymark "+p.Config.Program+", records in "+p.DB.Engine()+", keys in "+p.KeysDB.Engine(), "")
	patient := Patient{Data: p.Config.Data, Pack: live, Now: tx.Now}
	patient.folder(say)
	if live != nil {
		patient.content(say)
	}
	if behind := p.DB.Behind(); behind > time.Second {
		say(Broken, "clock", fmt.Sprintf("it runs %s behind the last entry of the log", behind.Round(time.Second)), "set the clock, and look at why it jumped")
	}
	waiting, oldest, err := audit.Waiting(tx)
	taken, err2 := audit.LastTaken(tx)
	made, err3 := backup.LastMade(tx)
	verified, err4 := backup.LastVerified(tx)
	if err := errors.Join(err, err2, err3, err4); err != nil {
		return nil, err
	}
	if waiting > 0 && tx.Now.Sub(oldest) > waitingDue {
		say(Mind, "log", fmt.Sprintf("%d entries wait to be taken in, the oldest for %s", waiting, tx.Now.Sub(oldest).Round(time.Minute)), "they are taken in while waymark serve runs; look at what it prints")
	} else {
		say(Well, "log", fmt.Sprintf("%d entries wait to be taken in", waiting), "")
	}
	patient.checkpoint(taken, say)
	patient.backedUp(made, verified, say)
	return all, nil
}

// lines are the findings as the operator's page shows them: what is broken first, then what is due.
func lines(all []Finding) []account.Line {
	var out []account.Line
	for _, h := range []Health{Broken, Mind, Well} {
		for _, f := range all {
			if f.Health == h {
				out = append(out, account.Line{What: f.What, Says: f.Says, Do: f.Do})
			}
		}
	}
	return out
}
