package db

import "context"

// VacuumInto lets a test look at its errors.
func VacuumInto(ctx context.Context, d *DB, path string, key []byte) error {
	return vacuumInto(ctx, d.read, path, key)
}
