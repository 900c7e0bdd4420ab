package datasets

import (
	"database/sql"
	"database/sql/driver"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestMoments: a time from a field, a pointer, a Valuer or a query is the same moment in the table, in any location: before time zones,
// local times differed by odd seconds. The zero time of a struct is missing wherever it comes from.
func TestMoments(t *testing.T) {
	zone := func(seconds int) *time.Location { return time.FixedZone("LMT", seconds) }
	for name, at := range map[string]time.Time{
		"UTC":                  time.Date(2020, 1, 2, 3, 4, 5, 6000, time.UTC),
		"hours":                time.Date(2020, 1, 2, 3, 4, 5, 0, zone(-8*3600)),
		"half an hour":         time.Date(2020, 1, 2, 3, 4, 5, 0, zone(5*3600+1800)),
		"Amsterdam in 1920":    time.Date(1920, 5, 1, 12, 0, 0, 0, zone(4772)),
		"New York in 1880":     time.Date(1880, 5, 1, 12, 0, 0, 0, zone(-17762)),
		"a second":             time.Date(1900, 1, 1, 0, 0, 0, 0, zone(1)),
		"the last of all days": time.Date(9999, 12, 31, 23, 59, 59, 0, zone(-5*3600)),
		"zero":                 {},
		"zero elsewhere":       time.Time{}.In(zone(3600)),
	} {
		t.Run(name, func(t *testing.T) {
			var want any
			if !at.IsZero() {
				want = at.UTC()
			}
			one := func(table *Table, err error) any {
				require.NoError(t, err)
				for row, err := range table.Rows() {
					require.NoError(t, err)
					return row["A"]
				}
				return nil
			}
			require.Equal(t, want, one(Structs([]struct{ A time.Time }{{at}})))
			require.Equal(t, want, one(Structs([]struct{ A *time.Time }{{&at}})))
			require.Equal(t, want, one(Structs([]struct{ A sql.NullTime }{{sql.NullTime{Time: at, Valid: true}}})))
			require.Equal(t, want, one(Structs([]struct{ A *sql.Null[time.Time] }{{&sql.Null[time.Time]{V: at, Valid: true}}})))
			if !at.IsZero() {
				require.Equal(t, want, one(queried(t, SQL{}, query{names: []string{"A"}, rows: [][]driver.Value{{at}}})))
			}
		})
	}
}
