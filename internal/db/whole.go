package db

import (
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
)

// encryptedBlock is what the encryption reads and writes at once.
const encryptedBlock = 4096

// whole hides a block at the end of a file that reached the disk only in part, as a full disk or a loss of power may
// leave one. It cannot be decrypted, and nothing in it was ever acknowledged. Without this, SQLite sees a frame in the
// write-ahead log that cannot be read, takes it for a broken disk, and the database does not open again.
type whole struct{ vfs.VFSFilename }

func (w whole) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := w.VFSFilename.OpenFilename(name, flags)
	if err != nil {
		return nil, flags, err
	}
	return wholeFile{file}, flags, nil
}

type wholeFile struct{ vfs.File }

func (f wholeFile) Size() (int64, error) {
	size, err := f.File.Size()
	return size - size%encryptedBlock, err
}

// What a file can do beyond the least is handed through.

func (f wholeFile) SharedMemory() vfs.SharedMemory { return vfsutil.WrapSharedMemory(f.File) }
func (f wholeFile) LockState() vfs.LockLevel       { return vfsutil.WrapLockState(f.File) }
func (f wholeFile) HasMoved() (bool, error)        { return vfsutil.WrapHasMoved(f.File) }
func (f wholeFile) SizeHint(size int64) error      { return vfsutil.WrapSizeHint(f.File, size) }
func (f wholeFile) Overwrite() error               { return vfsutil.WrapOverwrite(f.File) }
func (f wholeFile) BusyHandler(handler func() bool) {
	vfsutil.WrapBusyHandler(f.File, handler)
}
