package callbacks

import (
	"errors"
	"fmt"
	"io"
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

// eventName is what the names of files begin with: by it TensorBoard knows them.
const eventName = "events.out.tfevents."

// newEventFile makes a file in a folder. By the time in its name, in seconds with ten digits, TensorBoard knows the order of
// several.
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
	begin := fmt.Sprintf("%s%010d.%s.%d.", eventName, time.Now().Unix(), host, os.Getpid())
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

// continueEventFile opens a file that a training has written, and cuts off what is behind the given size. If there is no such
// file or it is shorter, since it never came to the disk, it makes another.
func continueEventFile(dir, name string, size int64) (*eventFile, error) {
	if size <= 0 || filepath.Base(name) != name || !strings.HasPrefix(name, eventName) { // a checkpoint may be anybody's
		return newEventFile(dir)
	}
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY, 0)
	if errors.Is(err, os.ErrNotExist) {
		return newEventFile(dir)
	}
	if err != nil {
		return nil, err
	}
	switch end, err := f.Seek(0, io.SeekEnd); {
	case err != nil:
		return nil, errors.Join(err, f.Close())
	case end < size:
		if err := f.Close(); err != nil {
			return nil, err
		}
		return newEventFile(dir)
	}
	if err := cutTo(f, size); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &eventFile{f, tfevents.Continue(f, time.Now)}, nil
}

// size returns the size of the file, which is where it is written.
func (f *eventFile) size() (int64, error) { return f.Seek(0, io.SeekCurrent) }

// close closes the file, if there is one.
func (f *eventFile) close() error {
	if f == nil {
		return nil
	}
	return f.File.Close()
}
