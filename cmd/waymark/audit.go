package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"waymark/internal/casework"
	"waymark/internal/db"
	"waymark/internal/keys"
	"waymark/internal/site"
)

type auditCommand struct {
	Verify     auditVerifyCommand     `cmd:"" help:"Reckon the whole log anew and name what was altered, removed, added or re-ordered."`
	Prove      auditProveCommand      `cmd:"" help:"Prove every entry about one case, in a file that waymark-verify checks by itself."`
	Checkpoint auditCheckpointCommand `cmd:"" help:"Write the signed checkpoint of the log into a file, to be kept where nobody who runs this copy can change it."`
}

// withLog opens the records for one command, which may run beside a copy that serves.
func (r records) withLog(f func(context.Context, *site.Private) error) (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	private, err := r.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, private.Close()) }()
	// Whoever serves next must not wait until this command is given up.
	defer func() { err = errors.Join(err, private.Log.Release(context.WithoutCancel(ctx))) }()
	return f(ctx, private)
}

type auditVerifyCommand struct {
	records
	Against []string `type:"existingfile" help:"File of checkpoints that were kept elsewhere. They alone show that somebody who holds the signing key rewrote the log."`
}

// Run ends with an error when anything is not as it was written.
func (c *auditVerifyCommand) Run() error {
	var kept []string
	for _, path := range c.Against {
		text, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("the file of a kept checkpoint cannot be read: %w", err)
		}
		kept = append(kept, string(text))
	}
	return c.withLog(func(ctx context.Context, p *site.Private) error {
		report, err := p.Log.Verify(ctx, kept...)
		if err != nil {
			return err
		}
		report.Print(os.Stdout)
		if !report.Sound() {
			return errors.New("the log is not as it was written")
		}
		return nil
	})
}

type auditProveCommand struct {
	records
	Case string `arg:"" help:"The reference of the record, such as 'K7MP 2QRX', or its id in the log."`
	Out  string `type:"path" required:"" help:"The new file for the proof. It holds ids and codes, no names."`
}

// Run leaves in the log that the proof was made.
func (c *auditProveCommand) Run() error {
	return c.withLog(func(ctx context.Context, p *site.Private) error {
		var id string
		err := p.DB.Read(ctx, "", func(tx *db.Tx) (err error) { id, err = casework.IDOf(tx, c.Case); return err })
		if err != nil {
			return err
		}
		proof, err := p.Log.Prove(ctx, "", id)
		if err != nil {
			return err
		}
		text, err := json.MarshalIndent(proof, "", " ")
		if err != nil {
			return err
		}
		if err := leave(c.Out, os.O_EXCL, append(text, '\n')); err != nil {
			return err
		}
		fmt.Printf("%d entries are proved in %s. Whoever gets it checks it with: waymark-verify -key '%s' %s\n",
			len(proof.Entries), c.Out, p.Log.Key(), filepath.Base(c.Out))
		return nil
	})
}

type auditCheckpointCommand struct {
	records
	Out string `type:"path" required:"" help:"The file, outside the data folder. A file of earlier checkpoints is added to."`
}

// Run leaves in the log that a checkpoint was taken.
func (c *auditCheckpointCommand) Run() error {
	if keys.Outside(c.Out, c.Data) != nil {
		return fmt.Errorf("%s lies inside the data folder: whoever changes the log there changes this as well; keep it elsewhere", c.Out)
	}
	return c.withLog(func(ctx context.Context, p *site.Private) error {
		signed, err := p.Log.Take(ctx, "")
		if err != nil {
			return err
		}
		if err := leave(c.Out, os.O_APPEND, []byte(signed+"\n")); err != nil {
			return err
		}
		fmt.Printf("The checkpoint is in %s. Hand it to somebody who does not run this copy. The key of this log is\n%s\n", c.Out, p.Log.Key())
		return nil
	})
}

// leave writes a file that only its owner can read, and returns when it is on disk.
func leave(path string, how int, text []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|how, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s is there already; choose another name", path)
	}
	if err != nil {
		return fmt.Errorf("the file cannot be made: %w", err)
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Sync(), file.Close())
}
