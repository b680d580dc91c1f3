package pack

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/invopop/jsonschema"

	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/form"
	"waymark/internal/rule"
)

// Schema gives the JSON Schema of a pack's YAML files, made from the same shapes that the loader fills, so that an
// editor completes keys and marks slips while somebody writes. What only a whole pack can show, the loader checks.
func Schema() ([]byte, error) {
	reflector := &jsonschema.Reflector{FieldNameTag: "yaml", Mapper: schemaOf, Anonymous: true}
	items, manifest := reflector.Reflect(&file{}), reflector.Reflect(&Manifest{})
	all := &jsonschema.Schema{
		Version:     jsonschema.Version,
		Title:       "Waymark pack",
		Comments:    "Made by `waymark pack schema`. A file with an id at its top is pack.yaml; any other holds lists of items.",
		If:          &jsonschema.Schema{Required: []string{"id"}},
		Then:        &jsonschema.Schema{Ref: "#/$defs/Manifest"},
		Else:        &jsonschema.Schema{Ref: "#/$defs/file"},
		Definitions: items.Definitions,
	}
	for name, def := range manifest.Definitions {
		all.Definitions[name] = def
	}
	for name, def := range all.Definitions {
		loosen(def)
		describe(name, def)
	}
	out, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the schema: %w", err)
	}
	return append(out, '\n'), nil
}

// schemaOf says how the types are written that read themselves.
func schemaOf(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[Text]():
		return &jsonschema.Schema{Type: "string", Description: "One paragraph of Markdown."}
	case reflect.TypeFor[Body]():
		return &jsonschema.Schema{Type: "string", Description: "Markdown: paragraphs, lists, steps."}
	case reflect.TypeFor[hidden]():
		return &jsonschema.Schema{Type: "string", Pattern: `^[a-z]+:.+$`, Description: "The kind and the id, such as contacts:childline."}
	case reflect.TypeFor[clock.Date]():
		return &jsonschema.Schema{Type: "string", Pattern: `^\d{4}-\d{2}-\d{2}$`, Description: "A day, such as 2026-11-24."}
	case reflect.TypeFor[Hours]():
		return hoursSchema()
	case reflect.TypeFor[Place](), reflect.TypeFor[form.Form](), reflect.TypeFor[rule.Rule](), reflect.TypeFor[block.Body]():
		return &jsonschema.Schema{} // not written by people
	}
	return nil
}

func hoursSchema() *jsonschema.Schema {
	span := &jsonschema.Schema{Type: "object", AdditionalProperties: jsonschema.FalseSchema, Required: []string{"days", "from", "to"}, Properties: jsonschema.NewProperties()}
	span.Properties.Set("days", &jsonschema.Schema{Type: "string", Description: "Such as mon-fri or sat,sun."})
	for _, key := range []string{"from", "to"} {
		span.Properties.Set(key, &jsonschema.Schema{Type: "string", Pattern: `^\d{2}:\d{2}$`, Description: "In quotes, such as \"09:00\"."})
	}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
		{Type: "string", Enum: []any{"always", "unknown"}},
		{Type: "array", Items: span},
	}}
}

// loosen lets a number stand where words may, as the loader does: `published: 2026` is what people write. And it moves
// the choices of a list to its elements, where they belong.
func loosen(s *jsonschema.Schema) {
	if s == nil {
		return
	}
	if s.Type == "string" && s.Enum == nil && s.Pattern == "" {
		s.Type, s.Extras = "", map[string]any{"type": []string{"string", "number"}}
	}
	if s.Properties != nil {
		for pair := s.Properties.Oldest(); pair != nil; pair = pair.Next() {
			if pair.Key == "id" && (has(s, "replace") || has(s, "extends")) {
				pair.Value.Type, pair.Value.Extras, pair.Value.Pattern = "string", nil, goodID.String()
			}
			loosen(pair.Value)
		}
	}
	if s.Type == "array" {
		if len(s.Enum) > 0 {
			s.Items.Enum, s.Enum = s.Enum, nil
		}
		loosen(s.Items)
	}
}

// describe says what each key holds, where its shape does not.
func describe(name string, s *jsonschema.Schema) {
	for pair := s.Properties.Oldest(); pair != nil; pair = pair.Next() {
		words := keyWords[name+"."+pair.Key]
		if words == "" {
			words = keyWords[pair.Key]
		}
		if pair.Value.Description == "" {
			pair.Value.Description = words
		}
	}
}

func has(s *jsonschema.Schema, key string) bool {
	_, ok := s.Properties.Get(key)
	return ok
}
