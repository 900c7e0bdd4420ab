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

// NPZ says how NumPy's .npz files are read and written: archives of named arrays. The zero value reads every file of
// numpy.savez whose arrays are all of types that ReadNPY reads, and of numpy.savez_compressed what does not swell too much, and
// writes as numpy.savez does.
type NPZ struct {
	MaxBytes int64 // read: the most that the arrays may take together; 0 is 16 times the file's size, and 1 MiB at least
	Compress bool  // write: as numpy.savez_compressed
}

// Open reads a file; the arrays have their names without .npy.
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

// Read reads an archive of the given size, which errors call name. Each array is read as ReadNPY does. An archive whose
// arrays take more than MaxBytes, that has one twice, or anything but arrays, is an error.
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
			return fmt.Errorf("got arrays of %d bytes so far in a file of %d bytes, want at most %d, the limit that MaxBytes sets", most-left+bytes, size, most)
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

// readMember reads one array to its end, where its checksum is.
func readMember(f *zip.File, name string, budget func(uint64) error) (*tensor.Dense, error) {
	in, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("datasets: %s: %w", name, err)
	}
	defer in.Close()
	return readOneNPY(in, name, budget)
}

// Write writes arrays, in alphabetical order; the same arrays give the same bytes.
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
