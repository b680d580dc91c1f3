package pack

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

var dial = regexp.MustCompile(`^[+0-9][0-9 ()-]{2,20}$`)

// register: the two numbers without which nothing starts, and the shape of all others.
func (c *checker) register() {
	for _, role := range []string{"emergency", "police"} {
		all := c.Role(role, "")
		if len(all) != 1 || len(all[0].Phones) == 0 {
			c.fault(Place{File: "contacts.yaml"}, "the register needs exactly one contact with `role: %s` and a number; without it nothing starts", role)
		}
	}
	for _, contact := range c.Contacts.all {
		what := fmt.Sprintf("contact %q", contact.ID)
		for _, phone := range contact.Phones {
			if !dial.MatchString(phone.Number) {
				c.fault(phone.At, "%s has the number %q; write it as it is dialled: digits and spaces", what, phone.Number)
			}
		}
		if contact.Area != "" {
			known(c, contact.At, c.Areas, contact.Area, what)
		}
		if len(contact.Phones) == 0 && contact.Email == "" && contact.URL == "" && contact.Find.Source == "" {
			c.fault(contact.At, "%s has no way to reach it; give phones, email or url, or say in `find` how to find one", what)
		}
	}
}

func (c *checker) indicators() {
	for _, i := range c.Indicators.all {
		what := fmt.Sprintf("indicator %q", i.ID)
		known(c, i.At, c.Groups, i.Group, what)
		for _, t := range i.Types {
			known(c, i.At, c.Types, t, what)
		}
	}
}

// fewestSigns and mostSigns keep a check short enough to read on a phone.
const fewestSigns, mostSigns, cardSigns = 8, 15, 5

func (c *checker) settings() {
	all := map[string]string{}
	for i := range c.Settings.all {
		s := &c.Settings.all[i]
		what := fmt.Sprintf("setting %q", s.ID)
		if len(s.Never) == 0 {
			c.fault(s.At, "%s says nothing under never; name at least one thing not to do there", what)
		}
		if n := len(s.Signs); n < fewestSigns || n > mostSigns {
			c.fault(s.At, "%s has %d signs; give it %d to %d, few enough to read on a phone", what, n, fewestSigns, mostSigns)
		}
		for _, sign := range s.Signs {
			c.sign(s, sign, all)
		}
		if n := len(s.Card.Signs); n != cardSigns {
			c.fault(s.Card.At, "the card of %s shows %d signs; choose five", what, n)
		}
		for _, id := range s.Card.Signs {
			if all[id] != s.ID {
				c.fault(s.Card.At, "the card of %s shows the sign %q, which that setting does not have; choose one of its own", what, id)
			}
		}
	}
}

func (c *checker) sign(s *Setting, sign Sign, all map[string]string) {
	what := fmt.Sprintf("sign %q", sign.ID)
	switch {
	case !strings.HasPrefix(sign.ID, s.ID+"-") || !goodID.MatchString(sign.ID):
		c.fault(sign.At, "%s should have an id that begins with %q, in small letters, digits and hyphens", what, s.ID+"-")
	case all[sign.ID] != "":
		c.fault(sign.At, "%s stands in the setting %q already; give one of the two another id", what, all[sign.ID])
	}
	all[sign.ID] = s.ID
	known(c, sign.At, c.Indicators, sign.Indicator, what)
	c.about(sign.At, sign.About, what, true)
}

func (c *checker) advice() {
	for _, a := range c.Advice.all {
		what := fmt.Sprintf("advice %q", a.ID)
		if missing := a.missing(); a.step() && len(missing) > 0 {
			c.fault(a.At, "%s is a step, so it must say %s; a step says who does it, by when, how strongly and why", what, strings.Join(missing, ", "))
		}
		if a.Strength == "must" && !c.law(a.About) {
			c.fault(a.At, "%s says must, but none of its sources is a law; name one with `law: true`, or write should", what)
		}
		for _, id := range a.InsteadOf {
			known(c, a.At, c.Advice, id, what)
			if id == a.ID {
				c.fault(a.At, "%s stands instead of itself; take its own id out of instead_of", what)
			}
		}
		for _, id := range a.Call {
			c.call(a.At, id, what)
		}
	}
}

// missing is what a step lacks.
func (a Advice) missing() []string {
	var keys []string
	for _, must := range []struct {
		key   string
		lacks bool
	}{{"who", a.Who == ""}, {"by", a.By == ""}, {"strength", a.Strength == ""}, {"why", a.Why.Source == ""}} {
		if must.lacks {
			keys = append(keys, must.key)
		}
	}
	return keys
}

// call checks whom to ring: a contact, or a role.
func (c *checker) call(at Place, id, what string) {
	if !isRole(id) {
		known(c, at, c.Contacts, id, what)
	}
}

// examples checks that each speaks of things that are there. Whether its answer comes out right is the check's own matter.
func (c *checker) examples() {
	for _, e := range c.Examples.all {
		what := fmt.Sprintf("example %q", e.ID)
		if _, err := time.Parse("2006-01-02T15:04", e.Moment); err != nil {
			c.fault(e.At, "%s is at %q; write a day and a time of London, such as 2026-11-24T15:40", what, e.Moment)
		}
		if e.Answers.Setting != "" {
			known(c, e.At, c.Settings, e.Answers.Setting, what)
		}
		if e.Answers.Area != "" {
			known(c, e.At, c.Areas, e.Answers.Area, what)
		}
		for _, id := range e.Answers.Signs {
			if _, _, ok := c.Sign(id); !ok {
				c.fault(e.At, "%s ticks the sign %q, which is in no setting; mend the id", what, id)
			}
		}
		for _, id := range slices.Concat(e.Now, e.Has, e.Lacks) {
			known(c, e.At, c.Advice, id, what)
		}
		for _, id := range e.Calls {
			c.call(e.At, id, what)
		}
	}
}
