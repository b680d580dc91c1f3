package site_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"waymark/internal/search"
	"waymark/internal/site"
)

func TestEverydayQuestionsFindTheRightPageAmongTheFirstFive(t *testing.T) {
	raw, err := os.ReadFile("testdata/questions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var questions []struct {
		Ask   string
		Pages []string
	}
	if err := yaml.Unmarshal(raw, &questions); err != nil {
		t.Fatal(err)
	}
	if len(questions) < 30 {
		t.Fatalf("only %d questions", len(questions))
	}
	s, err := site.Open(site.Config{Pack: "england-wales", Now: func() time.Time { return afternoon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for _, q := range questions {
		found, err := s.Index().Find(t.Context(), search.Query{Words: q.Ask, Size: 5})
		if err != nil {
			t.Fatal(err)
		}
		var paths []string
		for _, hit := range found.Hits {
			paths = append(paths, hit.Path)
		}
		if !slices.ContainsFunc(paths, func(path string) bool {
			return slices.ContainsFunc(q.Pages, func(want string) bool { return strings.HasPrefix(path, want) })
		}) {
			t.Errorf("%q finds %v, not one of %v", q.Ask, paths, q.Pages)
		}
	}
}
