package pack

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// keysOf lists every key that a file may hold, through all shapes below.
func keysOf(t reflect.Type, into map[string]bool) {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[Text]() || t == reflect.TypeFor[Body]() {
		return
	}
	for i := range t.NumField() {
		key, options, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if key == "-" || key == "" && options != "inline" {
			continue
		}
		if key != "" {
			into[key] = true
		}
		keysOf(t.Field(i).Type, into)
	}
}

func TestEveryKeyOfAPackIsExplainedToWhoeverWritesOne(t *testing.T) {
	guide, err := os.ReadFile("../../docs/content.md")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	keysOf(reflect.TypeFor[file](), keys)
	keysOf(reflect.TypeFor[Manifest](), keys)
	keysOf(reflect.TypeFor[Chapter](), keys)
	for key := range keys {
		if !regexp.MustCompile(`\b` + key + `\b(: |:\n|` + "`" + `|=)`).Match(guide) {
			t.Errorf("docs/content.md does not explain the key %q", key)
		}
	}
	for fact := range NoFacts() {
		if !strings.Contains(string(guide), "`"+fact+"`") {
			t.Errorf("docs/content.md does not explain the fact %q", fact)
		}
	}
}

func TestEveryChoiceOfAKeyIsNamedToWhoeverWritesOne(t *testing.T) {
	guide, err := os.ReadFile("../../docs/content.md")
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile("shape.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range enumOption.FindAllStringSubmatch(strings.ReplaceAll(string(source), `"`, ","), -1) {
		if !strings.Contains(string(guide), m[1]) {
			t.Errorf("docs/content.md does not name the choice %q", m[1])
		}
	}
}
