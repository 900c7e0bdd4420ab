package datasets

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/nndiy/nndiy/internal/settings"
	"gorgonia.org/tensor"
)

// NPZ reads and writes NumPy's .npz files, archives of named arrays with the element types of ReadNPY. The zero value reads the
// files of numpy.savez, and those of numpy.savez_compressed within the default of MaxBytes; it writes like numpy.savez.
type NPZ struct {
	MaxBytes int64 // for reading: limit of the size of all arrays together; 0 means 16 times the file's size, but at least 1 MiB
	Compress bool  // for writing: compress like numpy.savez_compressed
}

// Open reads the file at path, as Read does.
func (n NPZ) Open(path string) (map[string]*tensor.Dense, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("datasets: %w", err)
	}
	return n.Read(f, info.Size(), path)
}

// Read reads an archive of size bytes from r; name stands for r in errors. The keys of the result are the arrays' names, without
// the suffix .npy. Each array is read as by ReadNPY. An archive that exceeds MaxBytes, contains a name twice or contains a file
// without the suffix .npy is an error.
func (n NPZ) Read(r io.ReaderAt, size int64, name string) (map[string]*tensor.Dense, error) {
	if err := settings.Check(settings.AtLeast("MaxBytes", float64(n.MaxBytes), 0)); err != nil {
		return nil, fmt.Errorf("datasets: NPZ: %w", err)
	}
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", name, err)
	}
	left := uint64(n.MaxBytes)
	if left == 0 {
		left = max(16*uint64(size), 1<<20)
	}
	most := left
	budget := func(bytes uint64) error {
		if bytes > left {
			return fmt.Errorf("got arrays of %d bytes so far in a file of %d bytes, want at most %d, the limit that MaxBytes sets",
				most-left+bytes, size, most)
		}
		left -= bytes
		return nil
	}
	arrays := make(map[string]*tensor.Dense)
	for _, f := range archive.File {
		key, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			return nil, fmt.Errorf("datasets: %s: got %.64q in the archive, want names that end in .npy", name, f.Name)
		}
		if arrays[key] != nil {
			return nil, fmt.Errorf("datasets: %s: got a second %.64q in the archive, want each name once", name, f.Name)
		}
		if arrays[key], err = readMember(f, name+"/"+f.Name, budget); err != nil {
			return nil, err
		}
	}
	return arrays, nil
}

// readMember reads one array to the end of its file, which verifies the checksum.
func readMember(f *zip.File, name string, budget func(uint64) error) (*tensor.Dense, error) {
	in, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", name, err)
	}
	defer in.Close()
	return readOneNPY(in, name, budget)
}

// Write writes arrays in alphabetical order of their names, each as WriteNPY does. The same arrays give the same bytes. An empty
// name is an error.
func (n NPZ) Write(w io.Writer, arrays map[string]*tensor.Dense) error {
	var names []string
	for name := range arrays {
		if name == "" {
			return errors.New("datasets: NPZ: got an array with the empty name, want a name")
		}
		names = append(names, name)
	}
	slices.Sort(names)
	method := zip.Store
	if n.Compress {
		method = zip.Deflate
	}
	archive := zip.NewWriter(w)
	for _, name := range names {
		member, err := archive.CreateHeader(&zip.FileHeader{Name: name + ".npy", Method: method})
		if err == nil {
			err = writeNPY(member, arrays[name])
		}
		if err != nil {
			return fmt.Errorf("datasets: NPZ: array %.64q: %w", name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("datasets: NPZ: %w", err)
	}
	return nil
}
