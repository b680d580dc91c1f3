package search_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"waymark/internal/search"
)

func shelf() []search.Document {
	return []search.Document{
		{Kind: "record", ID: "guide", Path: "/library/guide", Title: "Lanterns for the harbour", Summary: "How to trim and carry a lantern.", Year: 2019,
			Facets: map[string][]string{"format": {"pdf"}, "nation": {"england", "wales"}}},
		{Kind: "record", ID: "walls", Path: "/library/walls", Title: "Harbour walls", Summary: "Stone walls need care. A lantern on the wall helps boats.", Year: 2023,
			Facets: map[string][]string{"format": {"web"}, "nation": {"england"}}},
		{Kind: "record", ID: "boats", Path: "/library/boats", Title: "Boats that children built", Summary: "Small boats, and the child's part in them.", Year: 2011, Also: "dinghy skiff",
			Facets: map[string][]string{"format": {"pdf"}, "nation": {"wales"}}},
		{Kind: "chapter", ID: "keep", Path: "/guidance/keep", Title: "Keeping the harbour", Body: strings.Repeat("Nothing of note is said here. ", 40) + "Every lantern is counted twice a year. " + strings.Repeat("And so on. ", 40)},
		{Kind: "record", ID: "cafe", Path: "/library/cafe", Title: "The café at the A&E", Summary: "Opens late.", Rank: 0.5},
		{Kind: "record", ID: "amharic", Path: "/library/amharic", Title: "የልጆች መመሪያ", Summary: "ለልጆች የተጻፈ መመሪያ", Language: "am"},
		{Kind: "record", ID: "polish", Path: "/library/polish", Title: "Bezpieczeństwo dzieci", Summary: "Ulotka o bezpieczeństwie.", Language: "pl"},
	}
}

func open(t testing.TB) *search.Index {
	t.Helper()
	x, err := search.Build("", "", shelf())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x
}

func find(t testing.TB, x *search.Index, q search.Query) search.Results {
	t.Helper()
	if q.Size == 0 {
		q.Size = 10
	}
	found, err := x.Find(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func ids(r search.Results) string {
	var all []string
	for _, h := range r.Hits {
		all = append(all, h.ID)
	}
	return strings.Join(all, " ")
}

func TestWordsFindWhatPeopleMean(t *testing.T) {
	x := open(t)
	for _, one := range []struct{ because, words, want string }{
		{"the title weighs more than the text, and any ending of a word will do", "lanterns", "guide walls keep"},
		{"all words must be there", "harbour wall", "walls"},
		{"a letter is missing", "lantrn", "guide walls keep"},
		{"two letters are wrong in a long word", "Lantarms", "guide walls keep"},
		{"a word is only begun", "lant", "guide walls keep"},
		{"one child, many children", "child", "boats"},
		{"the other words that people use for it", "skiff", "boats"},
		{"an accent left out", "cafe", "cafe"},
		{"letters joined by a sign", "a&e", "cafe"},
		{"another script", "ልጆች", "amharic"},
		{"a language without a stemmer, another ending, no accents", "bezpieczenstw", "polish"},
		{"a word that is nowhere is left out", "harbour xylophone", "guide walls keep"},
		{"common words do not count", "the harbour of the", "guide walls keep"},
	} {
		if got := ids(find(t, x, search.Query{Words: one.words})); got != one.want {
			t.Errorf("%s: %q finds %q, not %q", one.because, one.words, got, one.want)
		}
	}
}

func TestNoDocumentHoldsAllWordsSoThoseWithAnyAreShownAndItIsSaid(t *testing.T) {
	found := find(t, open(t), search.Query{Words: "skiff stone"})
	if !found.Any || ids(found) != "walls boats" && ids(found) != "boats walls" {
		t.Errorf("found %q, any %v", ids(found), found.Any)
	}
}

func TestAMistypedWordIsNamedWithTheWordThatWasFoundInstead(t *testing.T) {
	found := find(t, open(t), search.Query{Words: "lantrn"})
	want := []search.Near{{Word: "lantrn", Instead: []string{"lanterns"}}}
	if diff := cmp.Diff(want, found.Near); diff != "" {
		t.Error(diff)
	}
}

func TestOnlyCommonWordsIsNotTheSameAsNoWords(t *testing.T) {
	x := open(t)
	if found := find(t, x, search.Query{Words: "of the"}); !found.Empty || found.Total != 0 {
		t.Errorf("common words found %d", found.Total)
	}
	if found := find(t, x, search.Query{}); found.Empty || found.Total != x.Len() {
		t.Errorf("no words found %d of %d", found.Total, x.Len())
	}
}

func TestTheSnippetShowsTheWordWhereItStands(t *testing.T) {
	found := find(t, open(t), search.Query{Words: "lantern", Kinds: []string{"chapter"}})
	var shown strings.Builder
	for _, p := range found.Hits[0].Snippet {
		if p.Marked {
			shown.WriteString("[" + p.Words + "]")
			continue
		}
		shown.WriteString(p.Words)
	}
	if !strings.HasPrefix(shown.String(), "… Every [lantern] is counted twice a year. And so on.") || !strings.HasSuffix(shown.String(), " …") {
		t.Error(shown.String())
	}
}

func TestAFacetShowsWhatElseCouldBePicked(t *testing.T) {
	found := find(t, open(t), search.Query{Kinds: []string{"record"}, Filters: map[string][]string{"format": {"pdf"}}})
	if ids(found) != "boats guide" {
		t.Errorf("found %q", ids(found))
	}
	want := map[string][]search.Count{
		"format": {{Value: "pdf", N: 2}, {Value: "web", N: 1}},
		"nation": {{Value: "wales", N: 2}, {Value: "england", N: 1}},
	}
	if diff := cmp.Diff(want, found.Facets); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]int{"record": 2}, found.Kinds); diff != "" {
		t.Error(diff)
	}
}

func TestAValueThatNothingHasFindsNothing(t *testing.T) {
	x := open(t)
	for _, filters := range []map[string][]string{{"format": {"papyrus"}}, {"no such facet": {"pdf"}}} {
		if found := find(t, x, search.Query{Filters: filters}); found.Total != 0 {
			t.Errorf("%v found %d", filters, found.Total)
		}
	}
}

func TestResultsStandInTheOrderAskedFor(t *testing.T) {
	x := open(t)
	records := []string{"record"}
	if got := ids(find(t, x, search.Query{Words: "harbour lantern", Sort: search.ByNewest, Kinds: records})); got != "walls guide" {
		t.Errorf("newest: %s", got)
	}
	if got := ids(find(t, x, search.Query{Sort: search.ByTitle, Kinds: records})); !strings.HasPrefix(got, "polish boats walls guide cafe") {
		t.Errorf("by title: %s", got)
	}
	if got := ids(find(t, x, search.Query{Sort: search.ByTitle, Kinds: records, From: 1, Size: 2})); got != "boats walls" {
		t.Errorf("second page: %s", got)
	}
}

func TestWhereHalfTheLibraryHoldsAWordThoseWithItInTheTitleStandFirst(t *testing.T) {
	var docs []search.Document
	for i := range 6000 {
		d := search.Document{Kind: "record", ID: fmt.Sprint(i), Title: fmt.Sprintf("Number %d", i), Body: "A lantern in the harbour.", Facets: map[string][]string{"half": {fmt.Sprint(i % 2)}}}
		if i%30 == 0 {
			d.Title = fmt.Sprintf("Lantern number %d", i)
		}
		if i == 3001 {
			d.Title, d.Body = "The one and only skiff", "A lantern."
		}
		docs = append(docs, d)
	}
	x, err := search.Build("", "", docs)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	for _, q := range []search.Query{{Words: "lantern"}, {Words: "lantern", Filters: map[string][]string{"half": {"0"}}}, {Words: "lanterns harbour"}} {
		found := find(t, x, q)
		total := map[bool]int{true: 3000, false: 6000}[q.Filters != nil]
		if q.Words != "lantern" {
			total--
		}
		if found.Total != total || len(found.Facets["half"]) != 2 {
			t.Errorf("%v found %d and %v", q, found.Total, found.Facets)
		}
		for _, hit := range found.Hits {
			if !strings.HasPrefix(search.Plain(hit.Title), "Lantern") {
				t.Errorf("%v: %q stands among the first", q, search.Plain(hit.Title))
			}
		}
	}
	if got := ids(find(t, x, search.Query{Words: "number", Filters: map[string][]string{"half": {"1"}}, Sort: search.ByTitle, Size: 2})); got != "1 3" {
		t.Errorf("by title: %s", got)
	}
	if got := find(t, x, search.Query{Words: "lantern", From: 5990, Size: 10}); len(got.Hits) != 10 {
		t.Errorf("the last page has %d", len(got.Hits))
	}
	if got := ids(find(t, x, search.Query{Words: "lantern skiff"})); got != "3001" {
		t.Errorf("both words: %s", got)
	}
}

func TestAnIndexOnDiskIsOpenedAgainAndOlderOnesGo(t *testing.T) {
	dir := t.TempDir()
	made := 0
	each := func(give func(search.Document) bool) {
		made++
		for _, d := range shelf() {
			if !give(d) {
				return
			}
		}
	}
	for _, digest := range []string{"aa", "aa", "bb"} {
		x, err := search.BuildEach(dir, digest, each)
		if err != nil {
			t.Fatal(err)
		}
		if got := ids(find(t, x, search.Query{Words: "skiff"})); got != "boats" {
			t.Errorf("%s found %q", digest, got)
		}
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}
	if made != 2 {
		t.Errorf("documents were asked for %d times, though one index was there already", made)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 || !strings.HasSuffix(left[0], "-bb") {
		t.Errorf("left behind: %v", left)
	}
}

func TestAnIndexThatDoesNotOpenIsMadeAgain(t *testing.T) {
	dir := t.TempDir()
	x, err := search.Build(dir, "aa", shelf())
	if err != nil {
		t.Fatal(err)
	}
	_ = x.Close()
	homes, _ := filepath.Glob(filepath.Join(dir, "*"))
	if err := os.WriteFile(filepath.Join(homes[0], "columns"), []byte("spoilt"), 0o600); err != nil {
		t.Fatal(err)
	}
	x, err = search.Build(dir, "aa", shelf())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = x.Close() }()
	if got := ids(find(t, x, search.Query{Words: "skiff"})); got != "boats" {
		t.Errorf("found %q", got)
	}
}

func TestAnEmptyShelfFindsNothing(t *testing.T) {
	for _, dir := range []string{"", t.TempDir()} {
		x, err := search.Build(dir, "none", nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, words := range []string{"", "lantern"} {
			if found := find(t, x, search.Query{Words: words}); found.Total != 0 {
				t.Errorf("%q found %d", words, found.Total)
			}
		}
		_ = x.Close()
	}
}

func TestSearchesThatHaveBegunEndBeforeTheIndexCloses(t *testing.T) {
	x, err := search.Build(t.TempDir(), "aa", shelf())
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				found, err := x.Find(context.Background(), search.Query{Words: "lantern", Size: 10})
				if errors.Is(err, search.ErrClosed) {
					return
				}
				if err != nil || found.Total != 3 {
					t.Errorf("found %d: %v", found.Total, err)
					return
				}
			}
		})
	}
	if err := x.Close(); err != nil {
		t.Error(err)
	}
	all.Wait()
	if _, err := x.Find(context.Background(), search.Query{}); !errors.Is(err, search.ErrClosed) {
		t.Errorf("a closed index said %v", err)
	}
}

// hostile holds what people with ill will, and cats on keyboards, type.
var hostile = []string{
	strings.Repeat("((", 5000), strings.Repeat("*", 10000), "title:* AND (a OR", `"unclosed`, "/.*.*.*.*x/", "a~9999", "\x00\x00", "+-!(){}[]^\"~*?:\\/",
	strings.Repeat("a", 10000), "\xff\xfe", "ልጆች children 儿童 أطفال", "🙂🙂🙂", "'", "&&&", "''''s", "’s", strings.Repeat("ﷺ", 400), "a\u0300\u0301\u0302", "_id:0", "~abc",
	strings.Repeat("lantern ", 2000),
}

func TestHostileWordsAreOnlyWords(t *testing.T) {
	x := open(t)
	for _, words := range hostile {
		found := find(t, x, search.Query{Words: words, Sort: words, From: -5, Filters: map[string][]string{words: {words}}, Kinds: nil})
		if found.Total > x.Len() {
			t.Errorf("%.20q found %d", words, found.Total)
		}
	}
	if found := find(t, x, search.Query{From: 1 << 40, Size: 1 << 40}); len(found.Hits) != 0 {
		t.Error("far beyond the end there was something")
	}
}

func FuzzFind(f *testing.F) {
	for _, words := range hostile {
		f.Add(words)
	}
	x := open(f)
	f.Fuzz(func(t *testing.T, words string) {
		found := find(t, x, search.Query{Words: words})
		for _, hit := range found.Hits {
			if shown := search.Plain(hit.Title) + search.Plain(hit.Snippet); !utf8.ValidString(shown) {
				t.Errorf("%q shows %q", words, shown)
			}
		}
	})
}

func TestWhateverIsMarkedWasLookedForAndNoWordIsLost(t *testing.T) {
	words := []string{"lantern", "wall", "boat", "የልጆች", "café", "x", "sea's", "ß", "\n", ".", "-", "e\u0301"}
	rapid.Check(t, func(t *rapid.T) {
		title := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 12).Draw(t, "title"), " ")
		body := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 300).Draw(t, "body"), " ")
		x, err := search.Build("", "", []search.Document{{Kind: "record", ID: "one", Title: title, Body: body}})
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = x.Close() }()
		typed := rapid.SampledFrom(words).Draw(t, "typed")
		found, err := x.Find(context.Background(), search.Query{Words: typed, Size: 1})
		if err != nil {
			t.Fatal(err)
		}
		for _, hit := range found.Hits {
			if got, want := search.Plain(hit.Title), strings.ReplaceAll(title, "\n", " "); got != want {
				t.Fatalf("title %q became %q", want, got)
			}
			if snippet := search.Plain(hit.Snippet); len(snippet) > 300 || !utf8.ValidString(snippet) {
				t.Fatalf("snippet of %d bytes: %q", len(snippet), snippet)
			}
		}
	})
}

func ExampleIndex_Find() {
	x, _ := search.Build("", "", shelf())
	defer func() { _ = x.Close() }()
	found, _ := x.Find(context.Background(), search.Query{Words: "harbour walls", Size: 10})
	for _, hit := range found.Hits {
		fmt.Println(search.Plain(hit.Title), hit.Path)
	}
	// Output: Harbour walls /library/walls
}
