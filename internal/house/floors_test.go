package house

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// outside are the rooms that stand on no floor: tests only.
var outside = []string{"house", "webtest"}

// floors says on which floor a room stands.
type floors map[string]int

// readFloors reads the drawing: a number, then the rooms of that floor; the highest floor first.
func readFloors(drawing string) (floors, error) {
	f := floors{}
	above := 1 << 30
	for _, line := range strings.Split(strings.TrimSpace(drawing), "\n") {
		words := strings.Fields(line)
		if len(words) < 2 {
			return nil, fmt.Errorf("%q is no floor; write a number, then its rooms", line)
		}
		floor, err := strconv.Atoi(words[0])
		if err != nil || floor >= above {
			return nil, fmt.Errorf("%q should begin with a number lower than the floor above", line)
		}
		above = floor
		for _, room := range words[1:] {
			if _, twice := f[room]; twice {
				return nil, fmt.Errorf("%s stands on two floors", room)
			}
			f[room] = floor
		}
	}
	return f, nil
}

// roomOf is the room that a folder of this module belongs to, and what lies below the room in it.
func roomOf(folder string) (room, below string) {
	parts := strings.Split(folder, "/")
	if len(parts) > 1 && (parts[0] == "internal" || parts[0] == "cmd") {
		parts = parts[1:]
	}
	return parts[0], path.Join(parts[1:]...)
}

// arrow is one import of one file.
type arrow struct {
	file     string
	from, to string // folders of this module
	external bool   // from a test package of its own, as in package library_test
}

// faults says what is wrong with the arrows, one sentence each.
func (f floors) faults(arrows []arrow) []string {
	var all []string
	for _, a := range arrows {
		if why := f.fault(a); why != "" {
			all = append(all, a.file+": "+why)
		}
	}
	return all
}

func (f floors) fault(a arrow) string {
	from, _ := roomOf(a.from)
	to, _ := roomOf(a.to)
	if from == to {
		return ""
	}
	if to == "house" {
		return "nobody imports house"
	}
	if to == "webtest" {
		if a.external || slices.Contains(outside, from) {
			return ""
		}
		return "only external test packages (package " + from + "_test) import webtest"
	}
	if slices.Contains(outside, from) {
		return ""
	}
	above, known := f[from]
	below, knownTo := f[to]
	switch {
	case !known:
		return from + " stands on no floor of the drawing in docs/architecture.md"
	case !knownTo:
		return to + " stands on no floor of the drawing in docs/architecture.md"
	case above < below:
		return fmt.Sprintf("%s (floor %d) imports upward: %s stands on floor %d", from, above, to, below)
	case above == below:
		return fmt.Sprintf("%s and %s are neighbours on floor %d; declare an interface and let site fill it", from, to, above)
	}
	return ""
}

func drawnFloors(t *testing.T) floors {
	t.Helper()
	drawings := fenced(read(t, "docs/architecture.md"), "floors")
	if len(drawings) != 1 {
		t.Fatalf("docs/architecture.md holds %d drawings of the floors, not one", len(drawings))
	}
	f, err := readFloors(drawings[0])
	if err != nil {
		t.Fatalf("docs/architecture.md: %v", err)
	}
	return f
}

func TestNobodyImportsUpwardOrSideways(t *testing.T) {
	f := drawnFloors(t)
	var arrows []arrow
	for _, s := range sources(t) {
		for _, spec := range s.syntax.Imports {
			to, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), "waymark/")
			if ours {
				external := s.test && strings.HasSuffix(s.syntax.Name.Name, "_test")
				arrows = append(arrows, arrow{s.path, s.folder(), to, external})
			}
		}
	}
	if len(arrows) < 20 {
		t.Fatalf("only %d imports were found: the test looks in the wrong place", len(arrows))
	}
	for _, why := range f.faults(arrows) {
		t.Error(why)
	}
}

func TestEveryRoomStandsOnAFloor(t *testing.T) {
	f := drawnFloors(t)
	for _, folder := range foldersWithGo(t) {
		room, below := roomOf(folder)
		floor, drawn := f[room]
		if !drawn && !slices.Contains(outside, room) {
			t.Errorf("%s stands on no floor of the drawing in docs/architecture.md", folder)
		}
		if floor == f["library"] && below != "" {
			t.Errorf("%s: a capability is one package; it has no sub-packages", folder)
		}
	}
}

// The drawing shows the whole house, planned rooms included; the tables below it say which of them can be visited.
func TestTheTablesSayWhichRoomsAreBuilt(t *testing.T) {
	text := read(t, "docs/architecture.md")
	built := map[string]bool{}
	for _, row := range table(text, "## The rooms that stand") {
		for _, name := range codeOf(row[0]) {
			room, _ := roomOf(strings.TrimSuffix(name, "/"))
			built[room] = true
		}
	}
	real := map[string]bool{}
	for _, folder := range foldersWithGo(t) {
		room, _ := roomOf(folder)
		real[room] = true
		if !built[room] {
			t.Errorf("%s is built, but has no row in docs/architecture.md, \"The rooms that stand\"", folder)
		}
	}
	for room := range built {
		if !real[room] {
			t.Errorf("docs/architecture.md says that %s stands, but it holds no Go", room)
		}
	}
	for room := range drawnFloors(t) {
		if !real[room] && !strings.Contains(text, "`"+room+"`") {
			t.Errorf("%s is drawn, but neither built nor named among the planned rooms of docs/architecture.md", room)
		}
	}
}

func foldersWithGo(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, s := range sources(t) {
		if !slices.Contains(all, s.folder()) {
			all = append(all, s.folder())
		}
	}
	return all
}

func TestTheFloorTestSeesABreak(t *testing.T) {
	f, err := readFloors("2 library contacts\n1 web\n0 clock")
	if err != nil {
		t.Fatal(err)
	}
	for _, try := range []struct {
		arrow arrow
		wrong string
	}{
		{arrow{from: "internal/library", to: "internal/web"}, ""},
		{arrow{from: "internal/library", to: "internal/clock"}, ""},
		{arrow{from: "internal/web", to: "internal/library"}, "imports upward"},
		{arrow{from: "internal/library", to: "internal/contacts"}, "neighbours"},
		{arrow{from: "internal/library", to: "internal/helper"}, "stands on no floor"},
		{arrow{from: "internal/helper", to: "internal/clock"}, "stands on no floor"},
		{arrow{from: "internal/library", to: "internal/webtest"}, "only external test packages"},
		{arrow{from: "internal/library", to: "internal/webtest", external: true}, ""},
		{arrow{from: "internal/clock", to: "internal/house"}, "nobody imports house"},
		{arrow{from: "internal/webtest", to: "internal/web"}, ""},
	} {
		said := f.fault(try.arrow)
		if (said == "") != (try.wrong == "") || !strings.Contains(said, try.wrong) {
			t.Errorf("%s to %s: got %q, want %q", try.arrow.from, try.arrow.to, said, try.wrong)
		}
	}
	for _, bad := range []string{"0 clock\n1 web", "1 web\n0 web", "high web", "3"} {
		if _, err := readFloors(bad); err == nil {
			t.Errorf("the drawing %q should be refused", bad)
		}
	}
}
