package keys

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"waymark/internal/seal"
)

// Source says where the master key comes from: one of three.
type Source struct {
	File    string // a file that only its owner can read
	Text    string // the key itself, out of a variable of the environment
	Command string // a line for /bin/sh that prints the key, for whoever keeps it in a vault
}

const (
	tooMuch  = 4096 // no text of a key is near as long
	patience = 30 * time.Second
)

// Read gives the master key, or one sentence about why it cannot. data is the data folder: a key beside the data it
// opens would be stolen, backed up and restored together with it.
func (s Source) Read(ctx context.Context, data string) (seal.Master, error) {
	named := 0
	for _, from := range []string{s.File, s.Text, s.Command} {
		if from != "" {
			named++
		}
	}
	switch {
	case named == 0:
		return seal.Master{}, errors.New("no master key is named; make one with `waymark key new --out FILE`, then name it with --master-key-file, --master-key-command or the variable WAYMARK_MASTER_KEY")
	case named > 1:
		return seal.Master{}, errors.New("the master key is named more than once; use one of --master-key-file, --master-key-command and WAYMARK_MASTER_KEY")
	case s.File != "":
		return readFile(s.File, data)
	case s.Command != "":
		return readCommand(ctx, s.Command)
	}
	m, err := seal.ParseMaster([]byte(s.Text))
	if err != nil {
		return seal.Master{}, fmt.Errorf("the variable WAYMARK_MASTER_KEY holds no master key: %w", err)
	}
	return m, nil
}

func readFile(path, data string) (seal.Master, error) {
	if err := Outside(path, data); err != nil {
		return seal.Master{}, err
	}
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe that nobody writes to must not hold us up
	if errors.Is(err, fs.ErrNotExist) {
		return seal.Master{}, fmt.Errorf("there is no file %s, in which the master key should be", path)
	}
	if err != nil {
		return seal.Master{}, fmt.Errorf("the file of the master key cannot be read: %w", err)
	}
	defer file.Close()
	info, err := file.Stat() // of what is open, so that nobody can change it in between
	if err != nil {
		return seal.Master{}, fmt.Errorf("the file of the master key cannot be read: %w", err)
	}
	switch owner, known := info.Sys().(*syscall.Stat_t); {
	case !info.Mode().IsRegular():
		return seal.Master{}, fmt.Errorf("%s is no ordinary file; use --master-key-command for a key that comes from elsewhere", path)
	case info.Mode().Perm()&0o077 != 0:
		return seal.Master{}, fmt.Errorf("others than its owner can reach the master key in %s; close it: chmod 600 %s", path, path)
	case known && int(owner.Uid) != os.Geteuid():
		return seal.Master{}, fmt.Errorf("the master key in %s belongs to another user of this machine; let the user that runs Waymark own it", path)
	}
	text, err := io.ReadAll(io.LimitReader(file, tooMuch))
	if err != nil {
		return seal.Master{}, fmt.Errorf("the file of the master key cannot be read: %w", err)
	}
	m, err := seal.ParseMaster(text)
	if err != nil {
		return seal.Master{}, fmt.Errorf("%s holds no master key: %w", path, err)
	}
	return m, nil
}

// Outside refuses a path for a secret inside the data folder, wherever links lead.
func Outside(path, data string) error {
	if data == "" {
		return nil
	}
	inside, err := realPath(path)
	if err != nil {
		return err
	}
	folder, err := realPath(data)
	if err != nil {
		return err
	}
	if between, err := filepath.Rel(folder, inside); err == nil && between != ".." && !strings.HasPrefix(between, "../") {
		return fmt.Errorf("%s lies inside the data folder %s: whoever takes the data would take the key with it; keep the key elsewhere", path, data)
	}
	return nil
}

// realPath follows links. What is not there yet stands where its folder stands.
func realPath(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	found, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) && filepath.Dir(path) != path {
		above, err := realPath(filepath.Dir(path))
		return filepath.Join(above, filepath.Base(path)), err
	}
	return found, err
}

// readCommand runs the operator's own command. What it prints is never shown; what it says on its error output goes
// where ours goes.
func readCommand(ctx context.Context, line string) (seal.Master, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	said := &limited{}
	command := exec.CommandContext(ctx, "/bin/sh", "-c", line)
	command.Stdout, command.Stderr = said, os.Stderr
	command.WaitDelay = time.Second
	switch err := command.Run(); {
	case said.over:
		return seal.Master{}, errors.New("the command for the master key printed more than a key")
	case ctx.Err() != nil:
		return seal.Master{}, fmt.Errorf("the command for the master key did not end within %s", patience)
	case err != nil:
		return seal.Master{}, fmt.Errorf("the command for the master key failed: %w", err)
	}
	m, err := seal.ParseMaster(said.said)
	if err != nil {
		return seal.Master{}, fmt.Errorf("the command for the master key printed none: %w", err)
	}
	return m, nil
}

// limited takes as much as a key can be, and ends the command that prints more.
type limited struct {
	said []byte
	over bool
}

func (l *limited) Write(p []byte) (int, error) {
	if len(l.said)+len(p) > tooMuch {
		l.over = true
		return 0, errors.New("too much")
	}
	l.said = append(l.said, p...)
	return len(p), nil
}
