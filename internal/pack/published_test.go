package pack

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"waymark/internal/clock"
)

func TestRecordingKeepsCommentsAndEarlierIdsAndAddsNewOnes(t *testing.T) {
	before := "# Ours.\n# Ask before you touch it.\n\ntexts:under-18\n# went in 2025\nadvice:long-gone\n"
	got := RecordIDs(load(t, good(t)), before)
	for _, want := range []string{
		"# Ours.\n# Ask before you touch it.\n\n# went in 2025\nadvice:long-gone\nadvice:ring-999\n",
		"\nparagraphs:nrm#steps\n", "\nsigns:schools-h\n", "\ntexts:under-18\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("lacks %q in\n%s", want, got)
		}
	}
	if again := RecordIDs(load(t, good(t)), got); again != got {
		t.Errorf("a second recording changed it:\n%s", again)
	}
}

func TestWhatWasRecordedLoadsAgain(t *testing.T) {
	files := good(t)
	ids := RecordIDs(load(t, files), "")
	load(t, with(files, map[string]string{"ids.txt": ids}))
}

func TestAnIdThatVanishedIsRefusedUntilItIsRetired(t *testing.T) {
	files := with(good(t), map[string]string{"ids.txt": "# ours\n\nsigns:schools-old\n"})
	if _, err := Load(files, nil); err == nil || !strings.HasPrefix(err.Error(), "ids.txt:3:1: signs:schools-old was published and is gone") {
		t.Errorf("got %v", err)
	}
	load(t, with(files, map[string]string{
		"retired.yaml": "retired: [{kind: signs, id: schools-old, on: 2026-01-02, why: Merged with schools-a.}]\n",
	}))
}

func TestWhatIsPastItsReviewIsListedWithItsOwner(t *testing.T) {
	p := load(t, with(good(t), map[string]string{
		"late.yaml": "about: {owner: A. Person, source: [guide], certainty: confirmed, reviewed: 2025-01-01, review_by: 2025-06-01}\n" +
			"texts:\n  - {id: late, title: Late, body: Words.}\n",
	}))
	late := p.Overdue(clock.Date{Year: 2026, Month: 6, Day: 30})
	if len(late) != 1 || late[0].Error() != `late.yaml:3:6: text "late" was to be read again by 1 June 2025; ask A. Person to read it against its source, then set reviewed and review_by` {
		t.Errorf("got %v", late)
	}
	if late := p.Overdue(clock.Date{Year: 2026, Month: 7, Day: 1}); len(late) != 1 {
		t.Errorf("the day of review itself is not late: %v", late)
	}
	if late := p.Overdue(clock.Date{Year: 2026, Month: 7, Day: 2}); len(late) < 20 {
		t.Errorf("the day after, all are late: %d", len(late))
	}
}

func TestEverySignParagraphAndItemThatIsNotSureIsListed(t *testing.T) {
	files := good(t)
	p := load(t, with(files, map[string]string{
		"settings.yaml": strings.Replace(string(files["settings.yaml"].Data), "says: Worn hands,", "says: Worn hands, certainty: background, doubt: Heard only.,", 1),
		"guidance/nrm.md": strings.Replace(string(files["guidance/nrm.md"].Data), "{#beside}",
			`{#beside certainty=unconfirmed doubt="Nobody found it."}`, 1),
		"more.yaml": "about: {owner: A, source: [guide], certainty: background, doubt: Not read again., reviewed: 2026-01-01, review_by: 2026-07-01}\n" +
			"texts:\n  - {id: more, title: More, body: Words.}\n",
	}))
	var got []string
	for _, d := range p.Unsure() {
		got = append(got, d.At.String()+" "+d.Kind+" "+d.ID+" "+d.Words+" "+string(d.Certainty)+" "+d.Doubt)
	}
	want := []string{
		"settings.yaml:16:10 signs schools-c Worn hands background Heard only.",
		"more.yaml:3:6 texts more More background Not read again.",
		"guidance/nrm.md:17:1 paragraphs nrm#beside The referral comes beside child protection, never instead of it. unconfirmed Nobody found it.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func TestCountsSayHowMuchThePackHolds(t *testing.T) {
	c := load(t, good(t)).Counts()
	want := Counts{
		Indicators: 1, Settings: 1, Signs: 8, Advice: 2, Steps: 2, Chapters: 1, Paragraphs: 3, Records: 2, Sources: 2,
		Contacts: 3, Forms: 2, Texts: 1, Words: 1, Examples: 1,
	}
	if c != want {
		t.Errorf("got %+v", c)
	}
}

func TestAListOfAllIDsMayBeLong(t *testing.T) {
	ids := "# ours\n"
	for i := range 3000 {
		ids += fmt.Sprintf("signs:schools-%d\n", i)
	}
	_, err := Load(with(good(t), map[string]string{"ids.txt": ids}), nil)
	if err == nil || strings.Contains(err.Error(), "keys one below the other") || !strings.Contains(err.Error(), "signs:schools-2999 was published and is gone") {
		t.Errorf("%.300v", err)
	}
}
