package layers

import (
	"fmt"
	"slices"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
)

// Columns is the first layer of a network of raw rows, such as those of a datasets.Table: it prepares each column, and puts the
// results side by side. Adapt fits the preparation to the training rows, and chooses it if Groups is empty. All that it has learned
// is in its fields, and so in the model's file: the opened model takes raw rows, see graph.Model.PredictRows.
//
//	columns, err := layers.Columns{}.Adapt(train)             // train is a *datasets.Table
//	data, err := columns.Arrays(train)                        // for Fit
//	net := layers.Sequential{columns, layers.Dense{Units: 64}, layers.ReLU{}, columns.Head()}
//	model, err := graph.Compile(net, graph.Config{Loss: losses.SparseCategoricalCrossEntropy{}, Optimizer: optimizers.Adam{}})
//
// What works on numbers is a part of the graph: Impute, Normalize, Bucket, OneHot, Embedding and all other layers. What works on
// strings and times cannot be: an Encoder, such as Vocabulary, Tokens or Dates, is in front of the graph, in the same file. An ONNX
// file contains the part behind it: its input are the encoded rows, which Arrays and the EncodeRow of RowEncoder return, group by group.
//
// The output has the shape (batch, features).
type Columns struct {
	Groups  []Group
	Target  string   // name of the column that the model predicts; "" means the rows' target, if they have one
	Classes []string // names of the classes of the target, in the order of the class numbers; nil if the target is a number

	Mean, Deviation float64 // of a target that is a number
}

// A Group is a list of columns that are prepared in one way. If the first of Layers is an Encoder, it encodes each of the columns, with
// one vocabulary for all of them. The others get the numbers of all columns, (batch, numbers), one after the other. A missing
// number is an error unless the first of the others is an Impute, also one with a name or in a Sequential.
type Group struct {
	Names  []string
	Layers []graph.Layer
}

// encoder returns the group's Encoder, nil for numbers, and the other layers.
func (g Group) encoder() (Encoder, []graph.Layer) {
	if len(g.Layers) > 0 {
		if e, ok := g.Layers[0].(Encoder); ok {
			return e, g.Layers[1:]
		}
	}
	return nil, g.Layers
}

// width returns the number of numbers of a group in the encoded row.
func (g Group) width() int {
	e, _ := g.encoder()
	if e == nil {
		return len(g.Names)
	}
	return len(g.Names) * e.Width()
}

// width returns the number of numbers of an encoded row.
func (c Columns) width() int {
	n := 0
	for _, g := range c.Groups {
		n += g.width()
	}
	return n
}

// check returns an error that names the first wrong field.
func (c Columns) check() error {
	if len(c.Groups) == 0 {
		return fmt.Errorf("Groups: got none, want those that Adapt returns")
	}
	if err := settings.Check(settings.Finite("Mean", c.Mean), settings.AtLeast("Deviation", c.Deviation, 0)); err != nil {
		return err
	}
	seen := map[string]bool{c.Target: true}
	for i, g := range c.Groups {
		if len(g.Names) == 0 {
			return fmt.Errorf("Groups[%d].Names: got none, want at least one", i)
		}
		for _, name := range g.Names {
			if seen[name] && !(name == "" && c.Target == "") {
				return fmt.Errorf("Groups[%d].Names: got %.64q, want a column other than the target that no other group has", i, name)
			}
			seen[name] = true
		}
		e, _ := g.encoder()
		if n := g.width(); n < 1 || n > 1<<24 || e != nil && e.Width() > 1<<24 {
			return fmt.Errorf("Groups[%d]: got %d numbers for a row, want 1 to %d; Adapt fits a vocabulary", i, n, 1<<24)
		}
		for j, l := range g.Layers {
			if l == nil {
				return fmt.Errorf("Groups[%d].Layers[%d]: got nil, want a layer", i, j)
			}
		}
	}
	return nil
}

// Emit implements graph.Layer.
func (c Columns) Emit(s *graph.Scope, x graph.Node) graph.Node {
	if err := c.check(); err != nil {
		return x.Errorf("%w", err)
	}
	if n := c.width(); x.Rank() != 2 || x.Dim(1) != n {
		return x.Errorf("got shape %v, want (batch, %d), the encoded rows", x.Shape(), n)
	}
	var parts []graph.Node
	at := 0
	for i, g := range c.Groups {
		y := x
		if len(c.Groups) > 1 {
			y = x.Slice(1, at, at+g.width())
		}
		at += g.width()
		y = s.ApplyAs(fmt.Sprintf("group%d", i+1), Sequential(g.Layers), y)
		if y.Err() != nil {
			return y
		}
		if y.Rank() != 2 {
			y = s.ApplyAs(fmt.Sprintf("flatten%d", i+1), Flatten{}, y)
		}
		parts = append(parts, y)
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return graph.Concat(1, parts...)
}

// Head returns the last layer of a network that predicts the target: a Dense with a unit and a probability for each class, or a Dense
// with one unit whose output is multiplied by Deviation and shifted by Mean, so that the network works on numbers around 0.
func (c Columns) Head() graph.Layer {
	if c.Classes != nil {
		return Sequential{Dense{Units: len(c.Classes)}, Softmax{}}
	}
	return Sequential{Dense{Units: 1}, Normalize{Invert: true, Offset: []float64{c.Mean}, Scale: []float64{or1(c.Deviation)}}}
}

func or1(v float64) float64 {
	if v == 0 {
		return 1
	}
	return v
}

// names returns the columns in the order of the groups.
func (c Columns) names() (list []string) {
	for _, g := range c.Groups {
		list = append(list, g.Names...)
	}
	return slices.Clip(list)
}
