package pack

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"
)

// What one file may take, whoever wrote it.
const (
	mostTime   = time.Second
	mostMemory = 64 << 20
)

const head = "about: {owner: Tests, source: [guide], certainty: confirmed, reviewed: 2026-01-01, review_by: 2026-07-01}\n"

// hostile are files that somebody might write to make the loader hang, crash or swell.
func hostile() map[string]string {
	fill := func(unit string) string { return strings.Repeat(unit, largestFile/len(unit)) }
	below := func(start, unit string) string {
		return start + strings.Repeat(unit, (largestFile-len(start))/len(unit))
	}
	text := head + "texts:\n  - id: more\n    title: More\n    body: "
	block := text + "|\n      "
	many := func(line func(i int) string) string {
		var b strings.Builder
		b.WriteString(head)
		for i := 0; b.Len() < largestFile-400; i++ {
			b.WriteString(line(i))
		}
		return b.String()
	}
	// paragraphs are as long as they may be, so that each goes through the parser.
	paragraphs := func(unit string) string {
		one := "      " + strings.Repeat(unit, 3_900/len(unit)) + "\n\n"
		return text + "|\n" + strings.Repeat(one, (largestFile-len(text)-10)/len(one))
	}
	return map[string]string{
		"paragraphs of words":      paragraphs("words "),
		"paragraphs of links":      paragraphs("[a](/b) "),
		"paragraphs of stress":     paragraphs("*a* "),
		"paragraphs of nested":     paragraphs(strings.Repeat("*a **b ", 250) + strings.Repeat("b** a*", 250)),
		"paragraphs of entities":   paragraphs("&amp;"),
		"paragraphs of references": paragraphs("{contact:helpline} "),
		"paragraphs of [":          paragraphs("\\[a ["),
		"paragraphs of escapes":    paragraphs("\\\\a"),
		"paragraphs of digits":     paragraphs("0163-"),
		"words that cost much":     head + "words:\n" + strings.Repeat("  - {id: a, but: b, not: '[ax ]{0,900}(?:[ax ]{0,90}x){1,9}zz'}\n", 20) + paragraphs("ax ")[len(head):100_000],
		"words within the bound":   head + "words:\n  - {id: a, but: b, not: '[ax ]{0,95}y'}\n" + paragraphs("ax ")[len(head):],
		"words that always fit":    head + "words:\n  - {id: a, but: b, not: '(?:a|x| ){0,30}(?:a|x| ){0,12}y'}\n" + paragraphs("ax ")[len(head):],
		"alias bomb":               "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\n",
		"a megabyte of [":          strings.Repeat("[", 1<<20),
		"[":                        fill("["),
		"[]":                       fill("[]"),
		"[],":                      "texts: [" + fill("[],")[:largestFile-20] + "]",
		"{a: ":                     fill("{a: "),
		"{},":                      "texts: [" + strings.Repeat("{},", 40_000) + "]",
		"deep dashes":              fill("- "),
		"question marks":           fill("? "),
		"question lines":           fill("? a\n"),
		"tabs":                     fill("\t"),
		"tab lines":                fill("\ta: b\n"),
		"BOM":                      "\ufeff" + head,
		"BOM inside":               head + "\ufeff",
		"CRLF":                     strings.ReplaceAll(text+"Words.\n", "\n", "\r\n"),
		"CR":                       strings.ReplaceAll(text+"Words.\n", "\n", "\r"),
		"NUL":                      "a: \x00b",
		"not UTF-8":                "a: \xff\xfe",
		"huge key":                 strings.Repeat("k", largestFile-4) + ": 1\n",
		"huge key, many":           many(func(i int) string { return strings.Repeat("k", 300) + fmt.Sprint(i) + ": 1\n" }),
		"keys of an item":          head + "texts:\n  - id: more\n" + many(func(i int) string { return fmt.Sprintf("    a%d: 1\n", i) })[len(head):],
		"same key":                 fill("a: 1\n"),
		"keys":                     many(func(i int) string { return fmt.Sprintf("a%d: 1\n", i) }),
		"items":                    many(func(i int) string { return fmt.Sprintf("  - {id: a%d, title: A, body: Words.}\n", i) }),
		"items of a list":          head + "texts:\n" + many(func(i int) string { return fmt.Sprintf("  - {id: a%d, title: A, body: B}\n", i) })[len(head):],
		"dash lines":               fill("- \n"),
		"dash words":               head + "texts:\n" + strings.Repeat("  - a\n", 21_000),
		"a:":                       fill("a: "),
		"colons":                   fill(":"),
		"colon lines":              fill(":\n"),
		"commas":                   fill(","),
		"flow keys":                "{" + strings.Repeat("a,", 60_000) + "}",
		"empty lines":              fill("\n"),
		"comments":                 fill("#\n"),
		"comment":                  "#" + strings.Repeat("x", largestFile-1),
		"comment lines in":         head + "texts:\n" + strings.Repeat("  # c\n", 21_000),
		"double quote":             "a: \"" + strings.Repeat("x", largestFile-5),
		"single quote":             "a: '" + strings.Repeat("x", largestFile-5),
		"quotes":                   "a: " + strings.Repeat("''", 60_000),
		"quote lines":              fill("\"\"\n"),
		"escapes":                  below(text+`"`, `\u00e9`) + `"`,
		"literal":                  below(block, "words "),
		"literal lines":            below(block, "words\n      "),
		"literal paragraphs":       below(block, "words\n\n      "),
		"folded lines":             below(text+">\n      ", "words\n      "),
		"indentation 9":            text + "|9\n         words\n",
		"indentation 0":            text + "|0\nwords\n",
		"keep":                     text + "|+\n      words" + strings.Repeat("\n", 100_000),
		"strip":                    text + "|-\n" + strings.Repeat("\n", 100_000) + "      words\n",
		"plain lines":              below(text, "words\n      "),
		"brackets":                 below(block, "["),
		"bracket pairs":            below(block, "[a]"),
		"links":                    below(block, "[a](/b) "),
		"half links":               below(block, "[a]("),
		"link open":                below(block, "[a](<"),
		"pictures":                 below(block, "!["),
		"stars":                    below(block, "*"),
		"star words":               below(block, "*a "),
		"star words closed":        below(block, "*a* "),
		"star star":                below(block, "**a*"),
		"nested stress":            block + strings.Repeat("*a **b ", 8_000) + strings.Repeat("b** a*", 8_000),
		"underscores":              below(block, "_"),
		"underscore words":         below(block, "_a "),
		"quotes nested":            below(block, ">"),
		"quote marks":              below(block, "> "),
		"quote lines nested":       below(block, "> a\n      "),
		"list nested":              below(block, "- "),
		"list":                     below(block, "- a\n      "),
		"list loose":               below(block, "- a\n\n      "),
		"numbered":                 below(block, "1. a\n      "),
		"backticks":                below(block, "`"),
		"backtick words":           below(block, "`a "),
		"definitions":              below(block, "[a]: /b\n      "),
		"definition open":          below(block, "[a]: <\n      "),
		"merge signs":              fill("<"),
		"merge keys":               fill("<<: a\n"),
		"merge below":              "a: b\n" + fill("<")[:largestFile-10],
		"head and <":               "---\na: b\n---\n\n" + strings.Repeat("<", 100_000),
		"entities":                 below(block, "&amp;"),
		"entity open":              below(block, "&"),
		"entity number":            below(block, "&#1114112;"),
		"html":                     below(block, "<a "),
		"html open":                below(block, "<"),
		"html comment":             below(block, "<!-- "),
		"html blocks":              below(block, "<div>\n\n      "),
		"cdata":                    below(block, "<![CDATA["),
		"processing":               below(block, "<?"),
		"escaped":                  below(block, `\\`),
		"headings":                 below(block, "## a\n      "),
		"heading hashes":           below(block, "#"),
		"heading tail":             block + "## a" + strings.Repeat(" #", 60_000),
		"marks":                    below(block, "a\n      {#a}\n\n      "),
		"mark long":                block + "a\n      {#a" + strings.Repeat(" source=a", 14_000) + "}\n",
		"mark open":                block + "a\n      {#a " + strings.Repeat("doubt=\"", 17_000) + "\n",
		"references":               below(text+"|\n      ", "{contact:helpline} "),
		"reference open":           below(block, "{"),
		"reference colon":          below(block, "{contact:"),
		"numbers":                  below(block, "0163 "),
		"number long":              below(block, "0"),
		"long condition":           head + "advice:\n  - {id: a, section: opening, says: Words., when: '" + strings.Repeat("lead||", 20_000) + "lead'}\n",
		"deep condition":           head + "advice:\n  - {id: a, section: opening, says: Words., when: '" + strings.Repeat("!(", 900) + "lead" + strings.Repeat(")", 900) + "'}\n",
		"conditions": head + "advice:\n" + many(func(i int) string {
			return fmt.Sprintf("  - {id: a%d, section: opening, says: W., when: lead || night}\n", i)
		})[len(head):],
		"condition lists": head + "advice:\n  - {id: a, section: opening, says: W., when: '" + strings.Repeat("[", 990) + strings.Repeat("]", 990) + " == []'}\n",
		"condition literals": head + "advice:\n" + many(func(i int) string {
			return fmt.Sprintf("  - {id: a%d, section: opening, says: W., when: 'now in [%s]'}\n", i, strings.Repeat(`"a",`, 450)+`"a"`)
		})[len(head):],
		"condition matches": head + "advice:\n  - {id: a, section: opening, says: W., when: 'now.matches(\"" + strings.Repeat("(a{1,30}){1,30}", 60) + "\")'}\n",
		"condition macros": head + "advice:\n" + many(func(i int) string {
			return fmt.Sprintf("  - {id: a%d, section: opening, says: W., when: '%s'}\n", i, strings.Repeat("tags.exists(x, ", 60)+"lead"+strings.Repeat(")", 60))
		})[len(head):],
		"big pattern":       head + "words:\n  - {id: a, but: b, not: '" + strings.Repeat("(a{1000}){2}", 100) + "'}\n",
		"patterns":          head + "words:\n" + many(func(i int) string { return fmt.Sprintf("  - {id: a%d, but: b, not: '(x|y)[a-z ]{0,900}q%d'}\n", i, i) })[len(head):],
		"patterns and text": head + "words:\n" + strings.Repeat("  - {id: a, but: b, not: '[a-z ]{0,900}q'}\n", 300) + "texts:\n  - {id: more, title: More, body: '" + strings.Repeat("aq ", 30_000) + "'}\n",
		"one pattern, text": head + "words:\n  - {id: a, but: b, not: '[a-z ]{0,500}(?:a[a-z ]{0,500}){1,2}zz'}\ntexts:\n  - {id: more, title: More, body: '" + strings.Repeat("a ", 60_000) + "'}\n",
		"pattern stars":     head + "words:\n  - {id: a, but: b, not: '" + strings.Repeat("[^.]*a", 60) + "zz'}\ntexts:\n  - {id: more, title: More, body: '" + strings.Repeat("a ", 60_000) + "'}\n",
		"word sentences":    head + "words:\n  - id: a\n    but: b\n    not: '(?:a?){900}a{900}'\n    pass:\n" + strings.Repeat("      - "+strings.Repeat("a", 900)+"\n", 130),
		"sources":           head + "sources:\n" + many(func(i int) string { return fmt.Sprintf("  - {id: s%d, title: T, publisher: P, read: whole}\n", i) })[len(head):],
		"unknown sources":   head + "texts:\n  - {id: more, title: More, body: Words., source: [" + strings.Repeat("abcdefgh,", 14_000) + "guide]}\n",
		"sources far":       head + "sources:\n" + many(func(i int) string { return fmt.Sprintf("  - {id: s%d, title: T, publisher: P, read: whole}\n", i) })[len(head):largestFile/2] + "\ntexts:\n  - {id: more, title: More, body: Words., source: [" + strings.Repeat("abcdef,", 8_000) + "guide]}\n",
		"unknown keys":      head + "texts:\n  - {id: more, title: More, body: Words." + many(func(i int) string { return fmt.Sprintf(", k%d: v", i) })[len(head):] + "}\n",
		"contacts": head + "contacts:\n" + many(func(i int) string {
			return fmt.Sprintf("  - {id: c%d, name: N, phones: [{number: 01632 96%04d}]}\n", i, i)
		})[len(head):],
		"days":    head + "contacts:\n  - {id: c, name: N, url: 'https://a.example', hours: [{days: '" + strings.Repeat("mon,", 30_000) + "tue', from: '09:00', to: '10:00'}]}\n",
		"retired": head + "retired:\n" + many(func(i int) string { return fmt.Sprintf("  - {kind: texts, id: r%d, on: 2026-01-01, why: Gone.}\n", i) })[len(head):],
	}
}

func TestTheWorstFilesAreLoadedOrRefusedInTime(t *testing.T) {
	files := good(t)
	var worst = map[bool]*struct {
		time         time.Duration
		memory       uint64
		slow, hungry string
	}{true: {}, false: {}}
	for name, source := range hostile() {
		for _, file := range []string{"more.yaml", "guidance/more.md"} {
			written := source
			if file == "guidance/more.md" {
				written = chapterOf(source)
			}
			took, memory, err := cost(with(files, map[string]string{file: written}))
			if took > mostTime*slowed || memory > mostMemory*min(slowed, 2) {
				t.Errorf("%s as %s: %v, %d MB, %.200v", name, file, took, memory>>20, err)
			}
			if os.Getenv("WAYMARK_WORST") != "" && (took > mostTime/5 || memory > mostMemory/3) {
				t.Logf("%s as %s: %v, %d MB, %.100v", name, file, took, memory>>20, err)
			}
			w := worst[err == nil]
			if took > w.time {
				w.time, w.slow = took, name+" as "+file
			}
			if memory > w.memory {
				w.memory, w.hungry = memory, name+" as "+file
			}
		}
	}
	for loaded, w := range worst {
		t.Logf("loaded %v: slowest is %s, %v; hungriest is %s, %d MB", loaded, w.slow, w.time, w.hungry, w.memory>>20)
	}
}

// chapterOf puts the text of a hostile YAML file into a chapter.
func chapterOf(source string) string {
	const start = "---\nid: more\ntitle: More\nsummary: More.\nsource: [guide]\ncertainty: confirmed\nowner: Tests\nreviewed: 2026-01-01\nreview_by: 2026-07-01\n---\n\n"
	if _, text, ok := strings.Cut(source, "body: |\n"); ok {
		source = strings.ReplaceAll(text, "\n      ", "\n")
	}
	source = start + strings.TrimLeft(source, " ")
	return source[:min(len(source), largestFile)]
}

// cost loads a pack and gives what that took: time of the processor, since others may use this machine too, and the
// most memory in use at once beyond what was in use before.
func cost(files fstest.MapFS) (took time.Duration, memory uint64, err error) {
	defer debug.SetGCPercent(debug.SetGCPercent(20)) // garbage is not what counts
	runtime.GC()
	before, most := inUse(), uint64(0)
	stop, stopped := make(chan bool), make(chan bool)
	go func() {
		defer close(stopped)
		for {
			most = max(most, inUse())
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	start := processorTime()
	_, err = Load(files, nil)
	took = processorTime() - start
	close(stop)
	<-stopped
	return took, max(most, before) - before, err
}

func processorTime() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		panic(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

func inUse() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// fuzz tries what a machine thinks of as one file of the small pack. Its seeds are short, since what only length can do
// is tried by TestTheWorstFilesAreLoadedOrRefusedInTime.
func fuzz(f *testing.F, file string, shape func(string) string) {
	const longestSeed = 3_000
	files := good(f)
	for _, source := range hostile() {
		source = shape(source)
		f.Add([]byte(source[:min(len(source), longestSeed)]))
	}
	for name, source := range files {
		if filepath.Ext(name) == filepath.Ext(file) {
			f.Add(source.Data)
		}
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		start := processorTime()
		_, err := Load(with(files, map[string]string{file: string(source)}), nil)
		if took := processorTime() - start; took > 5*mostTime*slowed {
			t.Errorf("took %v", took)
		}
		var faults Faults
		if errors.As(err, &faults) {
			for _, one := range faults {
				if one.Says == "" || one.File == "" || one.Line < 0 || one.Column < 0 || strings.Contains(one.Says, "%!") {
					t.Errorf("a fault says nothing of use: %q", one)
				}
			}
		}
	})
}

func FuzzLoad(f *testing.F)     { fuzz(f, "more.yaml", func(s string) string { return s }) }
func FuzzChapter(f *testing.F)  { fuzz(f, "guidance/more.md", chapterOf) }
func FuzzManifest(f *testing.F) { fuzz(f, "pack.yaml", func(s string) string { return s }) }

func TestShippedPackLoadsInTime(t *testing.T) {
	start := time.Now()
	if _, err := Load(os.DirFS("../../packs/england-wales"), nil); err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(start))
}
