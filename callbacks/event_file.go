package callbacks

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nndiy/nndiy/callbacks/internal/tfevents"
)

// An eventFile is a file of TensorBoard's.
type eventFile struct {
	*os.File
	events *tfevents.Writer
}

// newEventFile makes a file in a folder, under a name as TensorBoard looks for it: by "tfevents" in it it knows the file, and
// by the time, in seconds with ten digits, the order of several.
func newEventFile(dir string) (*eventFile, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "localhost"
	}
	host = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:`, r) {
			return '-'
		}
		return r
	}, host)
	begin := fmt.Sprintf("events.out.tfevents.%010d.%s.%d.", time.Now().Unix(), host, os.Getpid())
	for n := 0; ; n++ {
		path := filepath.Join(dir, begin+fmt.Sprint(n))
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if errors.Is(err, os.ErrExist) { // of another training in this second
			continue
		}
		if err != nil {
			return nil, err
		}
		events, err := tfevents.NewWriter(f, time.Now)
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		return &eventFile{f, events}, nil
	}
}

// close closes the file, if there is one.
func (f *eventFile) close() error {
	if f == nil {
		return nil
	}
	return f.File.Close()
}
