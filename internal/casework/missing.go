package casework

import (
	"strings"

	"waymark/internal/audit"
	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/fact"
	"waymark/internal/form"
	"waymark/internal/web"
)

// whomToRing are the roles of the register that a missing child needs, in the order in which they are rung.
var whomToRing = []string{"emergency", "police", "out-of-hours", "front-door", "missing-people"}

// missingView is what somebody needs who has just seen that a child is not there.
type missingView struct {
	Case     Case
	Ring     []block.Contact
	Body     block.Body // how the pack's sheet says it
	Say      []string
	Sheet    string
	Known    []form.Answered // description and risks, to print and to read out
	Open     bool            // nobody has filled in the sheet
	MayWrite bool
	Careful  []reach // people whom a hurried call could warn
}

// missing is one press from every page of a case: whom to ring, what to say, and a sheet to hand over.
func (c *Casework) missing(r *web.Request) (web.Reply, error) {
	k, key, err := c.enter(r)
	if err != nil {
		return nil, err
	}
	r.Trace(audit.Entry{Act: "case.missing-now", Case: k.ID})
	sheet, err := c.single(r, k, key, formMissing)
	if err != nil {
		return nil, err
	}
	all, err := c.sheets(r, k, key)
	if err != nil {
		return nil, err
	}
	v := missingView{Case: k, Sheet: k.Path("sheets", formMissing), Known: sheet.known(r), Open: sheet.Sheet.New, MayWrite: mayWrite(r, k)}
	at, err := c.placeOf(r, k, key)
	if err != nil {
		return nil, err
	}
	v.Ring = c.Directory.Open(r.Pack, r.Now, at.area, at.nation, whomToRing...)
	if p, ok := sheet.Form.Ready.Page("ring"); ok {
		v.Body = c.resolved(r, at, p.Body)
	}
	v.Say = c.sayMissing(r, k, sheet.filled)
	for _, f := range of(all, formPerson) {
		if p := reachOf(r, k, f); p.guardedRule() {
			v.Careful = append(v.Careful, p)
		}
	}
	return c.pageWith(r, web.Head{}, k, "missing", missingPage(v))
}

// sayMissing is what to say on the telephone, from what the record knows. What is not known is left out, never guessed.
func (c *Casework) sayMissing(r *web.Request, k Case, sheet filled) []string {
	lines := []string{r.Say("case.missing.say.what"), r.Say("case.missing.say.who", "call", k.Headline.Call.Reveal())}
	add := func(key string, words ...string) {
		if joined := strings.Join(words, "; "); strings.TrimSpace(joined) != "" {
			lines = append(lines, r.Say(key, "words", joined))
		}
	}
	words := func(id string) string {
		q, _ := sheet.Asked.Question(id)
		return strings.Join(q.InWords(sheet.Answers()[id], web.FormSay(r)), ", ")
	}
	add("case.missing.say.age", k.Headline.Age.Reveal())
	add("case.missing.say.where", k.Headline.Where.Reveal())
	add("case.missing.say.clothes", words("clothes"))
	add("case.missing.say.to", words("to-whom"))
	add("case.missing.say.health", words("health"))
	return append(lines, r.Say("case.missing.say.ref", "ref", shownRef(k.Ref)), r.Say("case.missing.say.ask"))
}

// rungForMissing notes that the police were rung, and leads to where their reference is written down.
func (c *Casework) rungForMissing(r *web.Request) (web.Reply, error) {
	k, _, err := c.enter(r)
	if err != nil {
		return nil, err
	}
	r.Trace(audit.Entry{Act: "case.missing.rung", Case: k.ID})
	if err := fact.Write(r.Tx, fact.Fact{Kind: "case.missing", Case: k.ID, Day: clock.Today(r.Now)}); err != nil {
		return nil, err
	}
	return web.Redirect(k.Path("sheets", formMissing) + "?page=ring"), nil
}
