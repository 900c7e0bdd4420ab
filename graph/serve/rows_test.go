package serve

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// TestRows: the server answers raw rows with the bits that the model gives in this program.
func TestRows(t *testing.T) {
	table, err := datasets.CSV{Target: []string{"kind"}}.Read(strings.NewReader("size,city,kind\n1,Lyon,a\n2,Oslo,b\n,Lyon,a\n"), "x.csv")
	require.NoError(t, err)
	columns, err := layers.Columns{}.Adapt(table)
	require.NoError(t, err)
	m, err := graph.Compile(layers.Sequential{columns, layers.Dense{Units: 5}, layers.Tanh{}, columns.Head()}, graph.Config{Seed: 1})
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "m.safetensors")
	require.NoError(t, m.SaveFile(path))
	opened, err := graph.Open(path)
	require.NoError(t, err)
	limits := limitsOfTests
	limits.MaxRows = 2
	url := started(t, opened, limits)
	rows := []map[string]any{{"size": 1.25, "city": "Oslo"}, {"city": "Rome"}}
	want, err := m.PredictRows(context.Background(), rows)
	require.NoError(t, err)
	body, err := json.Marshal(map[string]any{"rows": rows})
	require.NoError(t, err)
	text, err := json.Marshal(map[string]any{"answers": want})
	require.NoError(t, err)
	code, answer := ask(t, url, string(body))
	require.Equal(t, 200, code, answer)
	require.Equal(t, string(text)+"\n", answer)
	for body, want := range map[string]string{
		`{"rows": []}`:                          "rows: got none, want at least one",
		`{"rows": [{},{},{}]}`:                  "rows: got more than 2, want at most 2 in a request",
		`{"rows": [{"siz": 1}]}`:                `row 0: got the column \"siz\", want [\"size\" \"city\"]`,
		`{"rows": [{"size": "x"}]}`:             `row 0: column \"size\": got the string \"x\", want a number`,
		`{"rows": 1}`:                           `byte 10: got 1, want {\"rows\": [{...}, ...]}`,
		`{"rows": [{}], "more": 1}`:             `byte 21: got \"more\", want the end of the object, which has no other key`,
		`{"rows": [{}]} 1`:                      "want nothing after the object",
		"{\"rows\": [{\"city\": \"Ly\xf3n\"}]}": `byte 22: got `,
	} {
		code, answer := ask(t, url, body)
		require.GreaterOrEqual(t, code, 400, answer)
		require.Less(t, code, 500, answer)
		require.Contains(t, answer, want)
	}
	code, answer = ask(t, started(t, mlp(t), limitsOfTests), `{"rows": [{}]}`)
	require.Equal(t, 400, code, answer)
	require.Contains(t, answer, `body: got \"rows\" for a model that takes none, want \"inputs\"`)
}
