package datasets

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/nndiy/nndiy/graph"
)

// Pictures reads labelled pictures from files in PNG, JPEG, GIF and WebP, of any sizes. The files are decoded when their batch is
// needed, so their number is not limited by memory; put a Prefetch around the set to decode ahead of training with all cores:
//
//	set, err := datasets.Pictures{Picture: datasets.Picture{Height: 64, Width: 64}}.Open("flowers")
//	train := datasets.Prefetch{From: set}
type Pictures struct {
	Picture

	// SkipDamaged has Open decode every file once, with all cores, and leave out those that cannot be decoded, which
	// PictureSet.Damaged lists. Otherwise such a file is an error of its batch.
	SkipDamaged bool

	MaxBytes int64 // limit of the memory of a list file's paths and labels, and with a sixteenth of it of a line; 0 means 1 GiB
}

// A PictureSet is a data set of pictures in files. X is (n, Channels, Height, Width), from 0 to 1; Y is (n), the class numbers as
// float32, or nil if the pictures have no labels. Its methods are safe for concurrent use.
type PictureSet struct {
	Files   []string // paths of the pictures
	Labels  []int    // the class number of each; nil without labels
	Classes Classes[string]
	Damaged []error // of the files that were left out, with their paths

	Picture
}

var (
	_ Indexed           = (*PictureSet)(nil)
	_ graph.StepCounter = (*PictureSet)(nil)
	_ tasked            = (*PictureSet)(nil)
)

// Open finds the pictures of a folder, or of a list file. In a folder, each subfolder is a class of its name, with all pictures in it
// and below; pictures in the folder itself, without subfolders, have no labels. Files of other types, and names that begin with a
// dot, are left out; links are followed. A list file is CSV without a header: on each line the path of a picture, relative to the
// list's folder, and its label, or no label on any line. It may be compressed, as for CSV.Open.
func (p Pictures) Open(path string) (*PictureSet, error) {
	err := p.check()
	if err == nil {
		err = listCSV(p.MaxBytes).check()
	}
	s := &PictureSet{Picture: p.Picture}
	var labels []string
	if err == nil {
		var info os.FileInfo
		if info, err = os.Stat(path); err == nil {
			if info.IsDir() {
				labels, err = s.folder(path)
			} else {
				labels, err = s.list(path, p.MaxBytes)
			}
		}
	}
	if err == nil && len(s.Files) == 0 {
		err = fmt.Errorf("%s: got no files of pictures, want at least one .png, .jpg, .jpeg, .gif or .webp", path)
	}
	if err == nil && p.SkipDamaged {
		if labels = s.skip(labels); len(s.Files) == 0 {
			err = fmt.Errorf("%s: got only damaged pictures, want at least one that is not: %w", path, s.Damaged[0])
		}
	}
	if err == nil && labels != nil {
		if s.Classes, err = ClassesOf(labels); err == nil {
			for _, l := range labels {
				n, _ := s.Classes.Number(l)
				s.Labels = append(s.Labels, n)
			}
		}
	}
	if err != nil {
		return nil, placed("Pictures", err)
	}
	return s, nil
}

// list reads a list file and returns the labels.
func (s *PictureSet) list(path string, most int64) (labels []string, err error) {
	c := listCSV(most)
	in, err := c.openRecords(path)
	if err == nil {
		defer in.close()
		labels, err = s.listed(in, filepath.Dir(path), c.maxBytes())
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return labels, nil
}

// listCSV is the form of list files.
func listCSV(most int64) CSV { return CSV{NoHeader: true, MaxColumns: 2, MaxBytes: most} }

// listed reads the records of a list file that is in a folder.
func (s *PictureSet) listed(in records, dir string, most int64) (labels []string, err error) {
	for used := int64(0); ; {
		fields, err := in.next() // all lines have as many fields as the first
		switch {
		case err == io.EOF:
			return labels, nil
		case err != nil:
			return nil, err
		case len(fields[0]) == 0:
			return nil, fmt.Errorf("%s: got an empty path, want that of a picture", in.where(-1))
		}
		name := filepath.FromSlash(string(fields[0]))
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		s.Files = append(s.Files, name)
		used += int64(len(name)) + 48 // with the head of the string, the number of the class, and room to grow
		if len(fields) == 2 {
			if len(fields[1]) == 0 {
				return nil, fmt.Errorf("%s: got an empty label, want one on each line or on none", in.where(-1))
			}
			labels = append(labels, string(fields[1]))
			used += int64(len(fields[1])) + 32
		}
		if used > most {
			return nil, fmt.Errorf("%s: got a list that takes more than %d bytes, want at most that, as MaxBytes says", in.where(-1), most)
		}
	}
}

// skip decodes all files, leaves out the damaged ones, and returns the labels of the others.
func (s *PictureSet) skip(labels []string) (kept []string) {
	found := make([]error, len(s.Files))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(s.Files)) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(found)); i = next.Add(1) - 1 {
				_, found[i] = s.Picture.decodeFile(s.Files[i])
			}
		})
	}
	wg.Wait()
	var files []string
	for i, err := range found {
		if err != nil {
			s.Damaged = append(s.Damaged, err)
			continue
		}
		files = append(files, s.Files[i])
		if labels != nil {
			kept = append(kept, labels[i])
		}
	}
	s.Files = files
	return kept
}
