package app_test

import (
	"go/build"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/rihla/rihla/"

// The floors, as the plan of the house has them, from the ground up. Imports only ever point down; inside a floor as its
// order says.
var house = []struct {
	name  string
	rooms []string
	order order
}{
	{"formats", []string{"formats"}, together},
	{"ground", []string{"internal/config", "internal/telemetry", "internal/store", "internal/keys", "internal/audit", "internal/jobs", "internal/access", "internal/api"}, leftward},
	{"capabilities", []string{"internal/intake", "internal/screening", "internal/casework", "internal/sharing", "internal/custody", "internal/pipeline"}, leftward},
	{"domains", []string{"internal/travel", "internal/cargo", "internal/funds", "internal/cyber", "internal/facilitation"}, apart},
	{"faces", []string{"internal/server", "web"}, apart},
	{"door", []string{"internal/app", "cmd/rihla"}, leftward},
}

// synth makes synthetic worlds. It stands on the floor of capabilities and knows formats only, so that what it makes is
// no mirror of what reads it.
const synth = "internal/synth"

type order int

const (
	together order = iota // may import one another
	leftward              // may import those to its left
	apart                 // never one another
)

// foreign are the modules that formats may stand on; they are anybody's to import.
var foreign = []string{"golang.org/x/text/"}

// room finds where a package lives: its floor, and its place on it.
func room(path string) (floor, place int, name string) {
	for i, f := range house {
		for j, r := range f.rooms {
			if path == r || strings.HasPrefix(path, r+"/") {
				return i, j, r
			}
		}
	}
	return -1, -1, ""
}

func within(path, room string) bool { return path == room || strings.HasPrefix(path, room+"/") }

// wrong says why one package may not import another; "" when it may.
func wrong(from, to string) string {
	if within(from, synth) {
		if strings.HasPrefix(to, "formats/") || within(to, synth) {
			return ""
		}
		return "synth knows formats only"
	}
	fromFloor, fromPlace, fromRoom := room(from)
	if fromFloor < 0 {
		return "no floor has this room: give it a place in the plan"
	}
	if within(to, synth) {
		if house[fromFloor].name == "door" {
			return ""
		}
		return "only the door makes synthetic worlds"
	}
	toFloor, toPlace, toRoom := room(to)
	switch {
	case toFloor < 0:
		return "no floor has the imported room: give it a place in the plan"
	case fromRoom == toRoom, toFloor < fromFloor:
		return ""
	case toFloor > fromFloor:
		return "the arrow points up, to " + house[toFloor].name
	}
	switch house[fromFloor].order {
	case together:
		return ""
	case leftward:
		if toPlace < fromPlace {
			return ""
		}
		return "the arrow points sideways, to the right"
	default:
		return "the arrow points sideways: " + house[fromFloor].name + " never import one another"
	}
}

// Imports point down, and formats stand on the standard library and golang.org/x/text alone.
func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	packages := 0
	for _, top := range []string{"cmd", "formats", "internal", "web"} {
		err := filepath.WalkDir(filepath.Join(root, top), func(dir string, d fs.DirEntry, err error) error {
			switch {
			case os.IsNotExist(err):
				return nil
			case err != nil || !d.IsDir():
				return err
			case d.Name() == "testdata" || d.Name() == "node_modules" || strings.HasPrefix(d.Name(), "."):
				return fs.SkipDir
			}
			p, err := build.ImportDir(dir, 0)
			if _, none := err.(*build.NoGoError); none { //nolint:errorlint // as go/build returns it
				return nil
			}
			if err != nil {
				return err
			}
			packages++
			from, err := filepath.Rel(root, dir)
			if err != nil {
				return err
			}
			from = filepath.ToSlash(from)
			for _, imported := range p.Imports {
				to, ours := strings.CutPrefix(imported, module)
				switch {
				case ours:
					if why := wrong(from, to); why != "" {
						t.Errorf("%s imports %s: %s", from, to, why)
					}
				case strings.HasPrefix(from, "formats/") && strings.Contains(strings.Split(imported, "/")[0], "."):
					if !slices.ContainsFunc(foreign, func(m string) bool { return strings.HasPrefix(imported, m) }) {
						t.Errorf("%s imports %s: formats stand on the standard library and golang.org/x/text alone", from, imported)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if packages < 10 {
		t.Errorf("only %d packages were found: the test looks in the wrong place", packages)
	}
}

// The test knows a wrong arrow when it sees one.
func TestWrongArrows(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		from, to string
		may      bool
	}{
		{"formats/paxlst", "formats/edifact", true},
		{"formats/paxlst", "internal/store", false},
		{"internal/store", "internal/config", true},
		{"internal/store", "internal/keys", false},
		{"internal/store/storetest", "internal/store", true},
		{"internal/screening", "internal/screening/names", true},
		{"internal/intake", "internal/screening", false},
		{"internal/casework", "internal/screening", true},
		{"internal/pipeline", "internal/casework", true},
		{"internal/pipeline", "internal/travel", false},
		{"internal/travel", "internal/pipeline", true},
		{"internal/travel", "internal/synth/scenario", false},
		{"internal/app", "internal/synth/scenario", true},
		{"internal/travel", "internal/cargo", false},
		{"internal/server", "internal/travel", true},
		{"internal/server", "web", false},
		{"internal/server", "internal/app", false},
		{"internal/app", "web", true},
		{"cmd/rihla", "internal/app", true},
		{"internal/app", "cmd/rihla", false},
		{"internal/synth", "formats/airport", true},
		{"internal/synth", "internal/store", false},
		{"internal/travel", "internal/synth", false},
		{"cmd/rihla", "internal/synth", true},
		{"internal/util", "internal/store", false},
		{"internal/travel", "internal/util", false},
	} {
		if why := wrong(test.from, test.to); (why == "") != test.may {
			t.Errorf("%s → %s: %q", test.from, test.to, why)
		}
	}
}
