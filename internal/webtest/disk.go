package webtest

import (
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
)

// sector is what a disk writes whole or not at all. A page of SQLite is eight of them, so a page can be torn.
const sector = 512

// Disk is a disk under SQLite that does what a real one may do. What is written stays in this process until SQLite asks
// for a sync, so a process that is killed takes it along as a loss of power would. Part of it reaches the disk early all
// the same, in any order. The disk can also be full, or refuse every change.
type Disk struct {
	Early float64 // the chance, after each write, that some sectors go to the disk without being asked for

	room     atomic.Int64 // bytes that may still be written
	readOnly atomic.Bool

	mu    sync.Mutex
	files map[string]*content
}

// NewDisk makes a disk and registers it under a name for db.Config.VFS.
func NewDisk(name string) *Disk {
	d := &Disk{files: map[string]*content{}}
	d.Free()
	vfs.Register(name, &lossy{vfs.Find("os").(vfs.VFSFilename), d})
	return d
}

// Fill lets the disk take so many more bytes, and then no more.
func (d *Disk) Fill(left int64) { d.room.Store(left) }

// Free gives the disk room without end.
func (d *Disk) Free() { d.room.Store(math.MaxInt64 / 2) }

// ReadOnly makes the disk refuse every change, as the system does with a disk that it no longer trusts.
func (d *Disk) ReadOnly(yes bool) { d.readOnly.Store(yes) }

func (d *Disk) content(path string) *content {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.files[path]
	if c == nil {
		c = &content{disk: d, waiting: map[int64][]byte{}, cut: math.MaxInt64, size: -1}
		d.files[path] = c
	}
	return c
}

// lossy is the disk as SQLite sees it.
type lossy struct {
	vfs.VFSFilename
	disk *Disk
}

func (l *lossy) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := l.VFSFilename.OpenFilename(name, flags)
	if err != nil || name == nil || flags&(vfs.OPEN_MAIN_DB|vfs.OPEN_WAL|vfs.OPEN_MAIN_JOURNAL) == 0 {
		return file, flags, err
	}
	c := l.disk.content(filepath.Clean(name.String()))
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.size < 0 {
		if c.size, err = file.Size(); err != nil {
			file.Close()
			return nil, flags, err
		}
	}
	return &lossyFile{file, c}, flags, nil
}

func (l *lossy) Delete(name string, syncDir bool) error {
	l.disk.mu.Lock()
	delete(l.disk.files, filepath.Clean(name))
	l.disk.mu.Unlock()
	return l.VFSFilename.Delete(name, syncDir)
}

// content is what a file holds for this process: what is on the disk, and the sectors that are still on their way.
type content struct {
	disk    *Disk
	mu      sync.Mutex
	waiting map[int64][]byte // by their number
	size    int64            // -1 before the file was opened
	cut     int64            // what is on the disk from here on was truncated away
}

type lossyFile struct {
	vfs.File
	c *content
}

func (f *lossyFile) ReadAt(p []byte, off int64) (int, error) {
	f.c.mu.Lock()
	defer f.c.mu.Unlock()
	whole := len(p)
	if off >= f.c.size {
		return 0, io.EOF
	}
	p = p[:min(int64(whole), f.c.size-off)]
	for n := 0; n < len(p); {
		at := off + int64(n)
		data, err := f.sector(at / sector)
		if err != nil {
			return n, err
		}
		n += copy(p[n:], data[at%sector:])
	}
	if len(p) < whole {
		return len(p), io.EOF
	}
	return len(p), nil
}

// sector is one sector as this process sees it. It is not to be changed.
func (f *lossyFile) sector(number int64) ([]byte, error) {
	if data := f.c.waiting[number]; data != nil {
		return data, nil
	}
	data := make([]byte, sector)
	n, err := f.File.ReadAt(data, number*sector)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if keep := f.c.cut - number*sector; keep < int64(n) {
		clear(data[max(0, keep):])
	}
	return data, nil
}

func (f *lossyFile) WriteAt(p []byte, off int64) (int, error) {
	d := f.c.disk
	if d.readOnly.Load() {
		return 0, sqlite3.IOERR_WRITE
	}
	if d.room.Add(-int64(len(p))) < 0 {
		return 0, sqlite3.FULL
	}
	f.c.mu.Lock()
	defer f.c.mu.Unlock()
	for n := 0; n < len(p); {
		at := off + int64(n)
		data, err := f.sector(at / sector)
		if err != nil {
			return n, err
		}
		data = slices.Clone(data)
		n += copy(data[at%sector:], p[n:])
		f.c.waiting[at/sector] = data
	}
	f.c.size = max(f.c.size, off+int64(len(p)))
	if rand.Float64() < d.Early {
		return len(p), f.write(0.5)
	}
	return len(p), nil
}

func (f *lossyFile) Truncate(size int64) error {
	if f.c.disk.readOnly.Load() {
		return sqlite3.IOERR_TRUNCATE
	}
	f.c.mu.Lock()
	defer f.c.mu.Unlock()
	for number, data := range f.c.waiting {
		if keep := size - number*sector; keep <= 0 {
			delete(f.c.waiting, number)
		} else if keep < sector {
			clear(data[keep:])
		}
	}
	f.c.size, f.c.cut = size, min(f.c.cut, size)
	return nil
}

func (f *lossyFile) Sync(vfs.SyncFlag) error {
	if f.c.disk.readOnly.Load() {
		return sqlite3.IOERR_FSYNC
	}
	f.c.mu.Lock()
	defer f.c.mu.Unlock()
	return f.write(1)
}

// write puts sectors on the disk, each with this chance, in no order. The disk is the system's memory: a process that is
// killed does not lose that, so there is no need to wait for a real one.
func (f *lossyFile) write(chance float64) error {
	if f.c.cut != math.MaxInt64 {
		if now, err := f.File.Size(); err != nil {
			return err
		} else if f.c.cut < now {
			if err := f.File.Truncate(f.c.cut); err != nil {
				return err
			}
		}
		f.c.cut = math.MaxInt64
	}
	for number, data := range f.c.waiting {
		if chance < 1 && rand.Float64() >= chance {
			continue
		}
		data = data[:min(sector, f.c.size-number*sector)]
		if _, err := f.File.WriteAt(data, number*sector); err != nil {
			return err
		}
		delete(f.c.waiting, number)
	}
	return nil
}

func (f *lossyFile) Size() (int64, error) {
	f.c.mu.Lock()
	defer f.c.mu.Unlock()
	return f.c.size, nil
}

func (f *lossyFile) SectorSize() int { return sector }

// DeviceCharacteristics promises nothing, as a disk does of which nothing is known.
func (f *lossyFile) DeviceCharacteristics() vfs.DeviceCharacteristic { return 0 }

func (f *lossyFile) SharedMemory() vfs.SharedMemory { return vfsutil.WrapSharedMemory(f.File) }
func (f *lossyFile) LockState() vfs.LockLevel       { return vfsutil.WrapLockState(f.File) }
func (f *lossyFile) HasMoved() (bool, error)        { return vfsutil.WrapHasMoved(f.File) }
