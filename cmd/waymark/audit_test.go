package main

import (
	"context"
	"os"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"waymark/internal/audit"
	"waymark/internal/db"
	"waymark/internal/keys"
	"waymark/internal/site"
)

// opened gives the records of a data folder to a step of a script.
func opened(ts *testscript.TestScript, data, masterKey string) *site.Private {
	ctx := context.Background()
	data = ts.MkAbs(data)
	ts.Check(os.MkdirAll(data, 0o700))
	master, err := keys.Source{File: ts.MkAbs(masterKey)}.Read(ctx, data)
	ts.Check(err)
	private, err := site.OpenPrivate(ctx, site.PrivateConfig{Data: data, Master: master, Program: "test", Now: time.Now})
	ts.Check(err)
	return private
}

// looks writes into the log that somebody looked at the case c1 so often: looks DATA MASTER-KEY-FILE NUMBER
func looks(ts *testscript.TestScript, neg bool, args []string) {
	private := opened(ts, args[0], args[1])
	defer private.Close()
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	ts.Check(private.DB.Write(context.Background(), "amara", func(tx *db.Tx) error {
		for range n {
			if err := audit.Append(tx, audit.Entry{Act: audit.CaseViewed, Case: "c1"}); err != nil {
				return err
			}
		}
		return nil
	}))
}

// forge changes who looked, by raw SQL: forge DATA MASTER-KEY-FILE
func forge(ts *testscript.TestScript, neg bool, args []string) {
	private := opened(ts, args[0], args[1])
	defer private.Close()
	ts.Check(private.DB.Write(context.Background(), "", func(tx *db.Tx) error {
		_, err := tx.Exec(`update audit_entry set who = 'bilal' where place = 1`)
		return err
	}))
}
