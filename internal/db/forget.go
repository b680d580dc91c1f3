package db

import (
	"context"
	"database/sql"
	"fmt"

	"waymark/internal/fault"
)

// Forget makes a database let go of what was deleted from a table or replaced in it, as far as a program can: it returns
// when the database's own files do not hold it any more. Copies that others made, PostgreSQL's log of changes and what a
// disk keeps behind the file system's back stay out of reach. Such a statement runs in no transaction.
func (d *DB) Forget(ctx context.Context, table string) error {
	return d.engine.explain(d.engine.forget(ctx, d.write, table))
}

// SQLite has overwritten the deleted cells (secure_delete); older pages stand in the write-ahead log until it is emptied.
func (sqlite) forget(ctx context.Context, pool *sql.DB, _ string) error {
	var busy, pages, moved int
	if err := pool.QueryRowContext(ctx, "pragma wal_checkpoint(truncate)").Scan(&busy, &pages, &moved); err != nil {
		return fmt.Errorf("empty the write-ahead log: %w", err)
	}
	if busy != 0 {
		return fault.Of(fault.Conflict, "somebody still reads what was there before, so it could not be overwritten; try again")
	}
	return nil
}

// PostgreSQL keeps deleted rows in their file until somebody writes the table anew.
func (postgres) forget(ctx context.Context, pool *sql.DB, table string) error {
	_, err := pool.ExecContext(ctx, "vacuum (full) "+table)
	return err
}
