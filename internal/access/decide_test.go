package access

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// writePaper reports -update, which webtest, in the same binary, declares for all golden files.
func writePaper() bool {
	update := flag.Lookup("update")
	return update != nil && update.Value.String() == "true"
}

const (
	paper      = "../../docs/security.md"
	paperBegin = "<!-- who may do what: written by `go test ./internal/access -update` -->\n"
	paperEnd   = "<!-- end of who may do what -->\n"
)

// asker is one column of the table.
type asker struct {
	name string
	who  Who
}

// askers are a visitor and one person of each role, in team "own", who gave a code; and those whose session is weaker.
func askers() (all, weaker []asker) {
	all = append(all, asker{"visitor", Who{}})
	for _, role := range Roles() {
		all = append(all, asker{strings.ReplaceAll(string(role), "-", " "), one(role)})
	}
	for _, role := range Roles() {
		without, pass, locked := one(role), one(role), one(role)
		without.SecondFactor, pass.SecondFactor = false, false
		pass.Pass = time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
		locked.Locked = true
		weaker = append(weaker, asker{string(role) + ", no code", without}, asker{string(role) + ", pass", pass}, asker{string(role) + ", locked", locked})
	}
	return all, weaker
}

func one(role Role) Who {
	team := "own"
	if role.Everywhere() {
		team = ""
	}
	return Who{ID: "me", Held: map[string][]Role{team: {role}}, SecondFactor: true}
}

// thing is one kind of subject as the table names it.
type thing struct {
	name string
	on   Subject
}

var things = []thing{
	{"a public page", Subject{Kind: PublicPage}},
	{"the pages for signing in", Subject{Kind: Entrance}},
	{"their own account", Subject{Kind: Account, Person: "me"}},
	{"somebody else's account, as if it were theirs", Subject{Kind: Account, Person: "other"}},
	{"a case of their team", Subject{Kind: Case, Team: "own"}},
	{"a case of another team", Subject{Kind: Case, Team: "other"}},
	{"a case that belongs to no team", Subject{Kind: Case}},
	{"a restricted case of their team that excludes them", Subject{Kind: Case, Team: "own", Excludes: true}},
	{"a pass in their team", Subject{Kind: Pass, Team: "own"}},
	{"a pass in another team", Subject{Kind: Pass, Team: "other"}},
	{"people, organisations and roles", Subject{Kind: Copy}},
	{"what the pages say", Subject{Kind: Content}},
	{"counts of their team", Subject{Kind: Counts, Team: "own"}},
	{"counts of another team", Subject{Kind: Counts, Team: "other"}},
	{"courses", Subject{Kind: Courses}},
}

// The paper is made by asking the same functions that the program asks, for every role, permission and kind of subject.
func TestThePaperSaysWhoMayDoWhat(t *testing.T) {
	raw, err := os.ReadFile(paper)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(raw), paperBegin)
	_, after, closed := strings.Cut(rest, paperEnd)
	if !found || !closed {
		t.Fatalf("%s has lost the marks between which the table stands", paper)
	}
	now := before + paperBegin + written() + paperEnd + after
	if writePaper() {
		if err := os.WriteFile(paper, []byte(now), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if now != string(raw) {
		t.Errorf("%s does not say what the program does; look at what `go test ./internal/access -update` writes", paper)
	}
}

func written() string {
	all, weaker := askers()
	var b strings.Builder
	b.WriteString("\n| permission | on |")
	for _, a := range all {
		b.WriteString(" " + a.name + " |")
	}
	b.WriteString("\n| --- | --- |" + strings.Repeat(" --- |", len(all)) + "\n")
	asked, yes := 0, 0
	for _, p := range Permissions() {
		for _, thing := range things {
			cells := make([]string, len(all))
			any := false
			for i, a := range all {
				asked++
				if a.who.MayOn(p, thing.on) {
					cells[i], any = "yes", true
					yes++
				}
			}
			if any || table[p].kind == thing.on.Kind {
				fmt.Fprintf(&b, "| %s | %s | %s |\n", p, thing.name, strings.Join(cells, " | "))
			}
		}
	}
	fmt.Fprintf(&b, "\nAn empty field means no. %d combinations were asked, %d of them may; what has no row nobody may.\n", asked, yes)
	b.WriteString("\nWithout the code of an authenticator app, nobody has: " + names(func(p Permission) bool { return p.Demands() }) + ".\n")
	b.WriteString("Under a duty supervisor's pass instead of the code, somebody has of these: " +
		names(func(p Permission) bool { return p.Demands() && anyMay(weaker, ", pass", p) }) + ".\n")
	b.WriteString("With a locked screen, somebody has: " + names(func(p Permission) bool { return anyMay(weaker, ", locked", p) }) + ".\n\n")
	return b.String()
}

func names(which func(Permission) bool) string {
	var all []string
	for _, p := range Permissions() {
		if which(p) {
			all = append(all, p.String())
		}
	}
	return strings.Join(all, ", ")
}

func anyMay(askers []asker, like string, p Permission) bool {
	return slices.ContainsFunc(askers, func(a asker) bool {
		return strings.HasSuffix(a.name, like) && a.who.May(p)
	})
}

func TestEveryPermissionHasItsRow(t *testing.T) {
	if len(table) != len(Permissions()) {
		t.Errorf("%d permissions are listed, %d have a row", len(Permissions()), len(table))
	}
	for _, p := range Permissions() {
		if _, known := table[p]; !known || !p.Stated() {
			t.Errorf("%q has no row, or no name", p)
		}
	}
	if (Who{}).May(Permission{}) || one(Administrator).May(Permission{"invented"}) {
		t.Error("a permission that nobody knows lets somebody in")
	}
}

func TestAnAdministratorOpensNoCase(t *testing.T) {
	admin := one(Administrator)
	for _, p := range []Permission{ReadCases, WriteCases, ApproveCases, GivePasses} {
		if admin.May(p) {
			t.Errorf("an administrator may %s", p)
		}
	}
	if admin.Teams() != nil || Administrator.OpensCases() {
		t.Error("an administrator has teams whose cases they may open")
	}
}

// A row that says "administrator of team X", or "practitioner of the whole copy", is no role at all.
func TestARoleInTheWrongPlaceIsNone(t *testing.T) {
	for _, who := range []Who{
		{ID: "me", SecondFactor: true, Held: map[string][]Role{"own": {Administrator, Curator}}},
		{ID: "me", SecondFactor: true, Held: map[string][]Role{"": {Practitioner, Manager}}},
	} {
		for _, p := range Permissions() {
			if want := table[p].visitors || table[p].persons; who.May(p) != want {
				t.Errorf("%v may %s: %v", who.Held, p, !want)
			}
		}
	}
}

func TestTeamsAreThoseInWhichARoleOpensCases(t *testing.T) {
	who := Who{ID: "me", SecondFactor: true, Held: map[string][]Role{
		"b": {Practitioner}, "a": {Manager, Analyst}, "c": {Learner, Analyst}, "": {Curator}}}
	if got := who.Teams(); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("teams %v", got)
	}
	if got := who.TeamsFor(ApproveCases); !slices.Equal(got, []string{"a"}) {
		t.Errorf("teams in which they approve: %v", got)
	}
	if who.MayOn(ApproveCases, Subject{Kind: Case, Team: "b"}) {
		t.Error("a manager of one team approves in another in which they are a practitioner")
	}
	who.SecondFactor = false
	if who.Teams() != nil {
		t.Error("without a code somebody still has teams")
	}
}

func TestAdministratorAndCaseRolesConflict(t *testing.T) {
	for _, role := range Roles() {
		if got, want := Conflict(Administrator, role), role == Practitioner || role == Manager || role == PanelMember; got != want {
			t.Errorf("administrator and %s: conflict %v", role, got)
		}
		if Conflict(role, Manager) != (role == Administrator) {
			t.Errorf("manager and %s", role)
		}
	}
}
