// Command waymark is the door: sub-commands, settings and help, and nothing else.
package main

import (
	"fmt"
	"os"

	"waymark/internal/pack"
	"waymark/packs"
)

func main() {
	fsys, err := packs.Open("england-wales")
	if len(os.Args) > 3 {
		fsys = os.DirFS(os.Args[3])
	} else {
		fsys = os.DirFS("packs/england-wales")
	}
	if err != nil {
		panic(err)
	}
	p, err := pack.Load(fsys, packs.Open)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(p.Version(), p.Indicators.Len(), p.Settings.Len(), p.Advice.Len(), p.Records.Len(), p.Chapters.Len())
}
