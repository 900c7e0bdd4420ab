package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/stretchr/testify/require"
)

// TestServe: the server has the files with their types, and nothing else.
func TestServe(t *testing.T) {
	s := site{"index.html": []byte("<p>"), "app.js": []byte("1"), "program.wasm": []byte("\x00asm"), "style.css": []byte("p{}")}
	for path, want := range map[string]string{
		"/": "text/html; charset=utf-8", "/app.js": "text/javascript; charset=utf-8", "/program.wasm": "application/wasm",
		"/style.css": "text/css; charset=utf-8", "/no.js": "", "/../main.go": "", "/site/app.js": "",
	} {
		t.Run(path, func(t *testing.T) {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, &http.Request{Method: "GET", URL: &url.URL{Path: path}})
			if want == "" {
				require.Equal(t, http.StatusNotFound, w.Code)
				return
			}
			require.Equal(t, http.StatusOK, w.Code)
			require.Equal(t, want, w.Header().Get("Content-Type"))
		})
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("POST", "/", nil))
	require.Equal(t, http.StatusMethodNotAllowed, w.Code)
}

// TestWrite: the folder has every file, and beside it the same content compressed.
func TestWrite(t *testing.T) {
	s := site{"index.html": []byte(strings.Repeat("<p>text", 100)), "sub/a.js": []byte("1")}
	dir := t.TempDir()
	var out bytes.Buffer
	require.NoError(t, s.write(dir, &out))
	for name, content := range s {
		plain, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		require.Equal(t, content, plain)
		zipped, err := os.Open(filepath.Join(dir, name+".gz"))
		require.NoError(t, err)
		z, err := gzip.NewReader(zipped)
		require.NoError(t, err)
		unzipped, err := io.ReadAll(z)
		require.NoError(t, err)
		require.Equal(t, content, unzipped)
		zipped.Close()
		small, err := os.ReadFile(filepath.Join(dir, name+".br"))
		require.NoError(t, err)
		unpacked, err := io.ReadAll(brotli.NewReader(bytes.NewReader(small)))
		require.NoError(t, err)
		require.Equal(t, content, unpacked)
		require.Contains(t, out.String(), name)
	}
}

// TestFiles: no embedded file names another host, except for links that a user may follow, and every module that is imported exists.
func TestFiles(t *testing.T) {
	files, err := embedded.ReadDir("site")
	require.NoError(t, err)
	imports := regexp.MustCompile(`(?:from |import\(|importScripts\(|Worker\(|href=|src=)['"]([^'"#]+)['"]`)
	for _, f := range files {
		if f.IsDir() {
			continue // data
		}
		content, err := embedded.ReadFile("site/" + f.Name())
		require.NoError(t, err)
		text := string(content)
		for _, link := range []string{`<a href="https://github.com/nndiy/nndiy">`, "http://www.w3.org/2000/svg", "url(#arrow)"} {
			text = strings.ReplaceAll(text, link, "")
		}
		require.NotRegexp(t, `https?://|url\(`, text, f.Name())
		for _, m := range imports.FindAllStringSubmatch(text, -1) {
			name := strings.TrimPrefix(m[1], "./")
			if name == "wasm_exec.js" || strings.HasPrefix(name, "data:") {
				continue
			}
			_, err := embedded.ReadFile("site/" + name)
			require.NoError(t, err, "%s imports %s", f.Name(), m[1])
		}
	}
}

// TestFlags: wrong ones are errors.
func TestFlags(t *testing.T) {
	for _, args := range [][]string{{"-none"}, {"extra"}, {"-site", t.TempDir(), "-address", "localhost:0"}} {
		var stderr bytes.Buffer
		require.Equal(t, 2, run(args, io.Discard, &stderr))
		require.NotEmpty(t, stderr.String())
	}
	require.Zero(t, run([]string{"-help"}, io.Discard, io.Discard))
}
