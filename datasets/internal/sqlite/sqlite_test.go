package sqlite

import (
	"database/sql"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/nndiy/nndiy/datasets"
)

// TestSQL: a query's integers, numbers, texts, dates, NULLs and bools become columns of the right kinds.
func TestSQL(t *testing.T) {
	db, err := sql.Open("sqlite", ":memory:")
	require.NoError(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`CREATE TABLE cars (id INTEGER, price REAL, make TEXT, sold DATE, built TEXT);
		INSERT INTO cars VALUES (1, 9.5, 'Fiat', '2020-01-02', '1999-01-02'), (2, NULL, NULL, '2021-03-04', '2001-05-06')`)
	require.NoError(t, err)
	rows, err := db.Query("SELECT id, price, make, sold, built, price > 9 AS dear FROM cars ORDER BY id")
	require.NoError(t, err)
	table, err := datasets.SQL{Target: []string{"price"}}.Read(rows)
	require.NoError(t, err)
	require.Equal(t, "[{id number false} {price number true} {make category false} {sold time false} {built time false} {dear number false}]",
		fmt.Sprint(table.Fields()))
	for row, err := range table.Rows() {
		require.NoError(t, err)
		require.Equal(t, "map[built:1999-01-02 00:00:00 +0000 UTC dear:1 id:1 make:Fiat price:9.5 sold:2020-01-02 00:00:00 +0000 UTC]", fmt.Sprint(row))
		break
	}
	_, err = db.Query("SELECT nothing")
	require.Error(t, err)
}
