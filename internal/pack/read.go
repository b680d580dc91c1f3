package pack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"regexp"
	"runtime"
	"sort"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"waymark/internal/block"
)

// folder is one pack as it was written, before it is joined to the one it extends.
type folder struct {
	manifest Manifest
	about    map[string]About // by file
	file     file
	chapters []Chapter
	ids      string // ids.txt
	said     []said
	digest   [sha256.Size]byte
}

// readFolder reads every file and gives all faults at once. Places name files with what stands before them.
func readFolder(fsys fs.FS, before string) (*folder, Faults) {
	f := &folder{about: map[string]About{}}
	var faults Faults
	names, err := fileNames(fsys)
	if err != nil {
		return f, Faults{{Place{File: "."}, err.Error()}}
	}
	sum := sha256.New()
	manifest := false
	each, sources := make([]single, len(names)), make([][]byte, len(names))
	atOnce(len(names), func(i int) {
		sources[i], each[i] = readSingle(fsys, names[i], before)
	})
	for i, name := range names {
		fmt.Fprintf(sum, "%s %d\n", name, len(sources[i]))
		sum.Write(sources[i])
		faults = append(faults, each[i].faults...)
		if name == "pack.yaml" {
			manifest, f.manifest = true, each[i].manifest
		}
		f.take(each[i].folder)
	}
	if !manifest {
		faults = append(faults, Fault{Place{File: before + "pack.yaml"}, "is missing; a pack is a folder with a pack.yaml that holds its id, version, title, owner and licence"})
	}
	sum.Sum(f.digest[:0])
	for i := range f.chapters {
		f.chapters[i].From = f.manifest.ID
	}
	eachItem(&f.file, func(_ string, item *Item) { item.From = f.manifest.ID })
	return f, faults
}

// single is what one file holds.
type single struct {
	folder
	faults Faults
}

// readSingle reads one file by itself.
func readSingle(fsys fs.FS, name, before string) ([]byte, single) {
	shown := before + name
	whole, err := readFile(fsys, name)
	if err != nil {
		return nil, single{faults: Faults{{Place{File: shown}, "cannot be read: " + plainError(err)}}}
	}
	p := single{folder: folder{about: map[string]About{}}}
	source := bytes.TrimPrefix(whole, []byte("\ufeff"))
	if fault := guard(shown, source); fault != nil {
		p.faults = Faults{*fault}
		return whole, p
	}
	switch {
	case name == "ids.txt":
		p.ids = string(source)
	case name == "pack.yaml":
		p.faults = p.readManifest(shown, source)
	case strings.HasSuffix(name, ".md"):
		p.faults = p.readChapter(shown, source)
	default:
		p.faults = p.readYAML(shown, source)
	}
	return whole, p
}

// take puts what one file holds behind what those before it held.
func (f *folder) take(more folder) {
	f.ids += more.ids // one file has them all
	maps.Copy(f.about, more.about)
	join(&f.file, more.file)
	f.chapters = append(f.chapters, more.chapters...)
	f.said = append(f.said, more.said...)
}

// atOnce does n things, as many at a time as there are processors.
func atOnce(n int, do func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	all.Wait()
}

// Digest names the files of a pack by their content. It is cheap: nothing is parsed.
func Digest(fsys fs.FS) (string, error) {
	names, err := fileNames(fsys)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	for _, name := range names {
		source, err := readFile(fsys, name)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(source))
		sum.Write(source)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// readFile reads one byte more than a file may have at most, so that a huge one costs no memory. A link is not
// followed: a pack that came from elsewhere could point at any file of this machine.
func readFile(fsys fs.FS, name string) ([]byte, error) {
	info, err := fs.Lstat(fsys, name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is a link or no ordinary file; put the file itself into the folder")
	case info.Size() > largestFile:
		return nil, tooLarge(info.Size())
	}
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	source, err := io.ReadAll(io.LimitReader(file, largestFile+1))
	if err == nil && len(source) > largestFile {
		err = tooLarge(int64(len(source)))
	}
	return source, err
}

func tooLarge(size int64) error {
	return fmt.Errorf("it has %d bytes; a file may have %d, so cut it in two", size, largestFile)
}

// fileNames lists what belongs to a pack: *.yaml, *.md below guidance/, and ids.txt. Other files are left alone.
func fileNames(fsys fs.FS) ([]string, error) {
	var names []string
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("the folder cannot be read: %w", err)
		}
		if entry.IsDir() {
			if name != "." && strings.HasPrefix(entry.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		}
		chapter := strings.HasPrefix(name, "guidance/") && path.Ext(name) == ".md"
		if chapter || path.Ext(name) == ".yaml" || name == "ids.txt" {
			names = append(names, name)
		}
		if len(names) > mostFiles {
			return fmt.Errorf("the folder holds more than %d files", mostFiles)
		}
		return nil
	})
	sort.Strings(names)
	return names, err
}

// plainError leaves out the operation and the path, which stand before it already.
func plainError(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return err.Error()
}

// parse gives the one mapping that a YAML file holds, or nil when the file is empty.
func parse(name string, source []byte) (ast.Node, *Fault) {
	tokens, fault := plainTokens(name, source)
	if fault != nil {
		return nil, fault
	}
	tree, err := parser.Parse(tokens, 0)
	if err != nil {
		var known yaml.Error
		if errors.As(err, &known) {
			return nil, &Fault{placeOf(name, known.GetToken()), unreadable(known.GetMessage())}
		}
		return nil, &Fault{Place{File: name}, unreadable(firstLine(err))}
	}
	if len(tree.Docs) == 0 || tree.Docs[0].Body == nil {
		return nil, nil
	}
	return tree.Docs[0].Body, nil
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

func (f *folder) readManifest(name string, source []byte) Faults {
	node, fault := parse(name, source)
	if fault != nil {
		return Faults{*fault}
	}
	d := &decoder{name: name, lines: strings.Split(string(source), "\n")}
	d.mapping(node, reflect.ValueOf(&f.manifest).Elem(), "pack.yaml")
	m := f.manifest
	if m.ID != "" && !goodID.MatchString(m.ID) {
		d.fault(find(node, "id"), "the id %q may hold only small letters, digits and single hyphens, such as %q", m.ID, tidyID(m.ID))
	}
	return d.faults
}

func (f *folder) readYAML(name string, source []byte) Faults {
	node, fault := parse(name, source)
	if fault != nil {
		return Faults{*fault}
	}
	if node == nil {
		return nil
	}
	d := &decoder{name: name, lines: strings.Split(string(source), "\n")}
	var own file
	d.mapping(node, reflect.ValueOf(&own).Elem(), "a file")
	eachItem(&own, func(kind string, item *Item) { inherit(item, own.About) })
	for i := range own.Settings {
		s := &own.Settings[i]
		for j := range s.Signs {
			s.Signs[j].About = inherited(s.Signs[j].About, s.About)
		}
	}
	d.readRules(node, &own)
	f.said = append(f.said, d.said...)
	f.about[name] = own.About
	join(&f.file, own)
	return d.faults
}

var frontMatter = regexp.MustCompile(`(?s)\A---\r?\n(.*?\n)---\r?\n`)

func (f *folder) readChapter(name string, source []byte) Faults {
	head := frontMatter.FindSubmatchIndex(source)
	if head == nil {
		return Faults{{Place{File: name, Line: 1, Column: 1}, "begins without its head; a chapter starts with a line ---, then its id, title, summary and source, then a line --- again"}}
	}
	// The head's own line numbers are one less than the file's, since the first --- is cut off; a comment keeps them equal.
	node, fault := parse(name, append([]byte("#\n"), source[head[2]:head[3]]...))
	if fault != nil {
		return Faults{*fault}
	}
	var chapter Chapter
	d := &decoder{name: name, lines: strings.Split(string(source), "\n")}
	d.mapping(node, reflect.ValueOf(&chapter).Elem(), "a chapter's head")
	chapter.At = Place{File: name, Line: 1, Column: 1}
	text := string(source[head[1]:])
	above := strings.Count(string(source[:head[1]]), "\n")
	d.noNumber(Place{File: name, Line: above + 1, Column: 1}, text, "the text")
	parsed, err := block.Parse(text)
	var wrong *block.Error
	if errors.As(err, &wrong) {
		d.faults = append(d.faults, Fault{Place{File: name, Line: above + wrong.Line, Column: 1}, "the text " + wrong.Says})
	}
	chapter.Body = Body{text, Place{File: name, Line: above + 1, Column: 1}, parsed}
	for i := range chapter.Body.Body {
		chapter.Body.Body[i].Mark.Line += above
	}
	for _, part := range parsed {
		d.said = append(d.said, said{place: Place{File: name, Line: part.Mark.Line, Column: 1}, text: wordsOf(part)})
	}
	f.said = append(f.said, d.said...)
	f.chapters = append(f.chapters, chapter)
	return d.faults
}

func inherit(item *Item, from About) { item.About = inherited(item.About, from) }

func inherited(own, from About) About {
	sure := own.Certainty
	if own.Owner == "" {
		own.Owner = from.Owner
	}
	if len(own.Source) == 0 {
		own.Source = from.Source
	}
	if own.Certainty == "" {
		own.Certainty = from.Certainty
	}
	if own.Doubt == "" && !sure.Sure() && !own.Certainty.Sure() {
		own.Doubt = from.Doubt
	}
	if own.Reviewed.IsZero() {
		own.Reviewed = from.Reviewed
	}
	if own.ReviewBy.IsZero() {
		own.ReviewBy = from.ReviewBy
	}
	return own
}

// eachItem walks every item of every list, by its kind.
func eachItem(f *file, visit func(kind string, item *Item)) {
	v := reflect.ValueOf(f).Elem()
	for i := range v.NumField() {
		list := v.Field(i)
		kind, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
		if list.Kind() != reflect.Slice {
			continue
		}
		for j := range list.Len() {
			if h, ok := list.Index(j).Addr().Interface().(interface{ head() *Item }); ok {
				visit(kind, h.head())
			}
		}
	}
}

// join puts the lists of one file behind those of another.
func join(all *file, own file) {
	to, from := reflect.ValueOf(all).Elem(), reflect.ValueOf(own)
	for i := range to.NumField() {
		if to.Field(i).Kind() == reflect.Slice {
			to.Field(i).Set(reflect.AppendSlice(to.Field(i), from.Field(i)))
		}
	}
}
