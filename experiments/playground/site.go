package main

import (
	"bytes"
	"context"
	"embed"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

//go:embed site
var embedded embed.FS

// worker is the package of the page's program.
const worker = "github.com/nndiy/nndiy/experiments/playground/worker"

// A site is the files that a browser loads, by their paths.
type site map[string][]byte

// build returns the site: the embedded files, the guide through the lessons, the program, which the Go tool
// builds, and Go's script that runs it.
func build(ctx context.Context) (site, error) {
	s := site{}
	err := fs.WalkDir(embedded, "site", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		s[strings.TrimPrefix(p, "site/")], err = embedded.ReadFile(p)
		return err
	})
	if err != nil {
		return nil, err
	}
	if s["lessons.html"], err = lessons(); err != nil {
		return nil, err
	}
	if s["program.wasm"], err = program(ctx); err != nil {
		return nil, err
	}
	root, err := tool(ctx, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	s["wasm_exec.js"], err = os.ReadFile(filepath.Join(strings.TrimSpace(root), "lib", "wasm", "wasm_exec.js"))
	return s, err
}

// ServeHTTP serves the site.
func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" {
		name = "index.html"
	}
	content, ok := s[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(w, "got another method, want GET or HEAD", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Type", contentType(name))
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

// contentType returns the type of a file. The system's table, which net/http reads, may have other ones.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".wasm":
		return "application/wasm"
	}
	return "application/octet-stream"
}
