package fact_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"waymark/internal/clock"
	"waymark/internal/db"
	"waymark/internal/fact"
	"waymark/internal/webtest"
)

var day = clock.Date{Year: 2026, Month: time.November, Day: 24}

func TestAFactIsCountedByItsCodes(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		err := d.Write(context.Background(), "p1", func(tx *db.Tx) error {
			for _, setting := range []string{"school", "school", "hospital"} {
				if err := fact.Write(tx, fact.Fact{Kind: "case.opened", Case: "c1", Day: day, Codes: map[string]string{"setting": setting, "source": "check"}}); err != nil {
					return err
				}
			}
			schools, err := db.One(tx, db.Of[int64], `select count(fact.id) from fact join fact_code on fact_code.fact = fact.id
				where kind = $1 and day = $2 and name = $3 and code = $4`, "case.opened", "2026-11-24", "setting", "school")
			if err != nil || schools != 2 {
				t.Errorf("%d schools, %v", schools, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}, fact.Schema)
}

func TestWhatSomebodyTypedIsNoFactAndIsNotQuoted(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		for _, bad := range []fact.Fact{
			{Kind: "case.opened", Day: day, Codes: map[string]string{"name": "Tesfalem"}},
			{Kind: "case.opened", Day: day, Codes: map[string]string{"setting": "at school"}},
			{Kind: "case.opened", Day: day, Case: "Tesfalem Ohenhen"},
			{Kind: "case.opened"},
			{Day: day},
		} {
			err := d.Write(context.Background(), "p1", func(tx *db.Tx) error { return fact.Write(tx, bad) })
			if err == nil || strings.Contains(err.Error(), "Tesfalem") {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	}, fact.Schema)
}

// Whoever reads the facts must not learn the hour from an id.
func TestAFactIsNoFinerThanItsDay(t *testing.T) {
	webtest.OnBoth(t, func(t *testing.T, d *db.DB) {
		err := d.Write(context.Background(), "p1", func(tx *db.Tx) error {
			if err := fact.Write(tx, fact.Fact{Kind: "case.opened", Day: day}); err != nil {
				return err
			}
			id, err := db.One(tx, db.Of[string], `select id from fact`)
			if midnight := db.NewID(time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)); err != nil || id[:9] != midnight[:9] {
				t.Errorf("%s %s %v", id, midnight, err)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}, fact.Schema)
}
