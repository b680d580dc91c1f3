// Package corpus makes texts to measure the search with: as many records as one wants, of 300 to 2,000 words each,
// always the same for one seed. Their words follow the law of natural language, by which a few are in nearly every
// text and most are in hardly any; the texts mean nothing.
package corpus

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"sort"
	"strings"

	"waymark/internal/search"
)

// plain are the commonest words, so that texts and queries look like those of the library.
var plain = strings.Fields(`the of and to in a is for that on with are as by child be this or from at children not an
young people they have has which may should their who it was will were can if been work when where support local
guidance safeguarding authority police information social referral care health school services trafficking
exploitation risk professionals abuse adult family age national staff need identify statutory assessment agencies
protection victim criminal sexual missing education process decision made contact line county lines modern slavery
interpreter language travel passport labour domestic servitude forced debt bondage leaflet toolkit report research
training poster flowchart form statistics standard law act section duty consent sharing record keep time day hour
week month year first second after before during between under over out up down home house hotel phone message
money clothes injury hospital nurse doctor teacher lawyer guardian foster carer placement evidence court appeal
border airport port lorry boat train station street shop nail bar car wash farm factory restaurant kitchen cannabis
online game photograph image account friend boyfriend girl boy sister brother mother father aunt uncle cousin village
country city london wales scotland england ireland albania vietnam romania nigeria sudan eritrea ethiopia`)

// size is how many different words there are. English library texts of this length have about as many.
const size = 30_000

// Vocabulary is the words from the commonest to the rarest.
func Vocabulary() []string {
	words := append([]string(nil), plain...)
	seen := map[string]bool{}
	for _, w := range words {
		seen[w] = true
	}
	r := rand.New(rand.NewPCG(1, 2))
	for len(words) < size {
		var b strings.Builder
		for range 2 + r.IntN(3) {
			b.WriteString(starts[r.IntN(len(starts))] + middles[r.IntN(len(middles))])
		}
		b.WriteString(ends[r.IntN(len(ends))])
		if w := b.String(); !seen[w] {
			seen[w] = true
			words = append(words, w)
		}
	}
	return words
}

var (
	starts  = strings.Fields("b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sl sp st t th tr v w")
	middles = strings.Fields("a ai e ea ee i o oa ou u")
	ends    = strings.Fields("n r s t l d ing ed er ly tion ment ness able")
)

// zipf draws places in the vocabulary: the tenth word a tenth as often as the first, nearly.
type zipf struct{ sums []float64 }

func newZipf(n int) zipf {
	sums, sum := make([]float64, n), 0.0
	for i := range sums {
		sum += 1 / math.Pow(float64(i)+2.7, 1.05)
		sums[i] = sum
	}
	return zipf{sums}
}

func (z zipf) draw(r *rand.Rand) int {
	return min(sort.SearchFloat64s(z.sums, r.Float64()*z.sums[len(z.sums)-1]), len(z.sums)-1)
}

// Documents makes n records.
func Documents(seed uint64, n int) iter.Seq[search.Document] {
	return func(give func(search.Document) bool) {
		words, law := Vocabulary(), newZipf(size)
		r := rand.New(rand.NewPCG(seed, 7))
		for i := range n {
			d := search.Document{
				Kind: "record", ID: fmt.Sprintf("text-%06d", i), Path: fmt.Sprintf("/library/text-%06d", i),
				Title: sentence(r, words, law, 3+r.IntN(8)), Summary: sentence(r, words, law, 20+r.IntN(40)),
				Year: 1990 + r.IntN(37), Facets: facets(r), Rank: 1,
			}
			var b strings.Builder
			for left := 300 + r.IntN(1701); left > 0; {
				some := min(left, 6+r.IntN(20))
				b.WriteString(sentence(r, words, law, some) + ". ")
				left -= some
			}
			d.Body = b.String()
			d.Facets["year"] = []string{fmt.Sprint(d.Year)}
			if !give(d) {
				return
			}
		}
	}
}

func sentence(r *rand.Rand, words []string, law zipf, n int) string {
	some := make([]string, n)
	for i := range some {
		some[i] = words[law.draw(r)]
	}
	some[0] = strings.ToUpper(some[0][:1]) + some[0][1:]
	return strings.Join(some, " ")
}

// facets gives each record values as unevenly spread as in a real catalogue.
func facets(r *rand.Rand) map[string][]string {
	pick := func(name string, of, most int) []string {
		var all []string
		for range 1 + r.IntN(most) {
			all = append(all, fmt.Sprintf("%s-%d", name, min(r.IntN(of), r.IntN(of))))
		}
		return all
	}
	return map[string][]string{
		"kind": pick("kind", 14, 1), "setting": pick("setting", 20, 4), "nation": pick("nation", 4, 3), "language": pick("language", 40, 2),
		"type": pick("type", 9, 3), "format": pick("format", 8, 1), "state": pick("state", 5, 1),
	}
}

// Queries makes n queries of one to three words, as people search: mostly words that say something, neither the
// commonest nor the rarest; one in ten is mistyped.
func Queries(seed uint64, n int) []string {
	words := Vocabulary()
	r := rand.New(rand.NewPCG(seed, 11))
	all := make([]string, n)
	for i := range all {
		some := make([]string, 1+r.IntN(3))
		for j := range some {
			some[j] = words[40+int(math.Pow(r.Float64(), 2)*4000)]
		}
		if r.IntN(10) == 0 {
			some[0] = mistyped(r, some[0])
		}
		all[i] = strings.Join(some, " ")
	}
	return all
}

func mistyped(r *rand.Rand, word string) string {
	if len(word) < 5 {
		return word
	}
	at := 1 + r.IntN(len(word)-2)
	return word[:at] + word[at+1:]
}
