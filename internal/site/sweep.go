package site

import (
	"context"
	"fmt"
	"time"

	"waymark/internal/casework"
	"waymark/internal/db"
)

// orphanAge is how old a key must be before a sweep asks whether it has a case: no request takes so long.
const orphanAge = 24 * time.Hour

// sweepDaily takes away, at the start and once a day, the keys of cases that were never written, and what accounts need no
// more: old sessions, and what a locked screen held for somebody who did not come back.
func (p *Private) sweepDaily(ctx context.Context) {
	daily := time.NewTicker(orphanAge)
	defer daily.Stop()
	for {
		if swept, err := p.SweepKeys(ctx); err != nil && ctx.Err() == nil {
			p.Config.Log.Error("keys without a case could not be swept; it is tried again tomorrow", "error", err)
		} else if swept > 0 {
			p.Config.Log.Info("keys were swept whose case was never written", "keys", swept)
		}
		if err := p.DB.Write(ctx, "", p.People.Sweep); err != nil && ctx.Err() == nil {
			p.Config.Log.Error("what accounts need no more could not be swept; it is tried again tomorrow", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-daily.C:
		}
	}
}

// SweepKeys takes away the keys whose case was never written, because its transaction failed after the key was made.
func (p *Private) SweepKeys(ctx context.Context) (int, error) {
	var there map[string]bool
	inUse := func(id string) (bool, error) {
		if there == nil { // read after the keys were, so that a case is not missed that came in between
			there = map[string]bool{}
			err := p.DB.Read(ctx, "", func(tx *db.Tx) error {
				ids, err := casework.All(tx)
				for _, id := range ids {
					there[id] = true
				}
				return err
			})
			if err != nil {
				return false, fmt.Errorf("list the cases: %w", err)
			}
		}
		return there[id], nil
	}
	return p.Keys.Sweep(ctx, p.Config.Now().Add(-orphanAge), inUse)
}
