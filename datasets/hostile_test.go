package datasets

import (
	"bytes"
	"compress/gzip"
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
)

// endless repeats a text up to a number of bytes, and counts how many are read.
type endless struct {
	head, text string
	size, read int
}

func (e *endless) Read(b []byte) (int, error) {
	if e.read >= e.size {
		return 0, io.EOF
	}
	n := copy(b, e.head)
	for e.head = e.head[n:]; n < len(b); {
		n += copy(b[n:], e.text[(e.read+n)%len(e.text):])
	}
	e.read += n
	return n, nil
}

const gigabyte = 1 << 30

// TestHostileCSV: a line of two gigabytes and a table of very many columns are errors. The reader stops early, and stays within
// MaxBytes. The test makes the text while it is read, so it is never in memory as a whole.
func TestHostileCSV(t *testing.T) {
	const most = 4 << 20
	for name, c := range map[string]struct {
		csv  CSV
		in   endless
		want string
	}{
		"a line":                {CSV{}, endless{text: "x"}, "line 1: got more than 262144 bytes, want at most that, a sixteenth of MaxBytes"},
		"a line below the head": {CSV{}, endless{head: "a\n", text: "x"}, "line 2: got more than 262144 bytes"},
		"a quoted field":        {CSV{}, endless{head: "a\n\"", text: "x\n"}, "line 2: got more than 262144 bytes"},
		"doubled quotes":        {CSV{}, endless{head: "a\n\"", text: "\"\""}, "line 2: got more than 262144 bytes"},
		"a comment":             {CSV{Comment: '#'}, endless{text: "#"}, "line 1: got more than 262144 bytes"},
		"a line to leave out":   {CSV{Lines: 1}, endless{text: "x"}, "line 1: got more than 262144 bytes"},
		"columns":               {CSV{NoHeader: true}, endless{text: "1,"}, "line 1: got more than 262144 bytes"},
		"a million columns":     {CSV{NoHeader: true}, endless{text: "1,", size: 2_000_000}, "line 1: got more than 262144 bytes"},
		"many columns":          {CSV{NoHeader: true}, endless{text: ",", size: 200_000}, "line 1: got more than 4096 columns, want at most that, for each takes 1024 of MaxBytes"},
		"more than MaxColumns":  {CSV{NoHeader: true, MaxColumns: 100}, endless{text: ",", size: 101}, "line 1: got more than 100 columns, want at most that, as MaxColumns says"},
		"numbers":               {CSV{}, endless{head: "a\n", text: "0.1\n"}, "got a table that takes more than 4194304 bytes"},
		"different words":       {CSV{}, endless{head: "a\n", text: differentWords()}, "got a table that takes more than 4194304 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			c.csv.MaxBytes = most
			if c.in.size == 0 {
				c.in.size = 2 * gigabyte
			}
			used := allocated(func() {
				_, err := c.csv.Read(&c.in, "x")
				require.ErrorContains(t, err, "datasets: x: ")
				require.ErrorContains(t, err, c.want)
			})
			require.LessOrEqual(t, used, uint64(10*most)) // with all that is soon garbage; the peak is less
			require.Less(t, c.in.read, 8*most)
		})
	}
}

// differentWords returns lines with a word of 100 letters each, all of which differ.
func differentWords() string {
	var b strings.Builder
	for i := range 6000 {
		fmt.Fprintf(&b, "%s%06d\n", strings.Repeat("x", 94), i)
	}
	return b.String()
}

// allocated returns the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestBombs: a small file that decompresses to much more is an error within the memory that MaxBytes allows, for tables, streams and
// lists of pictures.
func TestBombs(t *testing.T) {
	const most = 1 << 20
	dir := t.TempDir()
	bomb := func(name, text string) string {
		var b bytes.Buffer
		var w io.WriteCloser = gzip.NewWriter(&b)
		if strings.HasSuffix(name, ".zst") {
			z, err := zstd.NewWriter(&b)
			require.NoError(t, err)
			w = z
		}
		_, err := io.Copy(w, io.LimitReader(&endless{text: text, size: 1 << 40}, 8<<20))
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.Less(t, b.Len(), 1<<20)
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, b.Bytes(), 0o666))
		return path
	}
	for _, path := range []string{bomb("line.gz", "\x00"), bomb("line.zst", "\x00"), bomb("rows.gz", "1.5\n"), bomb("rows.zst", "1.5\n")} {
		t.Run(filepath.Base(path), func(t *testing.T) {
			for name, open := range map[string]func() error{
				"table": func() error { _, err := CSV{NoHeader: true, MaxBytes: most}.Open(path); return err },
				"pictures": func() error {
					_, err := Pictures{Picture: Picture{Height: 1, Width: 1}, MaxBytes: most}.Open(path)
					return err
				},
			} {
				used := allocated(func() { require.ErrorContains(t, open(), " MaxBytes", name) })
				require.LessOrEqual(t, used, uint64(8*most), name)
			}
		})
	}
	// A file of zstd that asks for a window of 2 GiB: magic number, frame header, window descriptor.
	path := filepath.Join(dir, "window.zst")
	wide := append(binary.LittleEndian.AppendUint32(nil, 0xfd2fb528), 0x00, 21<<3, 0x01, 0x00, 0x00)
	require.NoError(t, os.WriteFile(path, wide, 0o666))
	used := allocated(func() {
		_, err := CSV{MaxBytes: most}.Open(path)
		require.ErrorContains(t, err, "datasets: "+path+": ")
	})
	require.LessOrEqual(t, used, uint64(4<<20))
}

// TestHostileSQL: a query without an end is an error within the memory that MaxBytes allows.
func TestHostileSQL(t *testing.T) {
	rows := make([][]driver.Value, 100_000)
	for i := range rows {
		rows[i] = []driver.Value{float64(i) + 0.5}
	}
	_, err := queried(t, SQL{MaxBytes: 1 << 19}, query{names: []string{"a"}, rows: rows})
	require.ErrorContains(t, err, "datasets: SQL: row ")
	require.ErrorContains(t, err, "got a table that takes more than 524288 bytes, want at most that, as MaxBytes says")
}
