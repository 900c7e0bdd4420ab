package datasets

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCSVAgain: a value of another kind far down, for which a table is read twice, gives the same rows as a table whose kinds are known
// at once, whatever the reader is; a pipe, which has its bytes only once, is an error that says what helps.
func TestCSVAgain(t *testing.T) {
	var b strings.Builder
	const n = blockRows + 600
	for i := range n {
		fmt.Fprintln(&b, i)
	}
	b.WriteString("word\n")
	text := b.String()
	const before = "not,a,part\nof the table\n"
	path := filepath.Join(t.TempDir(), "x.csv")
	require.NoError(t, os.WriteFile(path, []byte(before+text), 0o644))
	file := must(os.Open(path))
	defer file.Close()
	memory := strings.NewReader(before + text)
	for _, r := range []io.ReadSeeker{file, memory} {
		_, err := r.Seek(int64(len(before)), io.SeekStart)
		require.NoError(t, err)
	}
	pipe := func() *os.File {
		r, w, err := os.Pipe()
		require.NoError(t, err)
		go func() {
			defer w.Close()
			_, _ = io.WriteString(w, text)
		}()
		return r
	}
	byName := pipe()
	defer byName.Close()
	name := fmt.Sprintf("/dev/fd/%d", byName.Fd())
	if _, err := os.Stat(name); err != nil {
		name = ""
	}
	for _, c := range []struct {
		name  string
		read  func() (*Table, error)
		twice bool
	}{
		{"memory", func() (*Table, error) { return CSV{NoHeader: true}.Read(strings.NewReader(text), "x") }, true},
		{"middle of memory", func() (*Table, error) { return CSV{NoHeader: true}.Read(memory, "x") }, true},
		{"middle of a file", func() (*Table, error) { return CSV{NoHeader: true}.Read(file, "x") }, true},
		{"no Seeker", func() (*Table, error) {
			return CSV{NoHeader: true}.Read(onlyReader{strings.NewReader(text)}, "x")
		}, false},
		{"pipe", func() (*Table, error) { r := pipe(); defer r.Close(); return CSV{NoHeader: true}.Read(r, "x") }, false},
		{"pipe by name", func() (*Table, error) { return CSV{NoHeader: true}.Open(name) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.name == "pipe by name" && name == "" {
				t.Skip("no /dev/fd")
			}
			table, err := c.read()
			if !c.twice {
				require.ErrorContains(t, err, `column 1: got "word", want a number as in the rows before; Kinds can make the column a category`)
				return
			}
			require.NoError(t, err)
			require.Equal(t, n+1, table.Len())
			words := must(table.Strings("1"))
			require.Equal(t, []string{"0", "1"}, words[:2])
			require.Equal(t, "word", words[n])
		})
	}
	if name != "" {
		_, err := CSV{NoHeader: true}.Stream(name)
		require.ErrorContains(t, err, "got a pipe or a device, want a file, which each pass reads again")
	}
}
