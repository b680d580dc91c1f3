package db

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"waymark/internal/fault"
)

// Hold keeps a data folder for one serving program. A second one gets a clear sentence, not a slow quarrel.
// The system lets go of it when the process ends, however it ends.
func Hold(folder string) (release func(), err error) {
	path := filepath.Join(folder, "waymark.lock")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fault.Of(fault.Unwritable, "the data folder %s cannot be written to; let the program's user own it (%v)", folder, err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		file.Close()
		return nil, fault.Of(fault.Conflict, "another copy of Waymark serves the data folder %s already; stop it first, or name another folder with --data", folder)
	} else if err != nil {
		file.Close()
		return nil, fmt.Errorf("hold the data folder: %w", err)
	}
	return func() { file.Close() }, nil
}
