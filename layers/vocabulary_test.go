package layers_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// TestVocabularySpelling: a number and a bool are the word of the training table that spells them, however it does, and a string is
// that word only.
func TestVocabularySpelling(t *testing.T) {
	const column = "code,n\n1234567,1\n5.0,2\n07,3\n1e3,4\nTrue,5\nFALSE,6\nword,7\n9007199254740993,8\n6,9\n6.0,10\n0.1,11\n2e-1,12\n0.30000001192092896,13\n"
	table, err := datasets.CSV{Kinds: map[string]graph.Kind{"code": graph.KindCategory}}.Read(strings.NewReader(column), "x.csv")
	require.NoError(t, err)
	words, err := table.Strings("code")
	require.NoError(t, err)
	encode := layers.Vocabulary{Words: words}.Encoding()
	for _, c := range []struct {
		value any
		want  string // "" for an unknown word
	}{
		{"1234567", "1234567"}, {1234567, "1234567"}, {1234567.0, "1234567"}, {float32(1234567), "1234567"}, {uint32(1234567), "1234567"},
		{json.Number("1234567"), "1234567"}, {json.Number("1234567.0"), "1234567"}, {json.Number("1.234567e6"), "1234567"},
		{5, "5.0"}, {5.0, "5.0"}, {json.Number("5"), "5.0"}, {json.Number("5.0"), "5.0"}, {"5.0", "5.0"}, {"5", ""},
		{7, "07"}, {json.Number("7"), "07"}, {1000, "1e3"}, {"1000", ""},
		{true, "True"}, {"true", ""}, {false, "FALSE"}, {json.Number("1"), ""}, {1.0, ""},
		{json.Number("9007199254740993"), "9007199254740993"}, {json.Number("9007199254740992"), ""}, {9007199254740992.0, ""},
		{float32(0.1), "0.1"}, {0.1, "0.1"}, {json.Number("0.1"), "0.1"}, {float64(float32(0.1)), ""}, {float32(0.2), "2e-1"}, {0.2, "2e-1"},
		{float32(0.3), "0.30000001192092896"}, {0.3, ""},
		{6, "6"}, {json.Number("6.0"), "6.0"}, {6.0, "6"},
		{math.NaN(), ""}, {math.Inf(1), ""}, {nil, ""}, {"", ""}, {"word", "word"},
	} {
		var got [1]float64
		require.NoError(t, encode(got[:], c.value))
		word := ""
		if got[0] > 0 {
			word = words[int(got[0])-1]
		}
		require.Equal(t, c.want, word, "%T %v", c.value, c.value)
	}
}
