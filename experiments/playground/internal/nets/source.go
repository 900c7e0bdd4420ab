package nets

import (
	"embed"
	"strings"
)

//go:embed conv.go dense.go narrow.go unet.go vae.go
var files embed.FS

// Source returns the Go code of the file with the given name, such as "conv", after its imports.
func Source(name string) string {
	file, err := files.ReadFile(name + ".go")
	if err != nil {
		panic(err) // the names are constants
	}
	_, text, _ := strings.Cut(string(file), "\n)\n\n")
	return text
}
