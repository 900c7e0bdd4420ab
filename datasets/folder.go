package datasets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// The names of the four files of a set, as MNIST has them; each may be packed by gzip and then has .gz after its name.
const (
	trainImages = "train-images-idx3-ubyte"
	trainLabels = "train-labels-idx1-ubyte"
	testImages  = "t10k-images-idx3-ubyte"
	testLabels  = "t10k-labels-idx1-ubyte"
)

// IDX reads the folder dir of a set of labelled pictures in the files of MNIST: train-images-idx3-ubyte,
// train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, plain or with .gz after the name (the plain one
// where both are there). Fashion-MNIST, KMNIST and others come in this form. The pictures may have any size.
//
// An error in the contents of a file is a *FormatError; an absent file is fs.ErrNotExist.
func IDX(dir string) (train, test *Images, err error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, nil, fmt.Errorf("datasets: %w", err)
	}
	if !info.IsDir() {
		return nil, nil, fmt.Errorf("datasets: %s: got a file, want the folder of %s and the others", dir, trainImages)
	}
	return loadIDX(os.DirFS(dir), dir, nil)
}

// A fileCheck looks at a file before it is unpacked.
type fileCheck func(name string, file []byte) error

// loadIDX reads the four files of fsys, all at a time. Errors call the folder dir; check may be nil.
func loadIDX(fsys fs.FS, dir string, check fileCheck) (train, test *Images, err error) {
	parts := [4]idxPart{
		{name: trainImages, rank: 3}, {name: trainLabels, rank: 1},
		{name: testImages, rank: 3}, {name: testLabels, rank: 1},
	}
	var wg sync.WaitGroup
	for i := range parts {
		wg.Go(func() { parts[i].load(fsys, dir, check) })
	}
	wg.Wait()
	for _, p := range parts {
		if p.err != nil {
			return nil, nil, p.err
		}
	}
	if train, err = pair(parts[0], parts[1]); err != nil {
		return nil, nil, err
	}
	if test, err = pair(parts[2], parts[3]); err != nil {
		return nil, nil, err
	}
	if train.Rows != test.Rows || train.Cols != test.Cols {
		return nil, nil, &FormatError{parts[2].path, 8, fmt.Errorf("got images of %d×%d, want %d×%d as in %s",
			test.Rows, test.Cols, train.Rows, train.Cols, parts[0].path)}
	}
	return train, test, nil
}

// An idxPart is one of the four files.
type idxPart struct {
	name string // without .gz
	rank int
	path string // as errors call it
	dims []int
	data []byte
	err  error
}

// load reads the file, plain or packed.
func (p *idxPart) load(fsys fs.FS, dir string, check fileCheck) {
	name := p.name
	file, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		name += ".gz"
		file, err = fs.ReadFile(fsys, name)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		p.err = fmt.Errorf("datasets: %s: got neither %s nor %s.gz, want one of them: %w", dir, p.name, p.name, fs.ErrNotExist)
		return
	case err != nil:
		p.err = fmt.Errorf("datasets: %s: %w", dir, err)
		return
	}
	p.path = filepath.Join(dir, name)
	if check != nil {
		if p.err = check(name, file); p.err != nil {
			return
		}
	}
	p.dims, p.data, p.err = decodeIDX(p.path, file, p.rank)
}

// pair puts pictures and their labels together.
func pair(images, labels idxPart) (*Images, error) {
	if images.dims[0] != labels.dims[0] {
		return nil, &FormatError{labels.path, 4, fmt.Errorf("got %d labels, want %d, one for each image of %s",
			labels.dims[0], images.dims[0], images.path)}
	}
	return &Images{Rows: images.dims[1], Cols: images.dims[2], Pixels: images.data, Labels: labels.data}, nil
}
