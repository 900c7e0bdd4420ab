package layers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
	"github.com/nndiy/nndiy/optimizers"
)

// cars is a table of every kind of column, whose target is "dear" if the price is above 100.
func cars(t *testing.T, n int, target string) *datasets.Table {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("age,power,make,model,built,advert,price,class\n")
	for i := range n {
		age, power := rng.IntN(20), fmt.Sprint(40+rng.IntN(100))
		price := 150 - 5*float64(age) + 10*rng.Float64()
		if i%7 == 3 {
			power = ""
		}
		class := "cheap"
		if price > 100 {
			class = "dear"
		}
		fmt.Fprintf(&b, "%d,%s,%s,m%d,%s,a %s car number %d,%.2f,%s\n", age, power, []string{"Fiat", "Audi/VW"}[rng.IntN(2)], i%40,
			time.Date(2020-age, time.Month(1+i%12), 1+i%28, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), class, i, price, class)
	}
	skip := "class"
	if target == skip {
		skip = "price"
	}
	table, err := datasets.CSV{Target: []string{target}, Skip: []string{skip}}.Read(strings.NewReader(b.String()), "cars.csv")
	require.NoError(t, err)
	return table
}

// raw returns a table's rows without the target, as they come from JSON.
func raw(t *testing.T, rows graph.Rows) (list []map[string]any) {
	for row, err := range rows.Rows() {
		require.NoError(t, err)
		text, err := json.Marshal(row)
		require.NoError(t, err)
		var m map[string]any
		require.NoError(t, json.Unmarshal(text, &m))
		for _, f := range rows.Fields() {
			if f.Target {
				delete(m, f.Name)
			}
		}
		list = append(list, m)
	}
	return list
}

// TestColumns: a model of raw rows is trained, saved and opened, and answers raw rows with the same bits, as it does their encoded form.
func TestColumns(t *testing.T) {
	ctx := context.Background()
	for target, loss := range map[string]graph.Loss{"class": losses.SparseCategoricalCrossEntropy{}, "price": losses.MeanSquaredError{}} {
		t.Run(target, func(t *testing.T) {
			train := cars(t, 200, target)
			columns, err := layers.Columns{}.Adapt(train)
			require.NoError(t, err)
			data, err := columns.Arrays(train)
			require.NoError(t, err)
			net := layers.Sequential{columns, layers.Dense{Units: 16}, layers.ReLU{}, columns.Head()}
			model, err := graph.Compile(net, graph.Config{Loss: loss, Optimizer: optimizers.Adam{LearningRate: 0.01}, Seed: 1})
			require.NoError(t, err)
			_, err = model.Fit(ctx, data, graph.FitConfig{Epochs: 20, BatchSize: 20})
			require.NoError(t, err)

			rows := raw(t, train)
			answers, err := model.PredictRows(ctx, rows)
			require.NoError(t, err)
			encoded, err := model.Predict(ctx, data.X)
			require.NoError(t, err)
			right, off := 0, 0.0
			out := encoded.Data().([]float32)
			for i, a := range answers {
				if target == "class" {
					assert.Equal(t, map[string]float64{"cheap": float64(out[2*i]), "dear": float64(out[2*i+1])}, a.Scores)
					if columns.Classes[int(data.Y.Data().([]float32)[i])] == a.Value {
						right++
					}
				} else {
					assert.Equal(t, float64(out[i]), a.Value)
					d := a.Value.(float64) - float64(data.Y.Data().([]float32)[i])
					off += d * d / float64(len(answers))
				}
			}
			if target == "class" {
				assert.Greater(t, right, 180)
			} else {
				assert.Less(t, off, 0.3*columns.Deviation*columns.Deviation)
			}

			path := filepath.Join(t.TempDir(), "m.safetensors")
			require.NoError(t, model.SaveFile(path))
			opened, err := graph.Open(path)
			require.NoError(t, err)
			again, err := opened.PredictRows(ctx, rows)
			require.NoError(t, err)
			assert.Equal(t, answers, again)
			single, err := opened.PredictRows(ctx, rows[5:6])
			require.NoError(t, err)
			assert.Equal(t, answers[5], single[0])
			none, err := opened.PredictRows(ctx, []map[string]any{{}, {"make": "Tesla", "age": json.Number("3"), "built": time.Now()}})
			require.NoError(t, err)
			assert.Len(t, none, 2)
		})
	}
}

func TestColumnsInferred(t *testing.T) {
	columns, err := layers.Columns{}.Adapt(cars(t, 200, "class"))
	require.NoError(t, err)
	var kinds []string
	for _, g := range columns.Groups {
		text := strings.Join(g.Names, " ") + ":"
		for _, l := range g.Layers {
			text += strings.TrimPrefix(fmt.Sprintf(" %T", l), " layers.")
		}
		kinds = append(kinds, text)
	}
	assert.Equal(t, []string{"age:ImputeNormalize", "power:ImputeNormalize", "make:VocabularyOneHot", "model:VocabularyEmbedding", "built:DatesImputeNormalize",
		"advert:Tokens"}, kinds)
	assert.Equal(t, []string{"cheap", "dear"}, columns.Classes)
	assert.Equal(t, layers.OneHot{Classes: 3}, columns.Groups[2].Layers[1])
	assert.Equal(t, []string{"trend", "year", "month", "week"}, columns.Groups[4].Layers[0].(layers.Dates).Parts)
}

// TestColumnsStream: rows that are read as a stream give the batches that a table gives.
func TestColumnsStream(t *testing.T) {
	table := cars(t, 50, "price")
	columns, err := layers.Columns{}.Adapt(table)
	require.NoError(t, err)
	whole, err := columns.Arrays(table)
	require.NoError(t, err)
	var x, y []float32
	for batch, err := range columns.Dataset(table).Batches(8, nil) {
		require.NoError(t, err)
		x, y = append(x, batch.X.Data().([]float32)...), append(y, batch.Y.Data().([]float32)...)
	}
	assert.Equal(t, whole.X.Data(), x)
	assert.Equal(t, whole.Y.Data(), y)
	assert.Equal(t, []int{50, 1}, []int(whole.Y.Shape()))
}

func TestColumnsErrors(t *testing.T) {
	ctx := context.Background()
	table := cars(t, 50, "class")
	columns, err := layers.Columns{Groups: []layers.Group{{Names: []string{"age"}, Layers: []graph.Layer{layers.Normalize{}}},
		{Names: []string{"make"}, Layers: []graph.Layer{layers.Vocabulary{}, layers.Embedding{}}}, {Names: []string{"built"}, Layers: []graph.Layer{layers.Dates{}, layers.Impute{}}}}}.Adapt(table)
	require.NoError(t, err)
	model, err := graph.Compile(layers.Sequential{columns, columns.Head()}, graph.Config{})
	require.NoError(t, err)
	for want, row := range map[string]map[string]any{
		`row 1: got the column "agee", want ["age" "make" "built"]`:                                           {"agee": 1},
		`row 1: column "age": got the string "old", want a number`:                                            {"age": "old"},
		`row 1: column "age": got no value, want one, or an Impute in front of the other layers of its group`: {"make": "Fiat"},
		`row 1: column "age": got 1e+39, want a number in the range of float32`:                               {"age": 1e39},
		`row 1: column "make": got a []int, want a string`:                                                    {"age": 1, "make": []int{1}},
		`row 1: column "built": got "today", want a date or time, such as 2006-01-02 or 2006-01-02T15:04:05Z`: {"age": 1, "built": "today"},
	} {
		t.Run(want, func(t *testing.T) {
			_, err := model.PredictRows(ctx, []map[string]any{{"age": uint8(3), "class": "dear"}, row})
			assert.EqualError(t, err, "graph: PredictRows: "+want)
			assert.ErrorIs(t, err, graph.ErrInput)
		})
	}
	_, err = model.PredictRows(ctx, nil)
	assert.ErrorIs(t, err, graph.ErrInput)
	plain, err := graph.Compile(layers.Dense{Units: 1}, graph.Config{Input: []int{2}})
	require.NoError(t, err)
	_, err = plain.PredictRows(ctx, []map[string]any{{}})
	assert.EqualError(t, err, "graph: PredictRows: got a network that takes no rows, want one that begins with layers.Columns")
	_, err = graph.Compile(layers.Columns{}, graph.Config{})
	assert.EqualError(t, err, "graph: Compile: rows: layers: Columns: Groups: got none, want those that Adapt returns")
	_, err = graph.Compile(columns, graph.Config{Input: []int{3}})
	assert.ErrorContains(t, err, "graph: Compile: Config.Input: got [3], want [")
	for want, c := range map[string]layers.Columns{
		`Target: got the column "no", want one of [`:                                          {Target: "no"},
		`Groups[0].Names: got the column "no", want one of [`:                                 {Groups: []layers.Group{{Names: []string{"no"}}}},
		`Groups[0].Names: got none, want at least one`:                                        {Groups: []layers.Group{{}}},
		`Groups[1].Names: got "age", want a column other than the target that no`:             {Groups: []layers.Group{{Names: []string{"age"}}, {Names: []string{"age"}}}},
		`columns ["make"]: Parts: got "hour", want each of`:                                   {Groups: []layers.Group{{Names: []string{"make"}, Layers: []graph.Layer{layers.Dates{Parts: []string{"hour"}}}}}},
		`columns ["age"]: layers.Bucket: Count: got 1, want 2 or more, or 0 for 10`:           {Groups: []layers.Group{{Names: []string{"age"}, Layers: []graph.Layer{layers.Bucket{Count: 1}}}}},
		`column "make": got the string "`:                                                     {Groups: []layers.Group{{Names: []string{"make"}, Layers: []graph.Layer{layers.Normalize{}}}}},
		`got no value, want one, or an Impute in front of the other layers of its group`:      {Groups: []layers.Group{{Names: []string{"power"}, Layers: []graph.Layer{layers.Normalize{}}}}},
		`layers.Dense: got the parameter "bias" in front of a layer to adapt, want it behind`: {Groups: []layers.Group{{Names: []string{"age"}, Layers: []graph.Layer{layers.Dense{Units: 2}, layers.Normalize{}}}}},
	} {
		t.Run(want, func(t *testing.T) {
			_, err := c.Adapt(table)
			require.ErrorContains(t, err, "layers: Columns.Adapt: ")
			assert.ErrorContains(t, err, want)
		})
	}
}

// TestColumnsOfOneUnit: numbers most of which have the same range are normalized together, and outliers of other numbers are clipped.
func TestColumnsOfOneUnit(t *testing.T) {
	var b strings.Builder
	b.WriteString("p1,p2,p3,p4,p5,p6,p7,p8,inside,other\n")
	for i := range 20 {
		v := []int{0, 16}[i%2]
		fmt.Fprintf(&b, "%d,%d,%d,%d,%d,%d,%d,%d,3,%d\n", v, v, v, v, v, v, v, 16-v, i/19*1000)
	}
	table, err := datasets.CSV{}.Read(strings.NewReader(b.String()), "x")
	require.NoError(t, err)
	columns, err := layers.Columns{}.Adapt(table)
	require.NoError(t, err)
	require.Len(t, columns.Groups, 2)
	assert.Equal(t, []string{"p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "inside"}, columns.Groups[0].Names)
	assert.Len(t, columns.Groups[0].Layers[1].(layers.Normalize).Offset, 1)
	model, err := graph.Compile(columns, graph.Config{})
	require.NoError(t, err)
	data, err := columns.Arrays(table)
	require.NoError(t, err)
	y, err := model.Predict(context.Background(), data.X)
	require.NoError(t, err)
	z := math.Sqrt(19) // of the one row with 1,000
	assert.InDelta(t, z/math.Sqrt(1+z*z/100), y.Data().([]float32)[20*10-1], 1e-5)
}

// TestColumnsNaN: a class is no answer if a probability is NaN.
func TestColumnsNaN(t *testing.T) {
	columns, err := layers.Columns{}.Adapt(cars(t, 60, "class"))
	require.NoError(t, err)
	overflow := layers.Lambda(func(x graph.Node) graph.Node { return x.Scale(1e38).Scale(1e38) })
	m, err := graph.Compile(layers.Sequential{columns, overflow, columns.Head()}, graph.Config{Seed: 1})
	require.NoError(t, err)
	answers, err := m.PredictRows(context.Background(), raw(t, cars(t, 60, "class"))[:3])
	require.ErrorContains(t, err, "graph: PredictRows: row 0: got NaN as the probability of a class, want a number")
	require.Nil(t, answers)
}
