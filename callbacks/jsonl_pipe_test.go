package callbacks_test

import (
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/nndiy/nndiy/callbacks"
)

// TestJSONLPipe: Path may name a pipe, as /dev/stdout does behind a program whose output goes to another one.
func TestJSONLPipe(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	path := fmt.Sprintf("/dev/fd/%d", w.Fd())
	if _, err := os.Stat(path); err != nil {
		t.Skip("no /dev/fd")
	}
	s := script{logs: twoEpochs}
	err = s.play(&callbacks.JSONL{Path: path})
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != twoObjects {
		t.Errorf("got\n%s%v\nwant\n%s", got, err, twoObjects)
	}
}
