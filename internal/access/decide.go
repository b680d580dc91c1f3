package access

import "slices"

// reach is how far a role carries a permission.
type reach int

const (
	nowhere    reach = iota
	ownTeam          // things of the team in which the role is held
	everywhere       // things of the whole copy
)

// rule is what one permission demands.
type rule struct {
	kind      Kind
	visitors  bool           // nobody needs an account
	persons   bool           // everybody with an account, on what is their own
	roles     map[Role]reach // who else
	strong    bool           // only with a code from the authenticator
	underPass bool           // a duty supervisor's pass stands in for the code
}

func held(r reach, roles ...Role) map[Role]reach {
	all := map[Role]reach{}
	for _, role := range roles {
		all[role] = r
	}
	return all
}

// table is who may do what: the whole of it. An administrator is in none of the rows of cases. A pass opens what a
// night needs, reading and writing; it signs nothing off and lets nobody else in.
var table = map[Permission]rule{
	Anyone:       {kind: PublicPage, visitors: true},
	Arriving:     {kind: Entrance, visitors: true},
	SignedIn:     {kind: Account, persons: true},
	ReadCases:    {kind: Case, roles: held(ownTeam, Practitioner, Manager, PanelMember), strong: true, underPass: true},
	WriteCases:   {kind: Case, roles: held(ownTeam, Practitioner, Manager), strong: true, underPass: true},
	ApproveCases: {kind: Case, roles: held(ownTeam, Manager), strong: true},
	GivePasses:   {kind: Pass, roles: held(ownTeam, Manager), strong: true},
	ReviewPasses: {kind: Pass, roles: map[Role]reach{Manager: ownTeam, Administrator: everywhere}, strong: true},
	Administer:   {kind: Copy, roles: held(everywhere, Administrator), strong: true},
	Curate:       {kind: Content, roles: held(everywhere, Curator), strong: true},
	Analyse:      {kind: Counts, roles: held(ownTeam, Manager, Analyst)},
	Learn:        {kind: Courses, persons: true},
}

// Kind is what something is.
type Kind string

// The kinds of things that somebody can act on.
const (
	PublicPage Kind = "public page"
	Entrance   Kind = "entrance" // the pages for signing in
	Account    Kind = "account"
	Case       Kind = "case"
	Pass       Kind = "pass"
	Copy       Kind = "copy" // people, organisations, roles, settings
	Content    Kind = "content"
	Counts     Kind = "counts"
	Courses    Kind = "courses"
)

// Subject is one thing that somebody would act on.
type Subject struct {
	Kind     Kind
	Team     string // whose it is; "" when it is the whole copy's
	Person   string // whose account
	Excludes bool   // a restricted record that names this person as one who must not see it
}

// MayOn reports whether this person may do what the permission names to this one thing. Lists ask the same through
// their where clause, by Teams: what somebody may not see does not exist for them.
func (w Who) MayOn(p Permission, on Subject) bool {
	rule, known := table[p]
	if !known || !w.May(p) || rule.kind != on.Kind || on.Excludes {
		return false
	}
	if rule.visitors {
		return true
	}
	if rule.persons {
		return on.Person == "" || on.Person == w.ID
	}
	for team, roles := range w.Held {
		for _, role := range roles {
			if role.Everywhere() != (team == "") {
				continue
			}
			if r := rule.roles[role]; r == everywhere || r == ownTeam && team == on.Team {
				return true
			}
		}
	}
	return false
}

// Demands reports that the permission is of no use without the code of an authenticator.
func (p Permission) Demands() (secondFactor bool) { return table[p].strong }

// NeedsSecondFactor reports that one of the person's roles is of no use without a code.
func (w Who) NeedsSecondFactor() bool {
	for _, roles := range w.Held {
		if slices.ContainsFunc(roles, Role.NeedsSecondFactor) {
			return true
		}
	}
	return false
}
