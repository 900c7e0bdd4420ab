package datasets

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
)

type car struct {
	Price  float64 `table:"price,target"`
	Make   string
	Advert string `table:"advert,text"`
	Doors  int    `table:",category"`
	Sold   time.Time
	Owner  *string
	Age    sql.NullInt64
	New    bool
	Note   string `table:"-"`
	secret int
}

func TestStructs(t *testing.T) {
	owner := "Ann"
	table, err := Structs([]car{
		{Price: 1.5, Make: "Fiat", Advert: "nice car", Doors: 3, Sold: time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC), Owner: &owner, Age: sql.NullInt64{Int64: 7, Valid: true}, New: true, secret: 1},
		{Price: math.NaN(), Doors: 5},
	})
	require.NoError(t, err)
	assert.Equal(t, "price number*, Make category, advert text, Doors category, Sold time, Owner category, Age number, New category", kindsOf(table))
	assert.Equal(t, []string{"map[Age:7 Doors:3 Make:Fiat New:true Owner:Ann Sold:2020-01-02 00:00:00 +0000 UTC advert:nice car price:1.5]",
		"map[Age:<nil> Doors:5 Make:<nil> New:false Owner:<nil> Sold:<nil> advert:<nil> price:<nil>]"}, rowsOf(t, table))
}

func TestStructsErrors(t *testing.T) {
	_, err := Structs([]int{1})
	assert.EqualError(t, err, "datasets: Structs: got a slice of int, want one of structs")
	_, err = Structs([]struct{ A []int }{{}})
	assert.EqualError(t, err, "datasets: Structs: field A: got the type []int, want a number, a string, a bool, a time, a pointer to one, or a driver.Valuer")
	_, err = Structs([]struct {
		A int `table:"a,label"`
	}{{}})
	assert.EqualError(t, err, `datasets: Structs: field A: got "label" in its tag, want target, number, category, text or time`)
	_, err = Structs([]struct{ A float64 }{{1}, {math.Inf(1)}})
	assert.EqualError(t, err, `datasets: Structs: row 2, column 1 (A): got "+Inf", want a number`)
	_, err = Structs([]struct{ A int }{})
	assert.EqualError(t, err, "datasets: Structs: got no rows, want at least one")
}

// query is a database whose only query returns these rows.
type query struct {
	names []string
	rows  [][]driver.Value
	fails error
}

func (q *query) Open(string) (driver.Conn, error)           { return q, nil }
func (q *query) Prepare(string) (driver.Stmt, error)        { return q, nil }
func (q *query) Begin() (driver.Tx, error)                  { return nil, errors.New("no") }
func (q *query) Close() error                               { return nil }
func (q *query) NumInput() int                              { return 0 }
func (q *query) Exec([]driver.Value) (driver.Result, error) { return nil, errors.New("no") }
func (q *query) Query([]driver.Value) (driver.Rows, error)  { return q, nil }
func (q *query) Columns() []string                          { return q.names }
func (q *query) Next(to []driver.Value) error {
	if len(q.rows) == 0 && q.fails != nil {
		return q.fails
	}
	if len(q.rows) == 0 {
		return io.EOF
	}
	copy(to, q.rows[0])
	q.rows = q.rows[1:]
	return nil
}

var theQuery = &query{}

func init() { sql.Register("query", theQuery) }

// queried returns what SQL reads from a query.
func queried(t *testing.T, s SQL, q query) (*Table, error) {
	db, err := sql.Open("query", "")
	require.NoError(t, err)
	defer db.Close()
	*theQuery = q
	rows, err := db.Query("")
	require.NoError(t, err)
	return s.Read(rows)
}

func TestSQL(t *testing.T) {
	read := func(s SQL, q query) (*Table, error) { return queried(t, s, q) }
	day := time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC)
	table, err := read(SQL{Target: []string{"ok"}}, query{names: []string{"id", "price", "name", "day", "ok"}, rows: [][]driver.Value{
		{int64(1), []byte("12.50"), "x", day, true}, {int64(2), 0.1, nil, nil, false}, {nil, nil, "NA", day, true}}})
	require.NoError(t, err)
	assert.Equal(t, "id number, price number, name category, day time, ok category*", kindsOf(table))
	assert.Equal(t, []string{"map[day:2020-01-02 03:04:05 +0000 UTC id:1 name:x ok:true price:12.5]", "map[day:<nil> id:2 name:<nil> ok:false price:0.1]",
		"map[day:2020-01-02 03:04:05 +0000 UTC id:<nil> name:NA ok:true price:<nil>]"}, rowsOf(t, table))

	_, err = read(SQL{}, query{names: []string{"a"}})
	assert.EqualError(t, err, "datasets: SQL: got no rows, want at least one")
	_, err = read(SQL{}, query{names: []string{"a"}, rows: [][]driver.Value{{int64(1)}}, fails: io.ErrUnexpectedEOF})
	assert.EqualError(t, err, "datasets: SQL: after row 1: unexpected EOF")
	_, err = read(SQL{Kinds: map[string]graph.Kind{"a": graph.KindNumber}}, query{names: []string{"a"}, rows: [][]driver.Value{{int64(1)}, {"x"}}})
	assert.EqualError(t, err, `datasets: SQL: row 2, column 1 (a): got "x", want a number`)
}

// TestFloat32: a float32 from a field, a pointer, a Valuer or a query has the shortest text that stands for it: "0.1".
func TestFloat32(t *testing.T) {
	type size float32
	type count int16
	tenth, named, big := float32(0.1), size(0.1), float32(16777216)
	for name, f := range map[string]func() (*Table, error){
		"field": func() (*Table, error) {
			return Structs([]struct {
				A float32 `table:",category"`
			}{{0.1}, {float32(math.NaN())}, {big}})
		},
		"named type": func() (*Table, error) {
			return Structs([]struct {
				A size `table:",category"`
			}{{0.1}, {size(math.NaN())}, {size(big)}})
		},
		"pointer": func() (*Table, error) {
			return Structs([]struct {
				A *float32 `table:",category"`
			}{{&tenth}, {nil}, {&big}})
		},
		"pointer to a named type": func() (*Table, error) {
			top := size(big)
			return Structs([]struct {
				A *size `table:",category"`
			}{{&named}, {nil}, {&top}})
		},
		"Valuer": func() (*Table, error) {
			return Structs([]struct {
				A sql.Null[float32] `table:",category"`
			}{{sql.Null[float32]{V: 0.1, Valid: true}}, {}, {sql.Null[float32]{V: big, Valid: true}}})
		},
		"query": func() (*Table, error) {
			return queried(t, SQL{Kinds: map[string]graph.Kind{"A": graph.KindCategory}}, query{names: []string{"A"}, rows: [][]driver.Value{{tenth}, {nil}, {big}}})
		},
		"query, named type": func() (*Table, error) {
			return queried(t, SQL{Kinds: map[string]graph.Kind{"A": graph.KindCategory}}, query{names: []string{"A"}, rows: [][]driver.Value{{named}, {size(math.NaN())}, {size(big)}}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			table, err := f()
			require.NoError(t, err)
			assert.Equal(t, []string{"map[A:0.1]", "map[A:<nil>]", "map[A:1.6777216e+07]"}, rowsOf(t, table))
		})
	}
	table, err := Structs([]struct {
		A sql.Null[int32]
		B sql.Null[count]
		C float32
		D float64 `table:",category"`
	}{{sql.Null[int32]{V: -3, Valid: true}, sql.Null[count]{V: 4, Valid: true}, 0.1, float64(tenth)}})
	require.NoError(t, err)
	assert.Equal(t, "A number, B number, C number, D category", kindsOf(table))
	assert.Equal(t, []string{"map[A:-3 B:4 C:0.1 D:0.10000000149011612]"}, rowsOf(t, table))
	_, err = queried(t, SQL{}, query{names: []string{"A"}, rows: [][]driver.Value{{complex64(1)}}})
	assert.EqualError(t, err, "datasets: SQL: row 1, column 1 (A): got a complex64, want a number, a string, a bool, a time or NULL")
	_, err = Structs([]struct{ A complex64 }{{1}})
	assert.EqualError(t, err, "datasets: Structs: field A: got the type complex64, want a number, a string, a bool, a time, a pointer to one, or a driver.Valuer")
}
