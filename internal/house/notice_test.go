package house

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"sort"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write NOTICE anew from the modules")

const (
	shipsHeading = "What ships in the program"
	testsHeading = "What tests, tools and generators need, and does not ship"
)

var noticeLine = regexp.MustCompile(`(?m)^(\S+) (v\S+|go\S+) +([A-Z].+)$`)

// noticed gives the modules with versions that a part of NOTICE lists.
func noticed(part string) map[string]string {
	all := map[string]string{}
	for _, found := range noticeLine.FindAllStringSubmatch(part, -1) {
		all[found[1]] = found[2]
	}
	return all
}

// compatible are the licences that may ship in a program under Apache-2.0.
var compatible = []string{"Apache-2.0", "MIT", "BSD-3-Clause", "BSD-2-Clause", "ISC", "Unlicense"}

func TestNoticeNamesEveryModuleThatShips(t *testing.T) {
	if *update {
		if err := os.WriteFile(filepath.Join(root, "NOTICE"), writeNotice(t), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ships, rest, found := strings.Cut(read(t, "NOTICE"), testsHeading)
	if !found {
		t.Fatal("NOTICE has no part of what does not ship; run `make notice`")
	}
	shipped, others := noticed(ships), noticed(rest)
	for _, r := range readRequirements(read(t, "go.mod")) {
		version, ok := shipped[r.path]
		if !ok {
			version, ok = others[r.path]
		}
		if !ok || version != r.version {
			t.Errorf("NOTICE does not know %s %s; run `make notice`", r.path, r.version)
		}
		delete(shipped, r.path)
		delete(others, r.path)
	}
	for path := range shipped {
		if path != "go" {
			t.Errorf("NOTICE names %s, which go.mod does not; run `make notice`", path)
		}
	}
	for path := range others {
		t.Errorf("NOTICE names %s, which go.mod does not; run `make notice`", path)
	}
	for _, line := range noticeLine.FindAllStringSubmatch(ships, -1) {
		for _, licence := range strings.Split(line[3], " AND ") {
			if !slices.Contains(compatible, licence) {
				t.Errorf("%s ships under %s, which was not looked at; see whether Apache-2.0 allows it", line[1], licence)
			}
		}
	}
}

// What the program imports by name must be among what ships, not among what only tests need.
func TestNoticeKnowsWhatTheProgramImports(t *testing.T) {
	ships, _, _ := strings.Cut(read(t, "NOTICE"), testsHeading)
	shipped := noticed(ships)
	for _, s := range sources(t) {
		if s.test || strings.HasPrefix(s.path, "bench") || strings.HasPrefix(s.path, "internal/webtest") {
			continue
		}
		for _, spec := range s.syntax.Imports {
			path := strings.Trim(spec.Path.Value, `"`)
			if !strings.Contains(strings.Split(path, "/")[0], ".") {
				continue
			}
			if !slices.ContainsFunc(keys(shipped), func(module string) bool { return path == module || strings.HasPrefix(path, module+"/") }) {
				t.Errorf("%s imports %s, which NOTICE does not name as shipped; run `make notice`", s.path, path)
			}
		}
	}
}

func keys(m map[string]string) []string {
	var all []string
	for key := range m {
		all = append(all, key)
	}
	return all
}

// module is one module with what its licence says.
type module struct {
	path, version, folder string
	licences              []string // their SPDX names
	copyright             []string
	texts                 []string // of licence files
	own                   string   // its own NOTICE
}

const opening = `Waymark
Copyright 2026 the Waymark contributors

The program is licensed under the Apache License, Version 2.0 (see LICENSE); its content as LICENSE-CONTENT.md says.
Made by %s from the modules in go.mod; a test compares the two.

Waymark holds parts of other works. Each ships under its own licence, all of which Apache-2.0 allows beside it:
MIT, BSD and ISC ask that their text goes with every copy, so the texts stand at the end of this file.

govuk-frontend (https://github.com/alphagov/govuk-frontend), MIT
    Copyright (C) 2017 Crown Copyright (Government Digital Service)
    Parts of its styles and scripts are compiled into internal/web/assets/dist. The crown, the name GOV.UK and the
    typeface GDS Transport are not used.

zxcvbn (https://github.com/dropbox/zxcvbn), MIT
    Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc.
    Its list of passwords that many people use, sifted, is internal/access/common.txt.

No font ships: pages use the fonts of the device.
Time zones come from Go's time/tzdata: the IANA time zone database, in the public domain.

`

const notShipped = `axe-core (https://github.com/dequelabs/axe-core), MPL-2.0
    Copyright Deque Systems, Inc. Unchanged in internal/webtest/axe with its licence. Browser tests only.

`

// writeNotice asks the go command for the modules; only -update comes here.
func writeNotice(t *testing.T) []byte {
	inProgram := map[string]bool{}
	for _, path := range strings.Fields(goCommand(t, "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./cmd/waymark")) {
		inProgram[path] = true
	}
	var ships, others []module
	for _, line := range strings.Split(strings.TrimSpace(goCommand(t, "list", "-m", "-f", "{{if not .Main}}{{.Path}} {{.Version}} {{.Dir}}{{end}}", "all")), "\n") {
		words := strings.Fields(line)
		if len(words) < 2 || !required(t, words[0]) {
			continue
		}
		if len(words) < 3 {
			goCommand(t, "mod", "download", words[0])
			words = strings.Fields(goCommand(t, "list", "-m", "-f", "{{.Path}} {{.Version}} {{.Dir}}", words[0]))
		}
		m := readLicence(t, module{path: words[0], version: words[1], folder: words[2]})
		if inProgram[m.path] {
			ships = append(ships, m)
		} else {
			others = append(others, m)
		}
	}
	ships = append(ships, readLicence(t, module{path: "go", version: runtime.Version(), folder: strings.TrimSpace(goCommand(t, "env", "GOROOT"))}))
	var b bytes.Buffer
	fmt.Fprintf(&b, opening, "`make notice`")
	list(&b, shipsHeading, "", ships)
	list(&b, testsHeading, notShipped, others)
	texts(&b, ships)
	return b.Bytes()
}

func required(t *testing.T, path string) bool {
	return slices.ContainsFunc(readRequirements(read(t, "go.mod")), func(r requirement) bool { return r.path == path })
}

func list(b *bytes.Buffer, heading, before string, modules []module) {
	fmt.Fprintf(b, "%s\n%s\n\n%s", heading, strings.Repeat("=", len(heading)), before)
	for _, m := range modules {
		fmt.Fprintf(b, "%s %s %s\n", m.path, m.version, strings.Join(m.licences, " AND "))
		for _, line := range m.copyright {
			fmt.Fprintf(b, "    %s\n", line)
		}
	}
	b.WriteByte('\n')
}

// texts prints each licence text once, with the modules that it belongs to. Apache-2.0 stands in LICENSE.
func texts(b *bytes.Buffer, modules []module) {
	whose, wording := map[string][]string{}, map[string]string{}
	add := func(text, path string) {
		text = withoutCopyright(withoutApache(text))
		key := strings.ToLower(strings.Join(strings.Fields(text), " "))
		key = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(key, "the "), "mit license "), "(mit) ")
		if wording[key] == "" {
			wording[key] = text
		}
		whose[key] = append(whose[key], path)
	}
	for _, m := range modules {
		for _, text := range m.texts {
			if found := licencesOf(text); len(found) != 1 || found[0] != "Apache-2.0" {
				add(text, m.path)
			}
		}
	}
	add(mit, "govuk-frontend")
	add(mit, "zxcvbn")
	all := make([]string, 0, len(whose))
	for text := range whose {
		all = append(all, text)
	}
	sort.Slice(all, func(i, j int) bool { return whose[all[i]][0] < whose[all[j]][0] })
	heading := "Licence texts"
	fmt.Fprintf(b, "%s\n%s\n\nApache-2.0: see LICENSE. The copyright lines stand above, beside each module.\n\n", heading, strings.Repeat("=", len(heading)))
	for _, text := range all {
		fmt.Fprintf(b, "----- %s\n\n%s\n\n", strings.Join(once(whose[text]), ", "), wording[text])
	}
	for _, m := range modules {
		if m.own != "" {
			fmt.Fprintf(b, "----- the NOTICE of %s\n\n%s\n\n", m.path, strings.TrimSpace(m.own))
		}
	}
}

var licenceFile = regexp.MustCompile(`(?i)^((un)?licen[cs]e|copying)`)

func readLicence(t *testing.T, m module) module {
	entries, err := os.ReadDir(m.folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		raw, err := os.ReadFile(filepath.Join(m.folder, entry.Name()))
		switch name := entry.Name(); {
		case entry.IsDir() || strings.HasSuffix(name, ".go"):
		case err != nil:
			t.Fatal(err)
		case licenceFile.MatchString(name):
			text := strings.ReplaceAll(string(raw), "\r\n", "\n")
			m.texts = append(m.texts, text)
			m.copyright = append(m.copyright, copyrights(text)...)
			m.licences = append(m.licences, licencesOf(text)...)
		case strings.EqualFold(name, "NOTICE") || strings.EqualFold(name, "NOTICE.txt"):
			m.own = string(raw)
		}
	}
	if late, ok := licensedLater[m.path+" "+m.version]; ok && len(m.licences) == 0 {
		m.licences, m.copyright, m.texts = []string{"MIT"}, []string{late}, []string{mit}
	}
	m.licences, m.copyright = once(m.licences), once(m.copyright)
	if len(m.licences) == 0 {
		t.Errorf("%s: no licence was found in %s", m.path, m.folder)
	}
	return m
}

// licencesOf tells the licences of a text by the words that no other has.
func licencesOf(text string) []string {
	text = strings.Join(strings.Fields(text), " ")
	has := func(words string) bool { return strings.Contains(text, words) }
	if has("Mozilla Public License") {
		return []string{"MPL-2.0"} // it mentions others, which are not meant
	}
	var all []string
	if has("Apache License") || has("www.apache.org/licenses/LICENSE-2.0") {
		all = append(all, "Apache-2.0")
	}
	switch {
	case has("Redistribution and use") && has("names of its contributors"):
		all = append(all, "BSD-3-Clause")
	case has("Redistribution and use") && has("Neither the name"):
		all = append(all, "BSD-3-Clause")
	case has("Redistribution and use"):
		all = append(all, "BSD-2-Clause")
	}
	if has("Permission is hereby granted, free of charge") {
		all = append(all, "MIT")
	}
	if has("Permission to use, copy, modify") {
		all = append(all, "ISC")
	}
	if has("This is free and unencumbered software released into the public domain") {
		all = append(all, "Unlicense")
	}
	if has("GNU ") {
		all = append(all, "GNU")
	}
	return all
}

var apacheTerms = regexp.MustCompile(`(?s)[^\n]*Apache License\s+Version 2\.0.*?END OF TERMS AND CONDITIONS(?:\s+APPENDIX: How to apply.*?limitations under the License\.)?`)

// withoutApache leaves what a mixed file says beside the Apache licence, which stands in LICENSE.
func withoutApache(text string) string {
	return strings.TrimSpace(apacheTerms.ReplaceAllString(text, "(Apache License, Version 2.0: see LICENSE.)"))
}

var copyrightLine = regexp.MustCompile(`(?mi)^[ \t#*/]*(copyright (?:\(c\)|©|\d{4}).*?)[ \t]*$`)

// copyrights leaves out the line that Apache-2.0 shows as an example.
func copyrights(text string) []string {
	var all []string
	for _, found := range copyrightLine.FindAllStringSubmatch(text, -1) {
		if !strings.Contains(found[1], "[yyyy]") && !strings.Contains(found[1], "{yyyy}") && !slices.Contains(all, found[1]) {
			all = append(all, found[1])
		}
	}
	return all
}

func withoutCopyright(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(copyrightLine.ReplaceAllString(text, ""), "\n\n\n", "\n\n"))
}

// licensedLater are modules whose version in use has no licence file, though their repository has one by now.
var licensedLater = map[string]string{
	"github.com/yeqown/reedsolomon v1.0.0": "Copyright (c) 2023 yeqown (the repository got its licence in March 2026; v1.0.0 has no file of it yet)",
}

func once(all []string) []string {
	var out []string
	for _, one := range all {
		if !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of
the Software, and to permit persons to whom the Software is furnished to do so,
subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS
FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`

func goCommand(t *testing.T, args ...string) string {
	t.Helper()
	command := exec.Command("go", args...)
	command.Dir = root
	command.Stderr = os.Stderr
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go %s: %v", strings.Join(args, " "), err)
	}
	return string(out)
}
