package site_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"
)

// planted looks for values in whatever a copy leaves behind, in every way in which a program may have written them.
type planted struct {
	needles [][]byte
	says    []string // of each: what it is, never needed but when it is found
	begins  [1 << 16]bool
	at      map[[4]byte][]int
}

// shortest is below what chance puts into a few hundred megabytes.
const shortest = 7

// seek makes ready to look for values.
func seek(t testing.TB, values map[string]string) *planted {
	t.Helper()
	p := &planted{at: map[[4]byte][]int{}}
	for what, value := range values {
		for way, written := range writtenIn(value) {
			if len(written) < shortest {
				t.Fatalf("%s (%q) is too short to be looked for", what, way)
			}
			i := len(p.needles)
			p.needles, p.says = append(p.needles, written), append(p.says, what+", "+way)
			p.begins[int(written[0])<<8|int(written[1])] = true
			head := [4]byte(written[:4])
			p.at[head] = append(p.at[head], i)
		}
	}
	return p
}

// in says what is found in some bytes.
func (p *planted) in(body []byte) (found []string) {
	for i := 0; i+4 <= len(body); i++ {
		if !p.begins[int(body[i])<<8|int(body[i+1])] {
			continue
		}
		for _, n := range p.at[[4]byte(body[i:i+4])] {
			if needle := p.needles[n]; len(body)-i >= len(needle) && string(body[i:i+len(needle)]) == string(needle) && !slices.Contains(found, p.says[n]) {
				found = append(found, p.says[n])
			}
		}
	}
	return found
}

// under looks through every file below a folder, the names of files too.
func (p *planted) under(t testing.TB, folder string) (files int, found []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			if os.IsNotExist(err) { // a running server's file that has gone
				return nil
			}
			return err
		}
		for _, what := range p.in([]byte(entry.Name())) {
			found = append(found, what+" in the name of "+path)
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		body, err := os.ReadFile(path)
		if os.IsNotExist(err) {
			return nil
		}
		files++
		for _, what := range p.in(body) {
			found = append(found, what+" in "+path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, found
}

// writtenIn is a value in every encoding in which it may have been left.
func writtenIn(value string) map[string][]byte {
	all := map[string][]byte{}
	forms := map[string]string{"NFC": norm.NFC.String(value)}
	if apart := norm.NFD.String(value); apart != forms["NFC"] {
		forms["NFD"] = apart
	}
	for form, text := range forms {
		raws := map[string][]byte{"UTF-8": []byte(text), "UTF-16 LE": nil, "UTF-16 BE": nil}
		for _, unit := range utf16.Encode([]rune(text)) {
			raws["UTF-16 LE"] = append(raws["UTF-16 LE"], byte(unit), byte(unit>>8))
			raws["UTF-16 BE"] = append(raws["UTF-16 BE"], byte(unit>>8), byte(unit))
		}
		for name, raw := range raws {
			name = form + " " + name
			all[name] = raw
			all[name+" hex"] = []byte(hex.EncodeToString(raw))
			all[name+" HEX"] = []byte(strings.ToUpper(hex.EncodeToString(raw)))
			for before := range 3 {
				for alphabet, e := range map[string]*base64.Encoding{"Base64": base64.RawStdEncoding, "Base64 for addresses": base64.RawURLEncoding} {
					all[fmt.Sprintf("%s %s after %d", name, alphabet, before)] = []byte(inBase64(e, raw, before))
				}
			}
		}
		for name, percent := range map[string]string{"form": url.QueryEscape(text), "path": url.PathEscape(text), "every byte": everyByte(text)} {
			all[form+" percent, "+name] = []byte(percent)
			all[form+" percent in small letters, "+name] = []byte(smallPercent(percent))
		}
		all[form+" JSON"] = []byte(jsonEscaped(text))
		all[form+" twice percent"] = []byte(url.QueryEscape(url.QueryEscape(text)))
		all[form+" small letters"] = []byte(strings.ToLower(text))
		all[form+" capitals"] = []byte(strings.ToUpper(text))
	}
	return all
}

// inBase64 is what of a value stays the same in Base64 whatever stands before and behind it.
func inBase64(e *base64.Encoding, raw []byte, before int) string {
	text := e.EncodeToString(append(make([]byte, before), raw...))
	text = text[[]int{0, 2, 3}[before]:]
	if (before+len(raw))%3 != 0 {
		text = text[:len(text)-1]
	}
	return text
}

func everyByte(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

// smallPercent writes the two signs behind each % in small letters, and leaves the rest.
func smallPercent(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i+1:i+3], strings.ToLower(string(b[i+1:i+3])))
		}
	}
	return string(b)
}

func jsonEscaped(s string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		if unit < 0x80 {
			b.WriteByte(byte(unit))
		} else {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// A search that finds nothing shows nothing until it is seen to find.
func TestTheSearchForPlantedValuesFindsEachOfThem(t *testing.T) {
	values := map[string]string{"a name": "Ẹ̀húẹ́fréma", "a street": "Zylofrem-Kestrelby", "another script": "ቀጸለሰላማዊት"}
	p := seek(t, values)
	folder := t.TempDir()
	ways := 0
	for what, value := range values {
		for way, written := range writtenIn(value) {
			ways++
			path := filepath.Join(folder, fmt.Sprint(ways))
			body := append(append([]byte(strings.Repeat("x", 1+ways%7)), written...), "behind"...)
			if err := os.WriteFile(path, body, 0o600); err != nil {
				t.Fatal(err)
			}
			if found := p.in(body); !slices.Contains(found, what+", "+way) && len(found) == 0 {
				t.Errorf("%s is not found in %s", what, way)
			}
		}
		// And as the encoders write it, in the middle of something longer.
		for before := range 3 {
			text := strings.Repeat("y", before) + value + "zz"
			for name, whole := range map[string]string{"Base64": base64.StdEncoding.EncodeToString([]byte(text)), "hex": hex.EncodeToString([]byte(text)), "percent": url.QueryEscape(text)} {
				if len(p.in([]byte(whole))) == 0 {
					t.Errorf("%s is not found in %s after %d bytes", what, name, before)
				}
			}
		}
	}
	if files, found := p.under(t, folder); files != ways || len(found) < ways {
		t.Errorf("%d of %d are found in %d files", len(found), ways, files)
	}
	if found := p.in([]byte("nothing of it stands here: Zylofrem, Kestrelby")); len(found) > 0 {
		t.Error(found)
	}
	if err := os.WriteFile(filepath.Join(folder, "Zylofrem-Kestrelby.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, found := p.under(t, folder); !slices.ContainsFunc(found, func(s string) bool { return strings.Contains(s, "in the name of") }) {
		t.Error("the name of a file is not looked at")
	}
}
