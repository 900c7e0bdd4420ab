package datasets

import (
	"database/sql/driver"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// FuzzStream: a file read as a stream has the rows of the table that Open reads, wherever Open finds kinds that hold to the end.
func FuzzStream(f *testing.F) {
	f.Add("a,b\n1,x\n,2020-01-02\n")
	f.Add("\ufeffa;b\n\"1\n\";x\n")
	f.Add("a\n" + strings.Repeat("1\n", 5) + "x\n")
	path := filepath.Join(f.TempDir(), "x.csv")
	f.Fuzz(func(t *testing.T, input string) {
		require.NoError(t, os.WriteFile(path, []byte(input), 0o666))
		c := CSV{MaxBytes: 1 << 20}
		table, err := c.Open(path)
		rows, streamErr := c.Stream(path)
		if err != nil {
			if streamErr == nil { // it may find the error later
				streamErr = rowsErr(rows)
			}
			require.Error(t, streamErr)
			return
		}
		require.NoError(t, streamErr)
		require.Len(t, rows.Fields(), len(table.Fields()))
		if err := rowsErr(rows); err != nil { // a value of another kind behind the first block
			require.ErrorContains(t, err, "as in the rows before")
			return
		}
		var want []map[string]any
		for row := range table.Rows() {
			want = append(want, copied(row))
		}
		i := 0
		for row := range rows.Rows() {
			require.Equal(t, want[i], copied(row))
			i++
		}
		require.Equal(t, len(want), i)
	})
}

// rowsErr returns the first error of a pass.
func rowsErr(rows graph.Rows) error {
	for _, err := range rows.Rows() {
		if err != nil {
			return err
		}
	}
	return nil
}

func copied(row map[string]any) map[string]any {
	c := map[string]any{}
	for k, v := range row {
		c[k] = v
	}
	return c
}

// FuzzSQL: rows of a query of any values and kinds give an error or a table with as many rows.
func FuzzSQL(f *testing.F) {
	f.Add([]byte("a number 1.5"), int64(3), 0.5, uint8(2), false)
	f.Add([]byte("2020-01-02"), int64(-1), math.Inf(1), uint8(3), true)
	f.Add([]byte("\xff"), int64(1<<62), math.NaN(), uint8(1), false)
	f.Fuzz(func(t *testing.T, text []byte, whole int64, number float64, columns uint8, classes bool) {
		values := []driver.Value{text, whole, number, string(text), nil, classes, time.Unix(whole%1e12, 0), []byte(nil)}
		q := query{}
		k := 1 + int(columns)%4
		for i := range k {
			q.names = append(q.names, string(rune('a'+i)))
		}
		const n = 5
		for i := range n {
			row := make([]driver.Value, k)
			for j := range row {
				row[j] = values[(i*k+j+int(columns))%len(values)]
			}
			q.rows = append(q.rows, row)
		}
		s := SQL{MaxBytes: 1 << 20}
		if classes && k > 1 {
			s.Classes, s.Target = true, []string{"a"}
		}
		table, err := queried(t, s, q)
		if err != nil {
			require.ErrorContains(t, err, "datasets: SQL: ")
			return
		}
		require.Equal(t, n, table.Len())
		require.NoError(t, rowsErr(table))
		require.NotEmpty(t, table.String())
	})
}

// FuzzList: a list file of pictures is an error or gives a path for each line, and as many labels or none.
func FuzzList(f *testing.F) {
	f.Add("a.png,cat\nb.png,dog\n")
	f.Add("a.png\n\n\"b\"\"c.png\"\n")
	f.Add("\ufeffa.png, cat\n,dog\n")
	f.Fuzz(func(t *testing.T, input string) {
		c := listCSV(1 << 16)
		in, err := c.records(strings.NewReader(input), func() error { return nil })
		if err != nil {
			return
		}
		s := &PictureSet{}
		labels, err := s.listed(in, "folder", c.maxBytes())
		if err != nil {
			return
		}
		require.NotEmpty(t, s.Files)
		if labels != nil {
			require.Len(t, labels, len(s.Files))
		}
		for _, name := range s.Files {
			require.NotEmpty(t, name)
		}
	})
}

// FuzzWindows: windows of any settings are an error, or each has its rows in order, in one group, and no row of a part is in another.
func FuzzWindows(f *testing.F) {
	f.Add(3, 2, 1, 2, int64(time.Second), []byte("aaaaaaaabbbbbbbb"), 0.5)
	f.Add(1, 0, 0, 0, int64(0), []byte("abababab"), 0.9)
	f.Add(math.MaxInt, math.MaxInt, math.MaxInt, math.MaxInt, int64(math.MaxInt64), []byte("aaa"), math.NaN())
	f.Fuzz(func(t *testing.T, length, horizon, gap, stride int, step int64, groups []byte, fraction float64) {
		n := len(groups)
		if n == 0 || n > 200 {
			return
		}
		values := make([]float32, 2*n)
		for i := range values {
			values[i] = float32(i)
		}
		s := Series{Values: dense(values, n, 2)}
		for i, g := range groups {
			s.Group = append(s.Group, string(g&3))
			s.Time = append(s.Time, time.Unix(int64(i)+int64(g>>4), 0))
		}
		if step == 0 {
			s.Time = nil
		}
		set, err := Windows{Length: length, Horizon: horizon, Gap: gap, Stride: stride, Step: time.Duration(step)}.Of(s)
		if err != nil {
			require.ErrorContains(t, err, "datasets: Windows: ")
			return
		}
		sets := []*WindowSet{set}
		if parts, err := set.Split(fraction); err == nil {
			sets = append(sets, parts...)
		}
		owner := map[int]int{}
		for p, set := range sets {
			require.Positive(t, set.Len())
			b, err := set.Rows(allRows(set.Len()))
			require.NoError(t, err)
			require.Equal(t, []int{set.Len(), length, 2}, []int(b.X.Shape()))
			for i := range set.Len() {
				x, y := set.First(i)
				require.Equal(t, s.Group[x], s.Group[y])
				require.Less(t, x, y)
				for k, row := range []int{x, y} {
					if old, ok := owner[row]; p > 0 && ok {
						require.Equal(t, old, p, "row %d", row)
					} else if p > 0 {
						owner[row] = p
					}
					if k == 0 {
						require.Equal(t, values[2*x], b.X.Float32s()[i*length*2])
					}
				}
			}
		}
	})
}
