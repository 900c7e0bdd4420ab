package datasets

import (
	"database/sql/driver"
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

	"github.com/nndiy/nndiy/graph"
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
			var names []string
			for _, f := range table.Fields() {
				if !f.Target {
					names = append(names, f.Name)
				}
			}
			assert.Equal(t, c.columns, names)
			assert.Equal(t, c.classes, table.Classes())
			a, err := table.Arrays()
			require.NoError(t, err)
			assert.Equal(t, c.x, a.X.Data())
			assert.Equal(t, c.xShape, []int(a.X.Shape()))
			if c.y == nil {
				assert.Nil(t, a.Y)
				return
			}
			assert.Equal(t, c.y, a.Y.Data())
			assert.Equal(t, c.yShape, []int(a.Y.Shape()))
		})
	}
}

func numbersIn(names ...string) map[string]graph.Kind {
	kinds := map[string]graph.Kind{}
	for _, name := range names {
		kinds[name] = graph.KindNumber
	}
	return kinds
}

func TestCSVErrors(t *testing.T) {
	for _, c := range []struct {
		name, input string
		csv         CSV
		want        string
	}{
		{"empty file", "", CSV{}, "line 1: got the end of the file, want a line of fields"},
		{"only names", "a,b\n", CSV{}, "line 2: got the end of the file, want a line of data after the names"},
		{"a word", "a,b\n1,2\n3,x\n", CSV{Kinds: numbersIn("a", "b")}, `line 3, column 2 (b): got "x", want a number`},
		{"a word, no names", "1,2\n3,x\n", CSV{NoHeader: true, Kinds: numbersIn("2")}, `line 2, column 2: got "x", want a number`},
		{"after a field of two lines", "a,b\n\"x\ny\",1\n2,z\n", CSV{Skip: []string{"a"}, Kinds: numbersIn("b")}, `line 4, column 2 (b): got "z", want a number`},
		{"infinity", "a\n-inf\n", CSV{Kinds: numbersIn("a")}, `line 2, column 1 (a): got "-inf", want a number`},
		{"beyond float64", "a\n1e309\n", CSV{Kinds: numbersIn("a")}, `line 2, column 1 (a): got "1e309", want a number`},
		{"target", "a,b\n1,x\n", CSV{Target: []string{"b"}, Kinds: numbersIn("b")}, `line 2, column 2 (b): got "x", want a number`},
		{"short line", "a,b\n1,2\n3\n", CSV{}, "line 3: got 1 fields, want 2 as in line 1"},
		{"long line", "a,b\n1,2,3\n", CSV{}, "line 2: got 3 fields, want 2 as in line 1"},
		{"quote", "a,b\n1,\"2\n", CSV{}, `parse error on line 2, column 6: extraneous or missing " in quoted-field`},
		{"two columns of one name", "a,b,a\n1,2,3\n", CSV{}, `column 3: got the name "a" of column 1 again, want another name`},
		{"unknown target", "a,b\n1,2\n", CSV{Target: []string{"c"}}, `Target: got "c", want names of the columns ["a" "b"]`},
		{"unknown column to skip", "1,2\n", CSV{NoHeader: true, Skip: []string{"3"}}, `Skip: got "3", want names of the columns ["1" "2"]`},
		{"both target and skipped", "a,b\n1,2\n", CSV{Target: []string{"a"}, Skip: []string{"a"}}, `Target: got column "a", which Skip or Use leave out, want it in the table`},
		{"nothing left", "a,b\n1,2\n", CSV{Target: []string{"a", "b"}}, "Target, Use and Skip: got no other columns, want at least one besides the targets"},
		{"classes without a target", "a,b\n1,2\n", CSV{Classes: true}, "Target: got no columns, want at least 1, since Classes is set"},
		{"long field", "a\n" + strings.Repeat("x", 200_000), CSV{MaxBytes: 1 << 20}, "line 2: got more than 65536 bytes, want at most that, a sixteenth of MaxBytes"},
		{"long record", "a\n\"" + strings.Repeat("x\n", 100_000), CSV{MaxBytes: 1 << 20}, "line 2: got more than 65536 bytes, want at most that, a sixteenth of MaxBytes"},
		{"many columns", strings.Repeat(",", 1_000_000), CSV{NoHeader: true}, "line 1: got more than 65536 columns, want at most that, as MaxColumns says"},
		{"large table", "a\n" + strings.Repeat("0.1\n", 100_000), CSV{MaxBytes: 1 << 19}, "line 61442: got a table that takes more than 524288 bytes, want at most that, as MaxBytes says"},
		{"unknown kind", "a\n1\n", CSV{Kinds: map[string]graph.Kind{"a": "word"}}, `Kinds: "a": got "word", want number, category, text or time`},
		{"a name in Latin-1", "b,pr\xe9nom\n1,2\n", CSV{}, `column 2: got the name "pr\xe9nom", want UTF-8`},
		{"UTF-16", utf16le("a\tb\r\n1\t2\r\n"), CSV{Comma: '\t'}, `column 1: got the name "\xff\xfea\x00", want UTF-8`},
		{"UTF-16 with a target", utf16le("a,b\n1,2\n"), CSV{Target: []string{"b"}}, `Target: got "b", want names of the columns ["\xff\xfea\x00" "\x00b\x00"]`},
		{"UTF-16, no names", utf16le("1,2\n"), CSV{NoHeader: true}, `line 1, column 1: got "\xff\xfe1\x00", want UTF-8`},
		{"not UTF-8", "a\n\xff\n", CSV{}, `line 2, column 1 (a): got "\xff", want UTF-8`},
		{"date", "a\n2020-01-02\n2020-13-02\n", CSV{Kinds: map[string]graph.Kind{"a": graph.KindTime}},
			`line 3, column 1 (a): got "2020-13-02", want a date or time, such as 2006-01-02 or 2006-01-02T15:04:05Z`},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := c.csv.Read(strings.NewReader(c.input), "x.csv")
			assert.Nil(t, table)
			assert.EqualError(t, err, "datasets: x.csv: "+c.want)
		})
	}
	for want, c := range map[string]CSV{
		"Comma: got '\"', want a character other than a quote and a line break":         {Comma: '"'},
		"Comment: got ',', want a character other than a quote, a line break and Comma": {Comment: ','},
		"Decimal: got ',', want another Comma than that":                                {Decimal: ','},
		"DType: got int, want float32 or float64":                                       {DType: tensor.Int},
		"MaxBytes: got -1, want at least 0 and at most 2.305843009213694e+18":           {MaxBytes: -1},
	} {
		t.Run(want, func(t *testing.T) {
			_, err := c.Read(strings.NewReader("a\n1\n"), "x.csv")
			assert.EqualError(t, err, "datasets: CSV: "+want)
		})
	}
	var parse *csv.ParseError
	_, err := CSV{}.Read(strings.NewReader("a\n\"x\n"), "x.csv")
	assert.True(t, errors.As(err, &parse))
}

// utf16le encodes ASCII text in UTF-16, little-endian, with a byte order mark.
func utf16le(text string) string {
	b := []byte("\xff\xfe")
	for _, c := range []byte(text) {
		b = append(b, c, 0)
	}
	return string(b)
}

// TestNamesUTF8: every source of a table refuses the name of a column that a model's file could not hold.
func TestNamesUTF8(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.csv")
	require.NoError(t, os.WriteFile(path, []byte("pr\xe9nom,b\n1,2\n"), 0o666))
	const want = `column 1: got the name "pr\xe9nom", want UTF-8`
	_, err := CSV{}.Open(path)
	require.ErrorContains(t, err, want)
	_, err = CSV{}.Stream(path)
	require.ErrorContains(t, err, want)
	table, err := CSV{Use: []string{"b"}}.Open(path) // a column that is left out does no harm
	require.NoError(t, err)
	require.Equal(t, []string{"map[b:2]"}, rowsOf(t, table))
	_, err = queried(t, SQL{}, query{names: []string{"pr\xe9nom"}, rows: [][]driver.Value{{1}}})
	require.ErrorContains(t, err, want)
	_, err = Structs([]struct {
		A int "table:\"pr\\xe9nom\""
	}{{1}})
	require.ErrorContains(t, err, want)
}

func TestCSVOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.csv")
	_, err := CSV{}.Open(path)
	assert.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(path, []byte("a\n1\n2\n"), 0o644))
	table, err := CSV{}.Open(path)
	require.NoError(t, err)
	a, err := table.Arrays()
	require.NoError(t, err)
	assert.Equal(t, []float32{1, 2}, a.X.Data())
}

func FuzzCSV(f *testing.F) {
	f.Add("a,b\n1,2\n", false, false, byte(0))
	f.Add("1,2\n3,x\n", true, true, byte(1))
	f.Add("\ufeffa,b\n\"x\ny\",1\n2,z\n", false, true, byte(2))
	f.Add("a,b\n1,\"2\n", true, false, byte(3))
	f.Add("# no\na;b\n1,5;2020-01-02\n;\n", false, false, byte(3))
	f.Fuzz(func(t *testing.T, input string, noHeader, classes bool, form byte) {
		c := CSV{NoHeader: noHeader, MaxBytes: 1 << 20}
		if form&1 != 0 {
			c.Comma, c.Decimal = ';', ','
		}
		if form&2 != 0 {
			c.Comment, c.Lines = '#', int(form>>4)
		}
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
		if table.Len() == 0 || table.String() == "" {
			t.Fatalf("%d rows", table.Len())
		}
		n := 0
		for row, err := range table.Rows() {
			if err != nil || len(row) != len(table.Fields()) {
				t.Fatal(row, err)
			}
			for _, f := range table.Fields() {
				if v, ok := row[f.Name].(float64); ok && (math.IsNaN(v) || math.IsInf(v, 0) || f.Kind != graph.KindNumber) {
					t.Fatal(f, v)
				}
			}
			n++
		}
		if n != table.Len() {
			t.Fatalf("%d rows, want %d", n, table.Len())
		}
		if names := table.Classes(); classes && len(names) == 0 {
			for _, v := range must(table.Strings("1")) {
				if v != "" {
					t.Fatal("no classes")
				}
			}
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
