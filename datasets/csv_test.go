package datasets

import (
	"encoding/csv"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorgonia.org/tensor"
)

func TestCSV(t *testing.T) {
	const flowers = "id,width,height,kind\n1,0.5, 2 ,rose\n\n2,1e-1,-3,\"lily\"\n3,+4,.5,rose\n"
	for _, c := range []struct {
		name    string
		csv     CSV
		input   string
		columns []string
		x       any
		xShape  []int
		y       any
		yShape  []int
		classes []string
	}{
		{"classes by name", CSV{Target: []string{"kind"}, Skip: []string{"id"}, Classes: true}, flowers,
			[]string{"width", "height"}, []float32{0.5, 2, 0.1, -3, 4, 0.5}, []int{3, 2}, []float32{1, 0, 1}, []int{3}, []string{"lily", "rose"}},
		{"classes in numerical order", CSV{NoHeader: true, Target: []string{"2"}, Classes: true}, "0,10\n0,9\n0,-1\n",
			[]string{"1"}, []float32{0, 0, 0}, []int{3, 1}, []float32{2, 1, 0}, []int{3}, []string{"-1", "9", "10"}},
		{"targets in the order of Target", CSV{Target: []string{"c", "a"}}, "a,b,c\n1,2,3\n4,5,6\n",
			[]string{"b"}, []float32{2, 5}, []int{2, 1}, []float32{3, 1, 6, 4}, []int{2, 2}, nil},
		{"no target", CSV{NoHeader: true}, "1,2\n3,4", []string{"1", "2"}, []float32{1, 2, 3, 4}, []int{2, 2}, nil, nil, nil},
		{"semicolons, CRLF, byte order mark", CSV{Comma: ';', Target: []string{"y"}}, "\ufeffy;x\r\n1;2\r\n",
			[]string{"x"}, []float32{2}, []int{1, 1}, []float32{1}, []int{1, 1}, nil},
		{"float64", CSV{NoHeader: true, DType: tensor.Float64, Target: []string{"1"}}, "1e300,0.1\n",
			[]string{"2"}, []float64{0.1}, []int{1, 1}, []float64{1e300}, []int{1, 1}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := c.csv.Read(strings.NewReader(c.input), "x.csv")
			require.NoError(t, err)
			assert.Equal(t, c.columns, table.Columns)
			assert.Equal(t, c.classes, table.Classes)
			assert.Equal(t, c.x, table.X.Data())
			assert.Equal(t, c.xShape, []int(table.X.Shape()))
			if c.y == nil {
				assert.Nil(t, table.Y)
				return
			}
			assert.Equal(t, c.y, table.Y.Data())
			assert.Equal(t, c.yShape, []int(table.Y.Shape()))
		})
	}
}

func TestCSVErrors(t *testing.T) {
	for _, c := range []struct {
		name, input string
		csv         CSV
		want        string
	}{
		{"empty file", "", CSV{}, "line 1: got the end of the file, want a line of fields"},
		{"only names", "a,b\n", CSV{}, "line 2: got the end of the file, want a line of data after the names"},
		{"a word", "a,b\n1,2\n3,x\n", CSV{}, `line 3, column 2 (b): got "x", want a number`},
		{"a word, no names", "1,2\n3,x\n", CSV{NoHeader: true}, `line 2, column 2: got "x", want a number`},
		{"empty field", "a,b\n,2\n", CSV{}, `line 2, column 1 (a): got "", want a number`},
		{"after a field of two lines", "a,b\n\"x\ny\",1\n2,z\n", CSV{Skip: []string{"a"}}, `line 4, column 2 (b): got "z", want a number`},
		{"NaN", "a\nNaN\n", CSV{}, `line 2, column 1 (a): got "NaN", want a finite number`},
		{"infinity", "a\n-inf\n", CSV{}, `line 2, column 1 (a): got "-inf", want a finite number`},
		{"beyond float32", "a\n1e39\n", CSV{}, `line 2, column 1 (a): got "1e39", want a number in the range of float32`},
		{"beyond float64", "a\n1e309\n", CSV{DType: tensor.Float64}, `line 2, column 1 (a): got "1e309", want a number in the range of float64`},
		{"target", "a,b\n1,x\n", CSV{Target: []string{"b"}}, `line 2, column 2 (b): got "x", want a number`},
		{"class without a name", "a,b\n1, \n", CSV{Target: []string{"b"}, Classes: true}, `line 2, column 2 (b): got " ", want the name of a class`},
		{"short line", "a,b\n1,2\n3\n", CSV{}, "line 3: got 1 fields, want 2 as in line 1"},
		{"long line", "a,b\n1,2,3\n", CSV{}, "line 2: got 3 fields, want 2 as in line 1"},
		{"quote", "a,b\n1,\"2\n", CSV{}, `parse error on line 2, column 6: extraneous or missing " in quoted-field`},
		{"two columns of one name", "a,b,a\n1,2,3\n", CSV{}, `line 1, column 3: got the name "a" of column 1 again, want another name`},
		{"unknown target", "a,b\n1,2\n", CSV{Target: []string{"c"}}, `Target: got "c", want names of the columns ["a" "b"]`},
		{"unknown column to skip", "1,2\n", CSV{NoHeader: true, Skip: []string{"3"}}, `Skip: got "3", want names of the columns ["1" "2"]`},
		{"both target and skipped", "a,b\n1,2\n", CSV{Target: []string{"a"}, Skip: []string{"a"}}, `Target and Skip: got column 1, "a", twice, want it once`},
		{"nothing left", "a,b\n1,2\n", CSV{Target: []string{"a", "b"}}, "Target and Skip: got every column, want at least one left for X"},
		{"classes without a target", "a,b\n1,2\n", CSV{Classes: true}, "Target: got 0 columns, want 1, since Classes is set"},
		{"integers", "a\n1\n", CSV{DType: tensor.Int}, "DType: got int, want float32 or float64"},
		{"comma", "a\n1\n", CSV{Comma: '"'}, "csv: invalid field or comment delimiter"},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := c.csv.Read(strings.NewReader(c.input), "x.csv")
			assert.Nil(t, table)
			assert.EqualError(t, err, "datasets: x.csv: "+c.want)
		})
	}
	var parse *csv.ParseError
	_, err := CSV{}.Read(strings.NewReader("a\n\"x\n"), "x.csv")
	assert.True(t, errors.As(err, &parse))
}

func TestCSVOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.csv")
	_, err := CSV{}.Open(path)
	assert.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(path, []byte("a\n1\n2\n"), 0o644))
	table, err := CSV{}.Open(path)
	require.NoError(t, err)
	assert.Equal(t, []float32{1, 2}, table.X.Data())
}

func FuzzCSV(f *testing.F) {
	f.Add("a,b\n1,2\n", false, false)
	f.Add("1,2\n3,x\n", true, true)
	f.Add("\ufeffa,b\n\"x\ny\",1\n2,z\n", false, true)
	f.Add("a,b\n1,\"2\n", true, false)
	f.Fuzz(func(t *testing.T, input string, noHeader, classes bool) {
		c := CSV{NoHeader: noHeader}
		if classes {
			c.Classes, c.Target = true, []string{"1"}
		}
		table, err := c.Read(strings.NewReader(input), "x")
		if err != nil {
			if table != nil || !strings.HasPrefix(err.Error(), "datasets: x: ") {
				t.Fatal(table, err)
			}
			return
		}
		x := table.X.Data().([]float32)
		if len(x) == 0 || len(x)%len(table.Columns) != 0 {
			t.Fatalf("%d values, %d columns", len(x), len(table.Columns))
		}
		for _, v := range x {
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				t.Fatal(v)
			}
		}
		if classes {
			for _, v := range table.Y.Data().([]float32) {
				if v < 0 || int(v) >= len(table.Classes) {
					t.Fatal(v, table.Classes)
				}
			}
		}
	})
}
