package graph_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// branched returns a model with nested layers, branches, operations between layers, a shared layer, state and a second output.
func branched(t *testing.T) *graph.Model {
	t.Helper()
	shared := layers.Named("shared", layers.Dense{Units: 8})
	m, err := graph.Compile(layers.Sequential{
		layers.Named("encoder", layers.Sequential{layers.Dense{Units: 8}, layers.BatchNorm{}, layers.Identity{}}),
		layers.Residual{Layer: layers.Sequential{shared, layers.ReLU{}, shared}},
		graph.LayerFunc(func(s *graph.Scope, x graph.Node) graph.Node {
			s.Output("code", x)
			a, b := s.Apply(layers.Dense{Units: 3}, x), s.Apply(layers.Dropout{Rate: 0.5}, x)
			gate := s.Param("gate", graph.Ones, 3)
			return a.Mul(b.Reshape(-1, 4, 2).Slice(1, 0, 3).Sum(2)).Sigmoid().Mul(gate.Exp())
		}),
	}, graph.Config{Input: []int{4}})
	require.NoError(t, err)
	return m
}

// drawing parses the output of WriteDOT: the arrows, as the labels of the box, the arrow and the box, and the frames' labels.
func drawing(t *testing.T, dot string) (arrows, frames []string) {
	t.Helper()
	label := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\t+(n\d+) \[label="(.*)", shape`).FindAllStringSubmatch(dot, -1) {
		require.NotContains(t, label, m[1])
		label[m[1]] = strings.ReplaceAll(m[2], `\n`, "|")
	}
	for _, m := range regexp.MustCompile(`(?m)^\t(n\d+) -> (n\d+) \[label=" (.*)"\];$`).FindAllStringSubmatch(dot, -1) {
		require.Contains(t, label, m[1])
		require.Contains(t, label, m[2])
		arrows = append(arrows, label[m[1]]+" "+m[3]+" "+label[m[2]])
	}
	for _, m := range regexp.MustCompile(`(?m)^\t+label="(.*)"; color`).FindAllStringSubmatch(dot, -1) {
		frames = append(frames, m[1])
	}
	require.Equal(t, strings.Count(dot, "{"), strings.Count(dot, "}"))
	return arrows, frames
}

func TestWriteDOT(t *testing.T) {
	var b strings.Builder
	require.NoError(t, branched(t).WriteDOT(&b))
	arrows, frames := drawing(t, b.String())
	norm := "encoder/batchnorm1|running_mean [8], not trained|running_var [8], not trained|weight [8]|bias [8]"
	shared := "residual1/sequential1/shared|weight [8 8]|bias [8]"
	require.ElementsMatch(t, []string{
		"input [n 4] encoder/dense1|weight [4 8]|bias [8]",
		"encoder/dense1|weight [4 8]|bias [8] [n 8] " + norm,
		norm + " [n 8] encoder/identity1",
		"encoder/identity1 [n 8] " + shared,
		shared + " [n 8] residual1/sequential1/relu1",
		"residual1/sequential1/relu1 [n 8] " + shared,
		"encoder/identity1 [n 8] Add",
		shared + " [n 8] Add",
		"Add [n 8] func1/dense1|weight [8 3]|bias [3]",
		"Add [n 8] func1/dropout1",
		"func1/dropout1 [n 4 2] Slice, Sum",
		"func1/dense1|weight [8 3]|bias [3] [n 3] Mul, Sigmoid, Mul|func1/gate [3]",
		"Slice, Sum [n 3] Mul, Sigmoid, Mul|func1/gate [3]",
		"Mul, Sigmoid, Mul|func1/gate [3] [n 3] output",
		"Add [n 8] code",
	}, arrows)
	require.Equal(t, []string{"encoder", "residual1", "residual1/sequential1", "func1"}, frames)
}

// TestWriteDOTSub draws a part of a model.
func TestWriteDOTSub(t *testing.T) {
	sub, err := branched(t).Sub("encoder")
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, sub.WriteDOT(&b))
	arrows, frames := drawing(t, b.String())
	require.Len(t, arrows, 4)
	require.Equal(t, "input [n 4] encoder/dense1|weight [4 8]|bias [8]", arrows[0])
	require.Equal(t, []string{"encoder"}, frames)
}

func TestWriteExpressionDOT(t *testing.T) {
	net := layers.Named("a", layers.Sequential{layers.Dense{Units: 2}, layers.Reshape{Shape: []int{2, 1}}, layers.LeakyReLU{Slope: 0.25}})
	m, err := graph.Compile(net, graph.Config{Input: []int{3}})
	require.NoError(t, err)
	var b strings.Builder
	require.NoError(t, m.WriteExpressionDOT(&b))
	arrows, frames := drawing(t, b.String())
	require.Equal(t, []string{
		"input|[n 3] [n 3] MatMul", "dense1/weight|[3 2] [3 2] MatMul", "MatMul [n 2] Add", "dense1/bias|[2] [2] Add", "Add [n 2] Reshape",
		"Reshape [n 2 1] LeakyReLU(0.25)", "LeakyReLU(0.25) [n 2 1] output",
	}, arrows)
	require.Equal(t, []string{"dense1", "reshape1", "leakyrelu1"}, frames)
}

// TestWriteSVG: the output is XML with the layers, their parameters and the shapes.
func TestWriteSVG(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, branched(t).WriteSVG(&b))
	var labels []string
	for d := xml.NewDecoder(&b); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		if data, ok := token.(xml.CharData); ok {
			labels = append(labels, strings.TrimSpace(string(data)))
		}
	}
	for _, want := range []string{"input", "encoder/dense1", "running_mean [8], not trained", "Mul, Sigmoid, Mul", "func1/gate [3]", "[n 4 2]", "code"} {
		require.True(t, slices.Contains(labels, want), "got %q, want %s among them", labels, want)
	}
}

// TestPicturesAgain: writing again gives the same bytes, also for another model of the same network.
func TestPicturesAgain(t *testing.T) {
	for name, write := range map[string]func(*graph.Model, io.Writer) error{
		"DOT": (*graph.Model).WriteDOT, "SVG": (*graph.Model).WriteSVG, "ExpressionDOT": (*graph.Model).WriteExpressionDOT,
	} {
		t.Run(name, func(t *testing.T) {
			var first, second, third bytes.Buffer
			m := branched(t)
			require.NoError(t, write(m, &first))
			require.NoError(t, write(m, &second))
			require.NoError(t, write(branched(t), &third))
			require.Equal(t, first.String(), second.String())
			require.Equal(t, first.String(), third.String())
			require.ErrorContains(t, write(m, brokenPipe{}), "graph: Write"+name+": broken pipe")
		})
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }
