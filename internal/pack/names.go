package pack

import "waymark/internal/block"

// kindNames are the kinds of item: as files name the list, as a sentence names one of it, and as a list of changes
// heads it. The order is that of a reader who has little time: what people ring and do first, what they read later.
var kindNames = []struct{ list, one, head string }{
	{"pack", "pack", "The pack itself"}, {"contacts", "contact", "Contacts"}, {"settings", "setting", "Settings"}, {"signs", "sign", "Signs"},
	{"advice", "advice", "Advice"}, {"forms", "form", "Questions"}, {"gaps", "list of gaps", "Reasons for a gap"}, {"chapters", "chapter", "Guidance"},
	{"paragraphs", "paragraph", "Paragraphs of guidance"}, {"texts", "text", "Short texts"},
	{"indicators", "indicator", "Indicators"}, {"records", "record", "Library"}, {"sources", "source", "Sources"},
	{"areas", "area", "Areas"}, {"holidays", "holiday", "Bank holidays"}, {"parts", "part", "Parts of the guidance"}, {"groups", "group", "Groups of indicators"},
	{"types", "type", "Types of exploitation"}, {"words", "word", "Words to avoid"},
	{"examples", "example", "Examples"}, {"changes", "change", "What changed"},
	{"retired", "retired item", "Retired"}, {"hide", "hidden id", "Hidden"},
}

// oneOf names one item of a kind: "contacts" gives "contact".
func oneOf(kind string) string {
	for _, k := range kindNames {
		if k.list == kind {
			return k.one
		}
	}
	return kind
}

// titleOf is how a person would name an item: its title, its name, or what it says.
func titleOf(whole any) string {
	switch i := whole.(type) {
	case *Source:
		return i.Title
	case *Contact:
		return i.Name
	case *Area:
		return i.Name
	case *Holiday:
		return i.Name
	case *Named:
		return i.Title
	case *Indicator:
		return i.Says.Words()
	case *Setting:
		return i.Name
	case *Sign:
		return i.Says.Words()
	case *Advice:
		return i.Says.Words()
	case *Record:
		return i.Title
	case *Passage:
		return i.Title
	case *Word:
		return i.But
	case *Example:
		return i.Says
	case *Form:
		return i.Title
	case *Change:
		return i.Says.Words()
	case *Chapter:
		return i.Title
	}
	return ""
}

// wordsOf is the plain text of one part of a chapter.
func wordsOf(part block.Block) string { return block.Body{part}.Words() }
