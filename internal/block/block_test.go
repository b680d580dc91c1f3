package block_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waymark/internal/block"
)

func parse(t *testing.T, source string) block.Body {
	t.Helper()
	body, err := block.Parse(source)
	if err != nil {
		t.Fatalf("%q: %v", source, err)
	}
	return body
}

func TestEachPartOfATextIsReadForWhatItIs(t *testing.T) {
	got := parse(t, "## What it is {#what}\n\nA *calm* and **plain** line\nin two lines.\n\n- one\n- two\n\n1. first\n2. second\n\n> said by a child\n")
	want := block.Body{
		{Kind: block.Heading, Level: 2, Text: block.Text{{Words: "What it is"}}, Mark: block.Mark{ID: "what", Line: 1}},
		{Kind: block.Paragraph, Text: block.Text{
			{Words: "A "}, {Style: block.Stress, Words: "calm"}, {Words: " and "}, {Style: block.Strong, Words: "plain"}, {Words: " line in two lines."},
		}, Mark: block.Mark{Line: 3}},
		{Kind: block.Bullets, Items: []block.Text{{{Words: "one"}}, {{Words: "two"}}}, Mark: block.Mark{Line: 6}},
		{Kind: block.Steps, Items: []block.Text{{{Words: "first"}}, {{Words: "second"}}}, Mark: block.Mark{Line: 9}},
		{Kind: block.Quote, Text: block.Text{{Words: "said by a child"}}, Mark: block.Mark{Line: 12}},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestAMarkCarriesSourceCertaintyStrengthAndDoubt(t *testing.T) {
	body := parse(t, "Words.\n{#consent source=act,guide certainty=background strength=should doubt=\"Not read again, since May.\"}")
	want := block.Mark{ID: "consent", Source: []string{"act", "guide"}, Certainty: "background", Strength: "should", Doubt: "Not read again, since May.", Line: 2}
	if d := cmp.Diff(want, body[0].Mark); d != "" {
		t.Error(d)
	}
}

func TestAReferenceIsFoundWithItsKindIdAndParagraph(t *testing.T) {
	text, err := block.ParseText("Ring {contact:front-door}, **then {lead}**; see {chapter:nrm#what}.")
	if err != nil {
		t.Fatal(err)
	}
	want := []block.Target{{Kind: "contact", ID: "front-door"}, {Kind: "lead"}, {Kind: "chapter", ID: "nrm", Anchor: "what"}}
	if d := cmp.Diff(want, text.Targets()); d != "" {
		t.Error(d)
	}
	if got := text.Words(); got != "Ring {contact:front-door}, then {lead}; see {chapter:nrm#what}." {
		t.Error(got)
	}
	shown := text.Resolve(func(to block.Target) block.Text { return block.Text{{Words: strings.ToUpper(to.Kind)}} })
	if got := shown.Words(); got != "Ring CONTACT, then LEAD; see CHAPTER." {
		t.Error(got)
	}
}

func TestATextThatAReaderWouldSeeBrokenIsRefusedWithItsLine(t *testing.T) {
	for source, want := range map[string]string{
		"a\n\nb {contcat:x}":                 "3 holds {contcat:x}, which points to nothing",
		"an open { brace":                    "1 holds { brace, which points to nothing",
		"**strong":                           "1 holds **, without its partner",
		"a * b":                              "1 holds *, without its partner",
		"so __this":                          "1 holds __, without its partner",
		"[words] (https://a.example) [w](x)": "1 links to \"x\"",
		"[words](https://a .example)":        "1 holds ](https://a, which is half a link",
		"press `this`":                       "1 holds `, which shows as it is",
		"##Heading":                          "1 holds ##, which shows as it is",
		"| a | b |":                          "1 holds |, which shows as it is",
		"Title\n---":                         "1 holds ---, which shows as it is",
		"<https://a.example>":                "1 holds <https://a.example>, which is no link",
		"# Title":                            "1 has a heading with",
		"##### Title":                        "1 has a heading with",
		"<b>bold</b>":                        "1 holds HTML",
		"<div>\n</div>":                      "1 holds HTML",
		"![a](https://a.example/b.png)":      "1 holds a picture",
		"[go](javascript:alert)":             "1 links to \"javascript:alert\"",
		"[go](//a.example)":                  "1 links to \"//a.example\"",
		"[go](http://a.example)":             "1 links to \"http://a.example\"",
		"[{lead}](https://a.example)":        "1 has {lead} inside the words of a link",
		"- a\n- b\n  - c":                    "2 has a list with a list",
		"- a\n- **b":                         "2 holds **, without",
		"> a\n> > b":                         "1 has a quote that holds more",
		"a\n{#}":                             "2 holds {#}, which is not a mark",
		"a\n{#x colour=red}":                 "2 has \"colour\" in a mark",
		"*a **b *c* d** e*":                  "1 has stress inside stress inside stress",
		"- a\n\ntext\n{#x}":                  "",
		"a\n- b\n{#x}":                       "3 the mark {#x} stands behind 2 parts",
		strings.Repeat("> ", 9) + "a":        "1 stands deeper than 8",
		strings.Repeat("- ", 9) + "a":        "1 stands deeper than 8",
	} {
		_, err := block.Parse(source)
		got := ""
		var fault *block.Error
		if errors.As(err, &fault) {
			got = string(rune('0'+fault.Line)) + " " + fault.Says
		}
		if want == "" && got != "" || !strings.HasPrefix(got, want) {
			t.Errorf("%q: got %q, want %q", source, got, want)
		}
	}
}

func TestATextOfOneLineTakesNoListHeadingOrMark(t *testing.T) {
	for _, source := range []string{"- a", "## a", "a\n\nb", "a\n{#x}", "> a"} {
		if _, err := block.ParseText(source); err == nil {
			t.Errorf("%q was taken", source)
		}
	}
	if text, err := block.ParseText("  \n"); err != nil || len(text) != 0 {
		t.Error(text, err)
	}
}

func TestEscapesAndEntitiesReadAsTheSignsTheyStandFor(t *testing.T) {
	for source, want := range map[string]string{
		`Marks &amp; Spencer`: "Marks & Spencer", `1\. not a list`: "1. not a list", `a &#8211; b`: "a – b", "snake_case@a.example": "snake_case@a.example",
	} {
		if got := parse(t, source).Words(); got != want {
			t.Errorf("%q: got %q", source, got)
		}
	}
}

func TestPlainWordsTakeNoMarkdown(t *testing.T) {
	for words, want := range map[string]string{
		"Within the hour": "", "Ring {contact:x}": "holds {contact:x}, but is shown as it was written; write plain words", "**Now**": "holds **, but is shown as it was written; write plain words",
	} {
		got := ""
		if err := block.AsWritten(words); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: got %q", words, got)
		}
	}
}
