package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"reflect"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"

	"waymark/internal/site"
	"waymark/internal/web"
)

// settings is everything about a copy that its owner decides. Each is a flag, a variable WAYMARK_… and a key of the
// settings file, all of the same name. None of them lets the program call out: it never does.
type settings struct {
	Listen      string `default:"localhost:8080" env:"WAYMARK_LISTEN" help:"Address and port to answer on."`
	Pack        string `default:"england-wales" env:"WAYMARK_PACK" help:"The national pack, when there is no local one."`
	LocalPack   string `type:"path" env:"WAYMARK_LOCAL_PACK" help:"Folder of a local pack that extends a national one."`
	PublicURL   string `name:"public-url" env:"WAYMARK_PUBLIC_URL" help:"The address under which people reach this copy, such as https://waymark.example.org."`
	SiteName    string `env:"WAYMARK_SITE_NAME" help:"The name of this copy, such as Ashmere."`
	RunBy       string `env:"WAYMARK_RUN_BY" help:"Who runs this copy."`
	Reach       string `env:"WAYMARK_REACH" help:"How to reach them, in words."`
	Language    string `default:"en" env:"WAYMARK_LANGUAGE" help:"The language of buttons and labels."`
	Development bool   `env:"WAYMARK_DEVELOPMENT" help:"Show the page of components."`

	TLSCert      string `name:"tls-cert" type:"path" env:"WAYMARK_TLS_CERT" help:"File of the certificate, with its chain, to answer over HTTPS."`
	TLSKey       string `name:"tls-key" type:"path" env:"WAYMARK_TLS_KEY" help:"File of the certificate's key."`
	TrustedProxy string `env:"WAYMARK_TRUSTED_PROXY" help:"Addresses of the proxy whose word about HTTPS is believed, such as 10.1.2.3 or 10.1.2.0/24, with commas between them."`
	IdleMinutes  int    `default:"5" env:"WAYMARK_IDLE_MINUTES" help:"Minutes without a touch after which the screen of somebody who is signed in locks; 15 at most."`

	records
}

// records says where the records are and what opens them. Without a master key a copy has no accounts and no records.
type records struct {
	Data             string `default:"waymark-data" type:"path" env:"WAYMARK_DATA" help:"Folder for what the program keeps."`
	Database         string `env:"WAYMARK_DATABASE" help:"Address of a PostgreSQL database for the records, such as postgres://name@host/waymark. Without it they are in the data folder."`
	KeysDatabase     string `env:"WAYMARK_KEYS_DATABASE" help:"Address of another PostgreSQL database for the keys. Without it they are in the data folder."`
	MasterKeyFile    string `type:"path" env:"WAYMARK_MASTER_KEY_FILE" help:"File of the master key, outside the data folder, for its owner alone."`
	ClamAV           string `name:"clamav" env:"WAYMARK_CLAMAV" help:"Socket of ClamAV's daemon on this machine, such as unix:/run/clamav/clamd.ctl or 127.0.0.1:3310. Attachments are then scanned."`
	MasterKeyCommand string `env:"WAYMARK_MASTER_KEY_COMMAND" help:"Command that prints the master key."`
}

func (s settings) config() site.Config {
	return site.Config{
		Pack: s.Pack, LocalPack: s.LocalPack, Data: s.Data, Language: s.Language, Development: s.Development,
		Site: web.Site{Name: s.SiteName, RunBy: s.RunBy, Reach: s.Reach, URL: strings.TrimSuffix(s.PublicURL, "/"), Version: version},
	}
}

// settingsFile is waymark.yaml, between the variables and the defaults.
type settingsFile struct {
	path   string
	values map[string]any
}

// read finds the file before the other flags are parsed. A file that was named must be there; the usual one may be missing.
func (f *settingsFile) read(args []string) error {
	f.path = "waymark.yaml"
	named := false
	if v := os.Getenv("WAYMARK_CONFIG"); v != "" {
		f.path, named = v, true
	}
	for i, arg := range args {
		if v, ok := strings.CutPrefix(arg, "--config="); ok {
			f.path, named = v, true
		} else if arg == "--config" && i+1 < len(args) {
			f.path, named = args[i+1], true
		}
	}
	source, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the settings file cannot be read: %w", err)
	}
	if err := yaml.Unmarshal(source, &f.values); err != nil {
		return fmt.Errorf("%s is not a list of settings: %w", f.path, err)
	}
	known := map[string]bool{}
	for _, s := range (settings{}).list() {
		known[s.name] = true
	}
	for key, value := range f.values {
		if !known[key] {
			return fmt.Errorf("%s: %q is no setting; `waymark config` lists them all", f.path, key)
		}
		switch value.(type) {
		case string, bool, uint64, int64, float64:
		default:
			return fmt.Errorf("%s: %s should be one value", f.path, key)
		}
	}
	return nil
}

// Validate is kong's; the file was checked when it was read.
func (f *settingsFile) Validate(*kong.Application) error { return nil }

// Resolve gives kong the value of a flag from the file.
func (f *settingsFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, variable := range flag.Envs {
		if os.Getenv(variable) != "" {
			return nil, nil // a variable wins over the file
		}
	}
	value, ok := f.values[flag.Name]
	if !ok || value == nil {
		return nil, nil
	}
	return fmt.Sprint(value), nil
}

// setting is one setting with its value, as `waymark config` prints it.
type setting struct{ name, variable, value, fallback string }

func (s settings) list() []setting {
	var all []setting
	v := reflect.ValueOf(s)
	for _, field := range reflect.VisibleFields(v.Type()) {
		if field.Anonymous {
			continue
		}
		variable := field.Tag.Get("env")
		name := field.Tag.Get("name")
		if name == "" {
			name = strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(variable, "WAYMARK_")), "_", "-")
		}
		all = append(all, setting{name, variable, fmt.Sprint(v.FieldByIndex(field.Index).Interface()), field.Tag.Get("default")})
	}
	return all
}

type configCommand struct {
	settings
}

// Run prints each setting with its value and where it came from.
func (c *configCommand) Run(f *settingsFile, k *kong.Context) error {
	flags := map[string]bool{}
	for _, p := range k.Path {
		if p.Flag != nil && !p.Resolved {
			flags[p.Flag.Name] = true
		}
	}
	for _, s := range c.list() {
		from := "default"
		switch {
		case flags[s.name]:
			from = "flag --" + s.name
		case os.Getenv(s.variable) != "":
			from = "variable " + s.variable
		case f.values[s.name] != nil:
			from = "file " + f.path
		}
		value := s.value
		if value == "" {
			value = "(none)"
		} else if at, err := url.Parse(value); err == nil && at.User != nil {
			value = at.Redacted()
		}
		fmt.Printf("%-12s %-30s %s\n", s.name, value, from)
	}
	return nil
}
