// Package packs embeds the content that comes with Waymark. It holds no code.
package packs

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed all:england-wales all:demo
var files embed.FS

// Open gives the files of a pack that came with Waymark, by its id.
func Open(id string) (fs.FS, error) {
	sub, err := fs.Sub(files, id)
	if err == nil {
		_, err = fs.Stat(sub, "pack.yaml")
	}
	if err != nil {
		return nil, fmt.Errorf("no pack %q came with this program", id)
	}
	return sub, nil
}
