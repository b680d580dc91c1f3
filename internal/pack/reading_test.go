package pack

import "testing"

func TestShortWordsInShortSentencesReadEasily(t *testing.T) {
	easy := readingOf("easy", "You do not have to be sure. Ring the council. Say what you saw.")
	hard := readingOf("hard", "Notwithstanding the aforementioned considerations, multi-agency safeguarding arrangements necessitate proportionate information-sharing determinations.")
	if easy.Grade > 3 || hard.Grade < 15 || easy.Words != 14 {
		t.Errorf("easy %+v, hard %+v", easy, hard)
	}
}

func TestSyllablesAreCountedRoughly(t *testing.T) {
	for word, want := range map[string]int{"child": 1, "nobody": 3, "sure": 1, "little": 2, "police,": 2, "999": 0, "the": 1} {
		if got := syllablesOf(word); got != want {
			t.Errorf("%s has %d, not %d", word, got, want)
		}
	}
}
