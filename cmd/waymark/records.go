package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"waymark/internal/keys"
	"waymark/internal/site"
)

// masterKeyVariable holds the key itself.
const masterKeyVariable = "WAYMARK_MASTER_KEY"

// configured reports that this copy keeps records: without a master key it has the public pages only.
func (r records) configured() bool {
	return r.MasterKeyFile != "" || r.MasterKeyCommand != "" || os.Getenv(masterKeyVariable) != ""
}

// source is where the master key comes from. The variable is no flag: a flag would stand in the list of processes.
func (r records) source() keys.Source {
	return keys.Source{File: r.MasterKeyFile, Command: r.MasterKeyCommand, Text: os.Getenv(masterKeyVariable)}
}

// private is the configuration with the master key read.
func (r records) private(ctx context.Context, log *slog.Logger) (site.PrivateConfig, error) {
	master, err := r.masterKey(ctx)
	if err != nil {
		return site.PrivateConfig{}, err
	}
	return site.PrivateConfig{
		Data: r.Data, Database: r.Database, KeysDatabase: r.KeysDatabase, Master: master, Program: version, Now: time.Now, Log: log, ClamAV: r.ClamAV,
	}, nil
}

// open opens the records of a copy that was set up before, for a command. The copy may be running meanwhile.
func (r records) open(ctx context.Context) (*site.Private, error) {
	if _, err := os.Stat(r.Data); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no data folder %s; name the one of your copy with --data", r.Data)
	}
	cfg, err := r.private(ctx, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		return nil, err
	}
	cfg.BeforeChange = site.NoChange
	return site.OpenPrivate(ctx, cfg)
}
