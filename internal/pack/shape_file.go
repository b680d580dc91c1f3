package pack

// Manifest is pack.yaml.
type Manifest struct {
	ID          string   `yaml:"id"`
	Version     string   `yaml:"version"`
	Title       string   `yaml:"title"`
	Owner       string   `yaml:"owner"`
	Licence     string   `yaml:"licence"`
	Nations     []string `yaml:"nations,omitempty" jsonschema:"enum=england,enum=wales,enum=scotland,enum=northern-ireland"`
	Extends     string   `yaml:"extends,omitempty" jsonschema_description:"Id of the national pack that this local one adds to."`
	OfficeHours Hours    `yaml:"office_hours,omitempty" jsonschema_description:"When council offices answer on working days; of the national pack."`
	Night       Hours    `yaml:"night,omitempty" jsonschema_description:"When advice for the night holds."`
	MadeAgainst string   `yaml:"made_against,omitempty" jsonschema_description:"Version of that pack when this one was last checked against it."`
}

// file is what any *.yaml file of a pack may hold.
type file struct {
	About      About       `yaml:"about,omitempty" jsonschema_description:"What every item of this file inherits."`
	Sources    []Source    `yaml:"sources,omitempty"`
	Contacts   []Contact   `yaml:"contacts,omitempty"`
	Areas      []Area      `yaml:"areas,omitempty"`
	Holidays   []Holiday   `yaml:"holidays,omitempty"`
	Groups     []Named     `yaml:"groups,omitempty"`
	Types      []Named     `yaml:"types,omitempty"`
	Parts      []Named     `yaml:"parts,omitempty"`
	Indicators []Indicator `yaml:"indicators,omitempty"`
	Settings   []Setting   `yaml:"settings,omitempty"`
	Gaps       []GapList   `yaml:"gaps,omitempty"`
	Forms      []Form      `yaml:"forms,omitempty"`
	Advice     []Advice    `yaml:"advice,omitempty"`
	Records    []Record    `yaml:"records,omitempty"`
	Texts      []Passage   `yaml:"texts,omitempty"`
	Words      []Word      `yaml:"words,omitempty"`
	Examples   []Example   `yaml:"examples,omitempty"`
	Changes    []Change    `yaml:"changes,omitempty"`
	Hide       []hidden    `yaml:"hide,omitempty"`
	Retired    []Retired   `yaml:"retired,omitempty"`
}
