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

// An eventFile is an open TensorBoard event file.
type eventFile struct {
	*os.File
	events *tfevents.Writer
}

// eventName begins the name of every event file; TensorBoard finds them by it.
const eventName = "events.out.tfevents."

// newEventFile creates a file in a folder, and the folder. The name contains the time in seconds, with ten digits: TensorBoard
// reads the files of a folder in the order of their names.
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
		if errors.Is(err, os.ErrExist) { // from another run in the same second
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

// continueEventFile opens a file that an earlier run has written, and truncates it to the given size. If the file does not
// exist, or is shorter because its end never reached the disk, it creates a new one.
func continueEventFile(dir, name string, size int64) (*eventFile, error) {
	if size <= 0 || filepath.Base(name) != name || !strings.HasPrefix(name, eventName) { // a checkpoint may come from anyone
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

// size returns the current position, which is the size of the file.
func (f *eventFile) size() (int64, error) { return f.Seek(0, io.SeekCurrent) }

// close closes the file; f may be nil.
func (f *eventFile) close() error {
	if f == nil {
		return nil
	}
	return f.File.Close()
}
