// Package access says who is asking and what they may do. It owns persons, sessions and memberships with their SQL, and
// the one table of who may do what. The pages on which people sign in belong to account; which cases there are, to casework.
package access

import (
	"slices"
	"time"

	"waymark/internal/seal"
)

// Permission is what a route demands. The zero value permits nobody, so a route that forgot its permission is refused at start.
type Permission struct{ name string }

// What a route can demand. Who may is in the table of decide.go, and nowhere else.
var (
	Anyone       = Permission{"anyone"}        // with or without an account; such a route opens no transaction
	Arriving     = Permission{"arriving"}      // signing in and its kin: a transaction, but no person yet
	SignedIn     = Permission{"signed in"}     // one's own account
	ReadCases    = Permission{"read cases"}    // open a child's record
	WriteCases   = Permission{"write cases"}   // open a new record, and change one
	ApproveCases = Permission{"approve cases"} // sign off what others wrote
	GivePasses   = Permission{"give passes"}   // let a colleague in for a night who lost the second factor
	ReviewPasses = Permission{"review passes"} // look at the passes of the night before
	Administer   = Permission{"administer"}    // people, organisations, roles, the running copy
	Curate       = Permission{"curate"}        // what the pages say
	Analyse      = Permission{"analyse"}       // counts, never a case
	Learn        = Permission{"learn"}         // courses
)

// Permissions are all of them, in the order in which people read them.
func Permissions() []Permission {
	return []Permission{Anyone, Arriving, SignedIn, ReadCases, WriteCases, ApproveCases, GivePasses, ReviewPasses, Administer, Curate, Analyse, Learn}
}

// Stated reports whether a permission was given at all.
func (p Permission) Stated() bool { return p.name != "" }

func (p Permission) String() string { return p.name }

// Role is what somebody is in a team, or in the whole copy.
type Role string

// The seven roles.
const (
	Learner       Role = "learner"
	Practitioner  Role = "practitioner"
	Manager       Role = "manager"
	PanelMember   Role = "panel-member"
	Analyst       Role = "analyst"
	Curator       Role = "curator"
	Administrator Role = "administrator"
)

// Roles are all seven, in the order in which people read them.
func Roles() []Role {
	return []Role{Learner, Practitioner, Manager, PanelMember, Analyst, Curator, Administrator}
}

// Known reports that there is such a role.
func (r Role) Known() bool { return slices.Contains(Roles(), r) }

// Everywhere reports a role that is held in the whole copy and in no team: whoever runs it, and whoever writes its pages.
func (r Role) Everywhere() bool { return r == Administrator || r == Curator }

// OpensCases reports a role with which somebody can open a child's record.
func (r Role) OpensCases() bool { return table[ReadCases].roles[r] != nowhere }

// NeedsSecondFactor reports a role that is of no use without the code of an authenticator app.
func (r Role) NeedsSecondFactor() bool {
	for _, rule := range table {
		if rule.strong && rule.roles[r] != nowhere {
			return true
		}
	}
	return false
}

// Conflict reports that no one person should hold these roles together unless a second administrator agreed: whoever
// runs the copy decides who may open cases, and so must not be one of them.
func Conflict(roles ...Role) bool {
	return slices.Contains(roles, Administrator) && slices.ContainsFunc(roles, Role.OpensCases)
}

// Who is the person who asks. The zero value is a visitor without an account.
type Who struct {
	ID           string            // "" for a visitor
	Name         seal.Text         // as they are called
	Session      string            // the id of the session; never its token
	Held         map[string][]Role // roles by team; under "" those of the whole copy
	SecondFactor bool              // this session was begun with a code as well as a password
	Pass         time.Time         // a duty supervisor's pass stands in for the code until then; zero when there is none now
	Locked       bool              // the screen is locked: nothing but unlocking and leaving is left
	Seen         time.Time         // when the session was last written down as in use
}

// touchEvery is how exactly the last use of a session is written down; more often would make every look a change.
const touchEvery = time.Minute

// Stale reports that the session should be written down as in use again.
func (w Who) Stale(now time.Time) bool { return !w.Visitor() && now.Sub(w.Seen) >= touchEvery }

// Visitor reports somebody without an account, or one who has not signed in.
func (w Who) Visitor() bool { return w.ID == "" }

// May reports whether this person may do what the permission names, at least somewhere. On whose things is said by
// Teams, and by MayOn for one thing.
func (w Who) May(p Permission) bool {
	rule, known := table[p]
	switch {
	case !known:
		return false
	case rule.visitors:
		return true
	case w.Visitor() || w.Locked:
		return false
	case !w.strongEnough(p, rule):
		return false
	}
	return rule.persons || len(w.in(rule)) > 0
}

// strongEnough reports that the way this session was begun is enough for what the permission opens.
func (w Who) strongEnough(p Permission, rule rule) bool {
	return !rule.strong || w.SecondFactor || rule.underPass && !w.Pass.IsZero()
}

// in gives the teams in which one of the person's roles is named by the rule.
func (w Who) in(rule rule) []string {
	var teams []string
	for team, roles := range w.Held {
		for _, role := range roles {
			if rule.roles[role] != nowhere && role.Everywhere() == (team == "") {
				teams = append(teams, team)
				break
			}
		}
	}
	slices.Sort(teams)
	return teams
}

// Teams are the teams whose cases this person may open: the scope of every where clause over cases.
func (w Who) Teams() []string { return w.TeamsFor(ReadCases) }

// TeamsFor are the teams on whose things this person may do what the permission names.
func (w Who) TeamsFor(p Permission) []string {
	if !w.May(p) {
		return nil
	}
	return slices.DeleteFunc(w.in(table[p]), func(team string) bool { return team == "" })
}

// Has reports a role in any team.
func (w Who) Has(role Role) bool {
	for _, roles := range w.Held {
		if slices.Contains(roles, role) {
			return true
		}
	}
	return false
}
