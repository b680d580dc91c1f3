package seal

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	"pgregory.net/rapid"
)

// child is how another room holds these values: some fields exported, some not, some behind a pointer or in a list.
type child struct {
	Name  Text
	name  Text
	Key   Key
	key   Key
	Above Master
	above Master
	Find  Index
	find  Index
	Also  []Text
	also  map[string]Text
	Far   *Text
	far   *Key
}

// printed is a value in every form in which Go's library would print, log or write it.
func printed(t interface{ Fatal(...any) }, value any) string {
	var b strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%#x", "%d", "%t", "%p", "%T", "%U", "%e", "%c", "%o", "%b", "%10.3v", "%-5s", "%w"} {
		fmt.Fprintf(&b, verb+"\n", value)
		fmt.Fprintf(&b, verb+"\n", []any{value, &value})
	}
	fmt.Fprint(&b, value, "\n")
	fmt.Fprintln(&b, errors.Join(fmt.Errorf("open %v: %w", value, Broken)))
	if raw, err := json.Marshal(value); err == nil {
		b.Write(raw)
	}
	if raw, err := xml.Marshal(value); err == nil {
		b.Write(raw)
	}
	if err := gob.NewEncoder(&b).Encode(value); err == nil {
		b.WriteByte('\n')
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&b, nil), slog.NewJSONHandler(&b, nil)} {
		log := slog.New(handler).With("with", value)
		log.Error(fmt.Sprint(value), "value", value, "group", slog.GroupValue(slog.Any("inside", value)), "list", []any{value})
	}
	if err := template.Must(template.New("").Parse("{{.}} {{printf `%v` .}}")).Execute(&b, value); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestNothingHiddenCanBePrinted(t *testing.T) {
	const secret = "Zebulon Quillfeather"
	key, master := newKey(t), NewMaster()
	raw, above := key.held().root, master.held().secret
	hiddenName, far := Hide(secret), Hide(secret)
	c := child{
		hiddenName, hiddenName, key, key, master, master, key.Index(), key.Index(),
		[]Text{hiddenName}, map[string]Text{"a": hiddenName}, &far, &key,
	}
	for _, value := range []any{hiddenName, &hiddenName, key, &key, master, &master, key.Index(), c, &c, []child{c}, map[string]child{"a": c}, Text{}, Key{}, Master{}, Index{}} {
		text := printed(t, value)
		for _, forbidden := range []string{
			secret, "Zebulon", hex.EncodeToString([]byte(secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))), base64.StdEncoding.EncodeToString([]byte(secret)),
			fmt.Sprint([]byte(secret))[1:20], hex.EncodeToString(raw[:8]), fmt.Sprint(raw[:8])[1:], hex.EncodeToString(above[:8]), fmt.Sprint(above[:8])[1:],
			base64.StdEncoding.EncodeToString(raw[:])[:12], string(raw[:6]), string(above[:6]), fmt.Sprintf("%#v", raw[:6])[7:30], fmt.Sprintf("% x", raw[:6]), fmt.Sprintf("% x", above[:6]),
			strings.TrimSpace(string(master.Reveal())),
		} {
			if strings.Contains(text, forbidden) {
				t.Errorf("%T prints %q:\n%s", value, forbidden, text)
			}
		}
	}
	for _, value := range []any{hiddenName, key, master, key.Index()} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			if got := fmt.Sprintf(verb, value); got != dots {
				t.Errorf("%s of %T gives %q", verb, value, got)
			}
		}
		if raw, err := json.Marshal(map[string]any{"a": value}); err != nil || string(raw) != `{"a":"•••"}` {
			t.Errorf("JSON of %T: %s (%v)", value, raw, err)
		}
		var b bytes.Buffer
		slog.New(slog.NewTextHandler(&b, nil)).Info("x", "who", value)
		if !strings.Contains(b.String(), "who=•••") {
			t.Errorf("the log of %T: %s", value, &b)
		}
	}
}

// JSON cannot bring back what it did not write: a room that forgets to reveal finds out at once, not when the words are lost.
func TestHiddenTextIsNotReadFromJSON(t *testing.T) {
	var back struct{ Name Text }
	if err := json.Unmarshal([]byte(`{"Name":"•••"}`), &back); err == nil {
		t.Error("dots were read as a name")
	}
}

func TestHiddenTextGivesItsWordsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words, other := rapid.String().Draw(t, "words"), rapid.String().Draw(t, "other")
		text := Hide(words)
		if text.Reveal() != words || text.Empty() != (words == "") || !text.Equal(Hide(words)) || text.Equal(Hide(other)) != (words == other) {
			t.Fatalf("%q came back as %q", words, text.Reveal())
		}
	})
	if (Text{}).Reveal() != "" || !(Text{}).Empty() {
		t.Error("the zero text is not empty")
	}
}
