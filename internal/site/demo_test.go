package site_test

import (
	"context"
	"testing"
	"time"

	"waymark/internal/db"
	"waymark/internal/seal"
	"waymark/internal/site"
)

func TestTheDemonstrationInventsAPartnershipWithSixChildren(t *testing.T) {
	ctx := context.Background()
	p, err := site.OpenPrivate(ctx, site.PrivateConfig{Data: t.TempDir(), Master: seal.NewMaster(), Program: "test", Now: time.Now, Quick: true})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	s, err := site.Open(site.Config{Pack: "demo", Demo: true, Private: p, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Invent(ctx); err != nil {
		t.Fatal(err)
	}
	err = p.DB.Read(ctx, "", func(tx *db.Tx) error {
		n, err := db.One(tx, db.Of[int64], `select count(id) from casefile`)
		if n != 6 {
			t.Errorf("%d children", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
