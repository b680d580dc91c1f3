package pack

import (
	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/form"
	"waymark/internal/rule"
)

// Certainty says how sure the words are.
type Certainty string

// The four certainties. Background and Unconfirmed items carry a doubt that pages show.
const (
	Confirmed   Certainty = "confirmed"   // read in the source named
	Derived     Certainty = "derived"     // follows from confirmed facts
	Background  Certainty = "background"  // good practice; the source was not read again
	Unconfirmed Certainty = "unconfirmed" // looked for and not found
)

// Sure reports that nobody needs to be warned.
func (c Certainty) Sure() bool { return c == Confirmed || c == Derived }

// About is what every item carries: who answers for it, where it comes from, how sure it is, when it is read again.
type About struct {
	Owner     string     `yaml:"owner,omitempty" jsonschema_description:"Who answers for the words."`
	Source    []string   `yaml:"source,omitempty" jsonschema_description:"Ids of sources."`
	Certainty Certainty  `yaml:"certainty,omitempty" jsonschema:"enum=confirmed,enum=derived,enum=background,enum=unconfirmed"`
	Doubt     string     `yaml:"doubt,omitempty" jsonschema_description:"What is not sure, in a sentence. Needed unless confirmed or derived."`
	Reviewed  clock.Date `yaml:"reviewed,omitempty" jsonschema_description:"The day somebody last read it against its source."`
	ReviewBy  clock.Date `yaml:"review_by,omitempty" jsonschema_description:"The day by which it is read again."`
}

// Item is the head of every item.
type Item struct {
	ID      string `yaml:"id" jsonschema:"required" jsonschema_description:"Never changes once published."`
	Replace bool   `yaml:"replace,omitempty" jsonschema_description:"In a local pack: stands in the place of the national item with this id."`
	About   `yaml:",inline"`
	At      Place  `yaml:"-" json:"-"` // where it was written
	From    string `yaml:"-" json:"-"` // id of the pack it comes from
}

// Key is the id by which items of one kind are told apart.
func (i Item) Key() string { return i.ID }

func (i *Item) head() *Item { return i }

// Text is one line of Markdown, parsed when the pack loads.
type Text struct {
	Source string
	At     Place
	block.Text
}

// Body is longer Markdown, parsed when the pack loads.
type Body struct {
	Source string
	At     Place
	block.Body
}

// Source is where facts come from.
type Source struct {
	Item      `yaml:",inline"`
	Title     string `yaml:"title"`
	Publisher string `yaml:"publisher"`
	Year      int    `yaml:"year,omitempty"`
	URL       string `yaml:"url,omitempty" holds:"address" jsonschema_description:"Left out when unknown; never guessed."`
	Read      string `yaml:"read" jsonschema:"enum=whole,enum=part,enum=quoted,enum=not-read"`
	Law       bool   `yaml:"law,omitempty" jsonschema_description:"An Act, regulations or statutory guidance."`
	Licence   string `yaml:"licence,omitempty"`
	Note      string `yaml:"note,omitempty"`
}

// Contact is an entry of the register, the only place where a telephone number may stand.
type Contact struct {
	Item         `yaml:",inline"`
	Role         string        `yaml:"role,omitempty" jsonschema:"enum=emergency,enum=police,enum=front-door,enum=out-of-hours"`
	Name         string        `yaml:"name"`
	Short        string        `yaml:"short,omitempty" holds:"number"`
	Needs        []string      `yaml:"needs,omitempty" jsonschema:"enum=danger,enum=police,enum=council,enum=advice,enum=slavery,enum=guardian,enum=missing,enum=child,enum=adult,enum=nrm,enum=wales,enum=crime,enum=health"`
	Nations      []string      `yaml:"nations,omitempty" jsonschema:"enum=england,enum=wales,enum=scotland,enum=northern-ireland"`
	Area         string        `yaml:"area,omitempty"`
	Phones       []Phone       `yaml:"phones,omitempty"`
	Email        string        `yaml:"email,omitempty" holds:"address"`
	URL          string        `yaml:"url,omitempty" holds:"address"`
	Hours        Hours         `yaml:"hours,omitempty"`
	BankHolidays string        `yaml:"bank_holidays,omitempty" jsonschema:"enum=open,enum=closed,enum=all-day"`
	What         Text          `yaml:"what,omitempty"`
	When         Text          `yaml:"when,omitempty"`
	Find         Text          `yaml:"find,omitempty" jsonschema_description:"How to find the number when this copy does not know it."`
	Confirmed    *Confirmation `yaml:"confirmed,omitempty" jsonschema_description:"Only a deployer writes this, after ringing the number."`
}

// Phone is one number as it is shown.
type Phone struct {
	Number string `yaml:"number" holds:"number"`
	Label  string `yaml:"label,omitempty"`
	Note   string `yaml:"note,omitempty" said:"true"`
	At     Place  `yaml:"-" json:"-"`
}

// Confirmation says who rang a number, when and how.
type Confirmation struct {
	On  clock.Date `yaml:"on"`
	By  string     `yaml:"by"`
	How string     `yaml:"how,omitempty"`
}

// Hours is when somebody answers: always, unknown, or spans of the week.
type Hours struct {
	Always bool
	Known  bool
	Spans  []Span
}

// Span is a stretch of each of some days of the week, in minutes after midnight.
type Span struct {
	Days     [7]bool // by time.Weekday: Sunday is 0
	Words    string  // Monday to Friday
	From, To int     // minutes; To may be 24*60
}

// Area is a council area.
type Area struct {
	Item   `yaml:",inline"`
	Name   string `yaml:"name"`
	Nation string `yaml:"nation" jsonschema:"enum=england,enum=wales,enum=scotland,enum=northern-ireland"`
	Own    bool   `yaml:"own,omitempty" jsonschema_description:"This copy's own area, shown first."`
}

// Holiday is a bank holiday.
type Holiday struct {
	Item     `yaml:",inline"`
	Date     clock.Date `yaml:"date"`
	Nations  []string   `yaml:"nations" jsonschema:"enum=england,enum=wales,enum=scotland,enum=northern-ireland"`
	Name     string     `yaml:"name"`
	Expected bool       `yaml:"expected,omitempty" jsonschema_description:"Derived, not proclaimed."`
}

// Named is a heading under which other items stand: a group of indicators, a type of exploitation.
type Named struct {
	Item  `yaml:",inline"`
	Title string `yaml:"title"`
	Order int    `yaml:"order,omitempty"`
	Says  Text   `yaml:"says,omitempty"`
}

// Indicator is an observable sign shared by all settings. It has no weight: no sign, and no number of signs, proves anything.
type Indicator struct {
	Item    `yaml:",inline"`
	Says    Text     `yaml:"says"`
	Group   string   `yaml:"group"`
	Lineage string   `yaml:"lineage" jsonschema:"enum=london-matrix,enum=home-office-2026,enum=newer"`
	Looks   Body     `yaml:"looks,omitempty" jsonschema_description:"What it can look like."`
	Else    Body     `yaml:"else,omitempty" jsonschema_description:"What else it can mean: the innocent reading."`
	Do      Body     `yaml:"do,omitempty" jsonschema_description:"What to do with it."`
	Types   []string `yaml:"types,omitempty"`
}

// Setting is a place of work: its signs in its own words, and what to do there.
type Setting struct {
	Item           `yaml:",inline"`
	Name           string   `yaml:"name" said:"true"`
	Short          string   `yaml:"short"`
	Order          int      `yaml:"order,omitempty"`
	Lead           string   `yaml:"lead" jsonschema_description:"What the setting calls its safeguarding lead."`
	FirstResponder bool     `yaml:"first_responder,omitempty" jsonschema_description:"Its own body may file a national referral."`
	General        bool     `yaml:"general,omitempty" jsonschema_description:"For everybody who finds no other setting."`
	Aka            []string `yaml:"aka,omitempty"`
	Who            Body     `yaml:"who"`
	Signs          []Sign   `yaml:"signs" jsonschema:"minItems=8,maxItems=15"`
	Inside         Body     `yaml:"inside"`
	Others         Body     `yaml:"others"`
	Never          []Text   `yaml:"never"`
	Write          Body     `yaml:"write"`
	NoAnswer       Body     `yaml:"no_answer"`
	BelowThreshold Body     `yaml:"below_threshold"`
	ToldToWait     Body     `yaml:"told_to_wait"`
	Disagreement   Body     `yaml:"disagreement"`
	Files          Body     `yaml:"files"`
	Card           Card     `yaml:"card"`
}

// Sign is an indicator in a setting's own words.
type Sign struct {
	ID        string   `yaml:"id"`
	Says      Text     `yaml:"says"`
	Part      string   `yaml:"part" jsonschema:"enum=child,enum=adults,enum=travel,enum=body"`
	Indicator string   `yaml:"indicator"`
	Tags      []string `yaml:"tags,omitempty"`
	About     `yaml:",inline"`
	At        Place `yaml:"-" json:"-"`
}

// Card is what a one-minute card shows.
type Card struct {
	Signs []string `yaml:"signs" jsonschema:"minItems=5,maxItems=5"`
	First Text     `yaml:"first"`
	Never Text     `yaml:"never"`
	At    Place    `yaml:"-" json:"-"`
}

// Form is a set of pages of questions.
type Form struct {
	Item    `yaml:",inline"`
	Title   string     `yaml:"title,omitempty" said:"true" jsonschema_description:"A neutral title: it may be read over a shoulder."`
	Version int        `yaml:"version"`
	Facts   string     `yaml:"facts,omitempty" jsonschema:"enum=own,enum=check" jsonschema_description:"What its conditions look at: its own questions (left out), or the facts of the concern check."`
	Gaps    string     `yaml:"gaps,omitempty" jsonschema_description:"Id of the list of reasons that count as an answer to each of its questions."`
	Many    bool       `yaml:"many,omitempty" jsonschema_description:"Filled in once for each person, place and so on, not once."`
	NamedBy string     `yaml:"named_by,omitempty" jsonschema_description:"Of a form that is filled in many times: id of the question whose answer tells one from another."`
	Reason  bool       `yaml:"reason,omitempty" jsonschema_description:"Opened only with a reason, each time."`
	Pages   []FormPage `yaml:"pages"`
	Ready   form.Form  `yaml:"-" json:"-"` // the same, for the engine
}

// FormPage is one page of a form.
type FormPage struct {
	ID        string         `yaml:"id"`
	Title     string         `yaml:"title" said:"true"`
	Body      Body           `yaml:"body,omitempty"`
	When      string         `yaml:"when,omitempty" holds:"condition" jsonschema_description:"A condition over the answers so far; left out for always."`
	Questions []FormQuestion `yaml:"questions"`
	At        Place          `yaml:"-" json:"-"`
}

// FormQuestion is one question.
type FormQuestion struct {
	ID               string       `yaml:"id"`
	Kind             string       `yaml:"kind" jsonschema:"enum=ticks,enum=one,enum=buttons,enum=yes,enum=yes-no-not-known,enum=text,enum=line,enum=long,enum=lines,enum=date,enum=moment,enum=number,enum=phone,enum=reference,enum=observation"`
	Says             string       `yaml:"says" said:"true"`
	Hint             string       `yaml:"hint,omitempty" said:"true"`
	When             string       `yaml:"when,omitempty" holds:"condition" jsonschema_description:"A condition over the answers on earlier pages; left out for always."`
	Options          []FormOption `yaml:"options,omitempty"`
	OptionsFrom      string       `yaml:"options_from,omitempty" jsonschema:"enum=settings,enum=areas,enum=signs,enum=ticked"`
	Things           []FormOption `yaml:"things,omitempty" jsonschema_description:"For an observation: what is observed; its options are the ways in which that may be known."`
	Max              int          `yaml:"max,omitempty"`
	Least            int          `yaml:"least,omitempty" jsonschema_description:"For a number: the least that it may be; left out for 0."`
	Most             int          `yaml:"most,omitempty" jsonschema_description:"For a number: the most that it may be."`
	Unit             string       `yaml:"unit,omitempty" said:"true" jsonschema_description:"For a number: what it counts, such as cm."`
	Days             string       `yaml:"days,omitempty" jsonschema:"enum=not-future,enum=not-past" jsonschema_description:"For a date or moment: whether it may lie ahead or behind; left out for any."`
	Note             string       `yaml:"note,omitempty" said:"true" jsonschema_description:"For an observation: the label of its line of words."`
	Gaps             []FormOption `yaml:"gaps,omitempty" jsonschema_description:"Reasons that count as an answer, in the place of the form's own list."`
	NoGaps           bool         `yaml:"no_gaps,omitempty" jsonschema_description:"No reason counts as an answer here, though the form has a list of them."`
	Why              string       `yaml:"why,omitempty" said:"true" jsonschema_description:"Why we ask."`
	Guidance         string       `yaml:"guidance,omitempty" jsonschema_description:"Where the guidance speaks of it: the id of a chapter, or chapter#mark."`
	WhoKnows         string       `yaml:"who_knows,omitempty" said:"true" jsonschema_description:"Who else may already know this."`
	ChildWouldAnswer bool         `yaml:"child_would_answer,omitempty" jsonschema_description:"Only the child could tell: the page says that it need not be asked now."`
	Optional         bool         `yaml:"optional,omitempty" jsonschema_description:"Nobody is told that it is missing, and the form's list of gaps is not offered."`
	At               Place        `yaml:"-" json:"-"`
}

// GapList is reasons for a gap, which are finished answers, for forms to share.
type GapList struct {
	Item    `yaml:",inline"`
	Reasons []FormOption `yaml:"reasons"`
}

// FormOption is one thing to pick.
type FormOption struct {
	ID   string `yaml:"id"`
	Says string `yaml:"says" said:"true"`
	Hint string `yaml:"hint,omitempty" said:"true"`
	At   Place  `yaml:"-" json:"-"`
}

// Advice is one step or sentence of the answer to a check, with the rule that shows it.
type Advice struct {
	Item      `yaml:",inline"`
	Section   string    `yaml:"section" jsonschema:"enum=opening,enum=now,enum=today,enum=week,enum=never,enum=say,enum=nobody,enum=files,enum=write"`
	Order     int       `yaml:"order,omitempty"`
	When      string    `yaml:"when,omitempty" holds:"condition"`
	InsteadOf []string  `yaml:"instead_of,omitempty"`
	Says      Text      `yaml:"says"`
	Short     Text      `yaml:"short,omitempty" jsonschema_description:"A few words for the first screen; says then stands in the fold."`
	More      Body      `yaml:"more,omitempty"`
	Who       string    `yaml:"who,omitempty" said:"true"`
	By        string    `yaml:"by,omitempty" said:"true"`
	Strength  string    `yaml:"strength,omitempty" jsonschema:"enum=must,enum=should"`
	Why       Text      `yaml:"why,omitempty"`
	Call      []string  `yaml:"call,omitempty"`
	Rule      rule.Rule `yaml:"-" json:"-"`
}

// Record is an entry of the library.
type Record struct {
	Item         `yaml:",inline"`
	Title        string   `yaml:"title"`
	Publisher    string   `yaml:"publisher"`
	Published    string   `yaml:"published,omitempty" holds:"date" jsonschema_description:"A year, a month such as 2011-03, or a day."`
	Kind         string   `yaml:"kind" jsonschema:"enum=guidance,enum=toolkit,enum=form,enum=report,enum=research,enum=leaflet,enum=poster,enum=training,enum=law,enum=statistics,enum=flowchart,enum=press,enum=standard,enum=audio-visual"`
	State        string   `yaml:"state" jsonschema:"enum=current,enum=superseded,enum=historical,enum=unlocated,enum=unconfirmed"`
	StateNote    Text     `yaml:"state_note,omitempty"`
	SupersededBy []string `yaml:"superseded_by,omitempty"`
	Summary      Body     `yaml:"summary"`
	Settings     []string `yaml:"settings,omitempty"`
	Nations      []string `yaml:"nations,omitempty" jsonschema:"enum=england,enum=wales,enum=scotland,enum=northern-ireland"`
	Languages    []string `yaml:"languages,omitempty"`
	Types        []string `yaml:"types,omitempty"`
	Audience     []string `yaml:"audience,omitempty"`
	Format       string   `yaml:"format" jsonschema:"enum=pdf,enum=web,enum=doc,enum=ppt,enum=code,enum=data,enum=print,enum=unknown"`
	Where        string   `yaml:"where,omitempty" holds:"address"`
	WhereNote    Text     `yaml:"where_note,omitempty"`
	Licence      string   `yaml:"licence,omitempty"`
	Copy         Text     `yaml:"copy,omitempty"`
	MayCopy      string   `yaml:"may_copy" jsonschema:"enum=yes,enum=no,enum=unknown,enum=conditions"`
}

// Passage is a short page or a piece of one.
type Passage struct {
	Item  `yaml:",inline"`
	Title string `yaml:"title,omitempty" said:"true"`
	Body  Body   `yaml:"body"`
}

// Word is a way of speaking to avoid, and what to say instead.
type Word struct {
	Item   `yaml:",inline"`
	Not    string   `yaml:"not" holds:"pattern"`
	But    string   `yaml:"but" holds:"pattern"`
	Except []string `yaml:"except,omitempty" holds:"pattern"`
	Fail   []string `yaml:"fail,omitempty" holds:"pattern"`
	Pass   []string `yaml:"pass,omitempty" holds:"pattern"`
	find   pattern
	except []pattern
}

// Example is a check with its expected answer. It runs as a test whenever the pack is loaded.
type Example struct {
	Item    `yaml:",inline"`
	Says    string         `yaml:"says"`
	Moment  string         `yaml:"at" holds:"moment" jsonschema_description:"London time, such as 2026-11-24T15:40."`
	Answers ExampleAnswers `yaml:"answers"`
	Now     []string       `yaml:"now,omitempty"`
	Has     []string       `yaml:"has,omitempty"`
	Lacks   []string       `yaml:"lacks,omitempty"`
	Calls   []string       `yaml:"calls,omitempty"`
}

// ExampleAnswers is what somebody answered.
type ExampleAnswers struct {
	Now     string   `yaml:"now,omitempty"`
	Rung    string   `yaml:"rung,omitempty"`
	Setting string   `yaml:"setting,omitempty"`
	Lead    bool     `yaml:"lead,omitempty"`
	Area    string   `yaml:"area,omitempty"`
	Nation  string   `yaml:"nation,omitempty"`
	Signs   []string `yaml:"signs,omitempty"`
	Feeling bool     `yaml:"feeling,omitempty"`
	Other   bool     `yaml:"other,omitempty"`
	Skipped bool     `yaml:"skipped,omitempty"`
}

// Change is an entry of "what changed".
type Change struct {
	Item     `yaml:",inline"`
	On       clock.Date `yaml:"on"`
	Says     Text       `yaml:"says"`
	WhoActs  string     `yaml:"who_acts,omitempty"`
	Chapters []string   `yaml:"chapters,omitempty"`
}

// hidden names an item of the national pack that a local one takes away: kind:id.
type hidden struct {
	Target string
	At     Place
}

// Retired is an item that was published once and is gone.
type Retired struct {
	Kind string     `yaml:"kind"`
	ID   string     `yaml:"id"`
	On   clock.Date `yaml:"on"`
	Why  string     `yaml:"why"`
	At   Place      `yaml:"-" json:"-"`
}

// Chapter is a piece of guidance, one Markdown file.
type Chapter struct {
	Item    `yaml:",inline"`
	Title   string   `yaml:"title" said:"true"`
	Part    string   `yaml:"part,omitempty"`
	Order   int      `yaml:"order,omitempty"`
	Summary Text     `yaml:"summary"`
	See     []string `yaml:"see,omitempty"`
	Body    Body     `yaml:"-" json:"-"`
}
