// Command waymark is the door: sub-commands, settings and help, and nothing else.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/alecthomas/kong"
)

// version is set when a release is built.
var version = "development"

// cli is the manual: every sub-command with its flags.
type cli struct {
	Demo    demoCommand    `cmd:"" help:"Show Waymark on this machine with content that came with it. Keeps nothing."`
	Serve   serveCommand   `cmd:"" help:"Run a copy for a partnership."`
	Pack    packCommand    `cmd:"" help:"Check, compare and activate content packs."`
	Config  configCommand  `cmd:"" help:"Print every setting, its value and where it came from."`
	Key     keyCommand     `cmd:"" help:"Make, check and change the master key."`
	Admin   adminCommand   `cmd:"" help:"Make an administrator without a browser."`
	Audit   auditCommand   `cmd:"" help:"Verify the log, prove what it says about a case, and take checkpoints of it."`
	Backup  backupCommand  `cmd:"" help:"Back up the records and their keys, also while serving."`
	Restore restoreCommand `cmd:"" help:"Restore a backup: on trial, to see that it can be, or into an empty folder."`
	Doctor  doctorCommand  `cmd:"" help:"Look at everything that this copy needs, one line for each, with what to do."`
	Version versionCommand `cmd:"" help:"Print the version."`

	ConfigFile string `name:"config" type:"path" default:"waymark.yaml" env:"WAYMARK_CONFIG" help:"The file of settings."`
}

func main() {
	os.Exit(run(os.Args[1:]))
}

// run is main with its arguments handed in, so that scripts can test the whole command line.
func run(args []string) int {
	var c cli
	source := &settingsFile{}
	parser, err := kong.New(&c,
		kong.Name("waymark"),
		kong.Description("Waymark helps people who work with children who may have been trafficked: what to notice, what to do now, whom to call."),
		kong.UsageOnError(),
		kong.Resolvers(source),
		kong.Bind(source),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, "waymark:", err)
		return 2
	}
	if err := source.read(args); err != nil {
		fmt.Fprintln(os.Stderr, "waymark:", err)
		return 2
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(os.Stderr, "waymark:", err)
		return 2
	}
	err = command.Run(source)
	var code exitCode
	if errors.As(err, &code) {
		return int(code)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "waymark:", err)
		return 1
	}
	return 0
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run() error {
	fmt.Println("waymark", version)
	return nil
}
