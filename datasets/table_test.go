package datasets

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

// kindsOf returns the kinds of a table's columns, with a star at targets.
func kindsOf(rows graph.Rows) string {
	var list []string
	for _, f := range rows.Fields() {
		star := ""
		if f.Target {
			star = "*"
		}
		list = append(list, f.Name+" "+string(f.Kind)+star)
	}
	return strings.Join(list, ", ")
}

// rowsOf returns the rows as text.
func rowsOf(t *testing.T, rows graph.Rows) (list []string) {
	for row, err := range rows.Rows() {
		require.NoError(t, err)
		list = append(list, fmt.Sprint(row))
	}
	return list
}

func TestTableKinds(t *testing.T) {
	for _, c := range []struct {
		name, input string
		csv         CSV
		kinds       string
		rows        []string
	}{
		{"every kind, missing values", "n,c,d,label\n1,x,2020-01-02,a\nNA,,?,b\n-2.5e3,y,2021-12-31,a\n", CSV{Target: []string{"label"}},
			"n number, c category, d time, label category*",
			[]string{"map[c:x d:2020-01-02 00:00:00 +0000 UTC label:a n:1]", "map[c:<nil> d:<nil> label:b n:<nil>]",
				"map[c:y d:2021-12-31 00:00:00 +0000 UTC label:a n:-2500]"}},
		{"decimal comma", "a;b\n1,5;x\n-,25;y\n", CSV{Comma: ';', Decimal: ','}, "a number, b category", []string{"map[a:1.5 b:x]", "map[a:-0.25 b:y]"}},
		{"comments, skipped lines, chosen columns", "a report\n\n#no\na,b,c\n#no\n1,2,3\n", CSV{Comment: '#', Lines: 1, Use: []string{"c", "a"}},
			"a number, c number", []string{"map[a:1 c:3]"}},
		{"missing words", "a\n1\n-999\n", CSV{Missing: []string{"-999x"}}, "a number", []string{"map[a:1]", "map[a:-999]"}},
		{"a word for missing", "a\n1\nnone\n", CSV{Missing: []string{"none"}}, "a number", []string{"map[a:1]", "map[a:<nil>]"}},
		{"numbers for missing", "a,b\n-999,-999.0\n1,\" -999\"\n-99,x\n,2\n", CSV{Missing: []string{"-999"}}, "a number, b category",
			[]string{"map[a:<nil> b:-999.0]", "map[a:1 b: -999]", "map[a:-99 b:x]", "map[a:<nil> b:2]"}},
		{"numbers for missing, as they stand", "a,b\n0,1\n0.0,0\n 0 ,\"0\"\n-0,\" 0\"\n", CSV{Missing: []string{"0"}}, "a number, b number",
			[]string{"map[a:<nil> b:1]", "map[a:0 b:<nil>]", "map[a:<nil> b:<nil>]", "map[a:-0 b:0]"}},
		{"dates for missing", "a,b\n2020-01-02,1\n9999-12-31,0\n", CSV{Missing: []string{"9999-12-31", "0"}}, "a time, b number",
			[]string{"map[a:2020-01-02 00:00:00 +0000 UTC b:1]", "map[a:<nil> b:<nil>]"}},
		{"numbers for missing, with Kinds", "a,b,c\n-9,-9,-9\n", CSV{Missing: []string{"-9"}, Kinds: map[string]graph.Kind{"a": graph.KindNumber, "b": graph.KindTime, "c": graph.KindText}},
			"a number, b time, c text", []string{"map[a:<nil> b:<nil> c:<nil>]"}},
		{"a number of another point for missing", "a;b\n-9,5;1\n2,5;-9,5\n", CSV{Comma: ';', Decimal: ',', Missing: []string{"-9,5"}}, "a number, b number",
			[]string{"map[a:<nil> b:1]", "map[a:2.5 b:<nil>]"}},
		{"wide separator", "a→b\n1→\"x→\"\"y\"\"\"\n", CSV{Comma: '→'}, "a number, b category", []string{`map[a:1 b:x→"y"]`}},
		{"lines in a field", "a,b\n\"x\r\ny\",\" 1 \"\r\nz,2", CSV{}, "a category, b number", []string{"map[a:x\r\ny b:1]", "map[a:z b:2]"}},
		{"numbers and words", "a\n1\nx\n", CSV{}, "a category", []string{"map[a:1]", "map[a:x]"}},
		{"number of kind category", "a\n01\n1\n", CSV{Kinds: map[string]graph.Kind{"a": graph.KindCategory}}, "a category", []string{"map[a:01]", "map[a:1]"}},
		{"nothing but missing", "a,b\n,1\n", CSV{}, "a number, b number", []string{"map[a:<nil> b:1]"}},
		{"times", "a\n2020-01-02T03:04:05.5Z\n2020-01-02T03:04:05+01:00\n", CSV{}, "a time",
			[]string{"map[a:2020-01-02 03:04:05.5 +0000 UTC]", "map[a:2020-01-02 02:04:05 +0000 UTC]"}},
		{"days first", "a\n02.01.2020\n31.12.1960\n", CSV{}, "a time", []string{"map[a:2020-01-02 00:00:00 +0000 UTC]", "map[a:1960-12-31 00:00:00 +0000 UTC]"}},
		{"no hexadecimal, no infinity", "a,b,c\n0x10,inf,1_000\n", CSV{}, "a category, b category, c category", []string{"map[a:0x10 b:inf c:1_000]"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := c.csv.Read(strings.NewReader(c.input), "x.csv")
			require.NoError(t, err)
			assert.Equal(t, c.kinds, kindsOf(table))
			assert.Equal(t, c.rows, rowsOf(t, table))
			path := filepath.Join(t.TempDir(), "x.csv")
			require.NoError(t, os.WriteFile(path, []byte(c.input), 0o644))
			stream, err := c.csv.Stream(path)
			require.NoError(t, err)
			assert.Equal(t, c.kinds, kindsOf(stream))
			assert.Equal(t, c.rows, rowsOf(t, stream))
		})
	}
}

// TestTableText: a column of sentences is text.
func TestTableText(t *testing.T) {
	var b strings.Builder
	b.WriteString("say,id\n")
	for i := range 50 {
		fmt.Fprintf(&b, "this is sentence number %d,id%d\n", i, i)
	}
	table, err := CSV{}.Read(strings.NewReader(b.String()), "x")
	require.NoError(t, err)
	assert.Equal(t, "say text, id category", kindsOf(table))
}

// large is a table of several blocks, whose columns change their nature late.
func large(n int) string {
	var b strings.Builder
	b.WriteString("small,wide,real,late,id\n")
	for i := range n {
		late := strconv.Itoa(i % 7)
		if i == n-2 {
			late = "x"
		}
		fmt.Fprintf(&b, "%d,%d,%v,%s,%d name\n", i%100-50, i*37, float64(i)/8, late, i)
	}
	return b.String()
}

func TestTableBlocks(t *testing.T) {
	n := 2*blockRows + 9
	text := large(n)
	table, err := CSV{}.Read(strings.NewReader(text), "x")
	require.NoError(t, err)
	assert.Equal(t, "small number, wide number, real number, late category, id category", kindsOf(table))
	require.Equal(t, n, table.Len())
	i := 0
	for row := range table.Rows() {
		late := any(strconv.Itoa(i % 7))
		if i == n-2 {
			late = "x"
		}
		require.Equal(t, map[string]any{"small": float64(i%100 - 50), "wide": float64(i * 37), "real": float64(i) / 8, "late": late,
			"id": fmt.Sprintf("%d name", i)}, row)
		i++
	}
	require.Equal(t, n, i)
	assert.NotNil(t, table.columns[0].numbers.blocks[0].i8)
	assert.NotNil(t, table.columns[1].numbers.blocks[1].i32)
	assert.NotNil(t, table.columns[2].numbers.blocks[0].f64)
	assert.True(t, table.columns[4].words.many)

	_, err = CSV{}.Read(onlyReader{strings.NewReader(text)}, "x")
	assert.EqualError(t, err, fmt.Sprintf(`datasets: x: line %d, column 4 (late): got "x", want a number as in the rows before; Kinds can make the column a category`, n))

	part, err := table.Take([]int{n - 2, 3})
	require.NoError(t, err)
	assert.Equal(t, []string{"x", "3"}, must(part.Strings("late")))
	part, err = part.Take([]int{1, 1})
	require.NoError(t, err)
	assert.Equal(t, []string{"3 name", "3 name"}, must(part.Strings("id")))
	_, err = part.Take([]int{2})
	assert.EqualError(t, err, "datasets: Table.Take: got row 2, want 0 to 1")
	_, err = part.Strings("no")
	assert.ErrorContains(t, err, `datasets: Table.Strings: got the column "no", want one of ["small" "wide" "real" "late" "id"]`)
}

type onlyReader struct{ r *strings.Reader }

func (o onlyReader) Read(p []byte) (int, error) { return o.r.Read(p) }

func TestTableCompressed(t *testing.T) {
	dir, text := t.TempDir(), []byte(large(100))
	var z, s bytes.Buffer
	gz := gzip.NewWriter(&z)
	gz.Write(text)
	gz.Close()
	zs, err := zstd.NewWriter(&s)
	require.NoError(t, err)
	zs.Write(text)
	zs.Close()
	want := rowsOf(t, must(CSV{}.Read(bytes.NewReader(text), "x")))
	for name, data := range map[string][]byte{"a.csv": text, "a.csv.gz": z.Bytes(), "a.csv.zst": s.Bytes()} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(dir, name)
			require.NoError(t, os.WriteFile(path, data, 0o644))
			table, err := CSV{}.Open(path)
			require.NoError(t, err)
			assert.Equal(t, want, rowsOf(t, table))
			require.NoError(t, os.WriteFile(path, data[:len(data)/2], 0o644))
			if _, err = (CSV{}).Open(path); name != "a.csv" {
				assert.ErrorContains(t, err, "datasets: "+path+": ")
			}
		})
	}
	bomb := filepath.Join(dir, "bomb.csv.gz")
	z.Reset()
	gz = gzip.NewWriter(&z)
	gz.Write([]byte("a\n"))
	for range 1000 {
		gz.Write(bytes.Repeat([]byte("1.5\n"), 1<<12))
	}
	gz.Close()
	require.NoError(t, os.WriteFile(bomb, z.Bytes(), 0o644))
	_, err = CSV{MaxBytes: 1 << 22}.Open(bomb)
	assert.ErrorContains(t, err, "got a table that takes more than 4194304 bytes, want at most that, as MaxBytes says")
}

func TestTableString(t *testing.T) {
	table, err := CSV{Target: []string{"y"}}.Read(strings.NewReader("x,when,city,y\n1,2020-01-01,Lyon,0\n2,2020-01-03,Lyon,1\n,2020-01-02 12:00:00,Oslo,1\n"), "x")
	require.NoError(t, err)
	assert.Equal(t, `3 rows, 4 columns
column  kind      missing  distinct  values
x       number    1        2         1 … 1 … 2 … 2 … 2
when    time      0        3         2020-01-01 … 2020-01-02 12:00:00 … 2020-01-02 12:00:00 … 2020-01-03 … 2020-01-03
city    category  0        2         "Lyon" × 2, "Oslo" × 1
y       number *  0        2         0 … 1 … 1 … 1 … 1`, table.String())
}

// TestParseNumber: every decimal number is the float64 that strconv gives.
func TestParseNumber(t *testing.T) {
	for _, s := range []string{"0", "-0", "1", "+1", "123456789012345678", "9007199254740993", "0.1", "-.5", "5.", "1e5", "1E-7", "3.14159265358979",
		"123456789012345678901234567890", "0.000000000000000000001", "1e308", "4.9e-324", "00012.50", "179769313486231570000e288"} {
		v, ok := parseNumber([]byte(s), '.')
		want, err := strconv.ParseFloat(s, 64)
		require.NoError(t, err)
		if !ok || math.Float64bits(v) != math.Float64bits(want) {
			t.Errorf("%s: got %v %v, want %v", s, v, ok, want)
		}
	}
	for _, s := range []string{"", "-", ".", "e5", "1e", "1e999", "1.2.3", "0x1", "inf", "nan", "1_0", "1 2", "--1", "1,5"} {
		if v, ok := parseNumber([]byte(s), '.'); ok {
			t.Errorf("%q: got %v, want an error", s, v)
		}
	}
}

func TestTimeOf(t *testing.T) {
	for _, s := range []string{"1960-05-06T07:08:09.25Z", "2024-02-29T23:59:59.999999Z", "1970-01-01T00:00:00Z"} {
		want, err := time.Parse(time.RFC3339Nano, s)
		require.NoError(t, err)
		got := timeOf(float64(want.Unix()) + float64(want.Nanosecond())/1e9)
		assert.InDelta(t, 0, got.Sub(want).Seconds(), 2e-6, s)
	}
}
