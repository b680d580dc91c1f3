package web

import (
	"embed"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// assetRoot is where style, script and pictures stand; their names hold a hash of what they are.
const assetRoot = "/assets/"

//go:embed assets/dist
var dist embed.FS

// asset is one file, ready to send, under its name with the hash in it.
type asset struct {
	path  string
	ready *ready
}

var assetsByName, assetsByPath = loadAssets()

func loadAssets() (byName, byPath map[string]*asset) {
	byName, byPath = map[string]*asset{}, map[string]*asset{}
	entries, err := fs.ReadDir(dist, "assets/dist")
	if err != nil {
		panic(err) // embedded, so it cannot be missing
	}
	for _, entry := range entries {
		body, err := dist.ReadFile("assets/dist/" + entry.Name())
		if err != nil {
			panic(err)
		}
		name, ext := entry.Name(), path.Ext(entry.Name())
		made := &asset{
			path:  assetRoot + strings.TrimSuffix(name, ext) + "." + digest(body) + ext,
			ready: prepare(content{status: http.StatusOK, kind: assetKinds[ext], body: body, immutable: true}),
		}
		byName[name], byPath[made.path] = made, made
	}
	return byName, byPath
}

var assetKinds = map[string]string{
	".css":         "text/css; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".webmanifest": "application/manifest+json",
}

// Asset is the path of a file of assets/dist, hash included. A name that is not there gives a path that is not found.
func Asset(name string) string {
	if found, ok := assetsByName[name]; ok {
		return found.path
	}
	return assetRoot + name
}

// serveAsset answers for style, script and pictures. An asset that is not there falls through to "not found".
func (s *site) serveAsset(w http.ResponseWriter, r *http.Request, now time.Time) bool {
	if !strings.HasPrefix(r.URL.Path, assetRoot) || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
		return false
	}
	if strings.HasPrefix(r.URL.Path, assetRoot+"foot.") {
		s.serveFoot(w, r, now)
		return true
	}
	found, ok := assetsByPath[r.URL.Path]
	if !ok {
		return false
	}
	n := found.ready.serve(w, r)
	s.logQuietly(r, assetRoot, found.ready.statusFor(r), n, now)
	return true
}
