package main

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed slim
var slim embed.FS

// replacements are modules that the page's program gets empty forms of, which halves it: the files, and the package in the module.
var replacements = []struct{ module, file, dir string }{
	{"github.com/golang/protobuf", "slim/protobuf/proto.go.txt", "proto"},
	{"github.com/gogo/protobuf", "slim/gogo/gogoproto.go.txt", "gogoproto"},
	{"github.com/awalterschulze/gographviz", "slim/gographviz/gographviz.go.txt", "."},
}

// program builds the page's program, without the tables for debuggers.
func program(ctx context.Context) ([]byte, error) {
	dir, err := os.MkdirTemp("", "playground")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	modfile, err := replaced(ctx, dir)
	if err != nil {
		return nil, err
	}
	out := filepath.Join(dir, "program.wasm")
	if _, err := tool(ctx, "build", "-modfile="+modfile, "-trimpath", "-ldflags=-s -w", "-o", out, worker); err != nil {
		return nil, err
	}
	return os.ReadFile(out)
}

// replaced writes a go.mod that is the main module's with the replacements, and returns its path.
func replaced(ctx context.Context, dir string) (string, error) {
	main, err := tool(ctx, "env", "GOMOD")
	if err != nil {
		return "", err
	}
	main = strings.TrimSpace(main)
	if main == "" || main == os.DevNull {
		return "", fmt.Errorf("got a folder outside of any module, want one of nndiy or of a module that requires it")
	}
	mod, err := os.ReadFile(main)
	if err != nil {
		return "", err
	}
	for _, r := range replacements {
		content, err := slim.ReadFile(r.file)
		if err != nil {
			return "", err
		}
		at := filepath.Join(dir, filepath.FromSlash(r.module))
		to := filepath.Join(at, r.dir, strings.TrimSuffix(filepath.Base(r.file), ".txt"))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(to, content, 0o644); err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(at, "go.mod"), []byte("module "+r.module+"\n\ngo 1.21\n"), 0o644); err != nil {
			return "", err
		}
		mod = fmt.Appendf(mod, "\nreplace %s => %q\n", r.module, at)
	}
	sum, err := os.ReadFile(strings.TrimSuffix(main, "mod") + "sum")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "playground.mod")
	if err := os.WriteFile(filepath.Join(dir, "playground.sum"), sum, 0o644); err != nil {
		return "", err
	}
	return path, os.WriteFile(path, mod, 0o644)
}

// tool runs the Go tool for WebAssembly and returns what it prints. go run puts the tool that runs it first in the path.
func tool(ctx context.Context, args ...string) (string, error) {
	c := exec.CommandContext(ctx, "go", args...)
	c.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=", "GOWORK=off")
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", args[0], err, stderr.Bytes())
	}
	return string(out), nil
}
