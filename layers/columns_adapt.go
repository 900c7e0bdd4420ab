package layers

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/internal/settings"
	"github.com/nndiy/nndiy/internal/tensors"
)

// Adapt returns the columns fitted to the training rows: to these only, so that nothing is learned from others. It sets Target, if it
// is empty, to the target of the rows, and Classes and the like to what the target's values are.
//
// If Groups is empty, it makes groups of all columns except the target: the numbers get Impute, with an Indicator where one is
// missing, and Normalize with a Clip of 10; if more than half of them, at least eight, have the same range, as pixels have, these are
// normalized as a whole, without Clip. A category gets Vocabulary and OneHot, or Embedding if it has more than 16 values; a text gets Tokens, a
// bag of its 1,000 most frequent words; a time gets Dates, Impute and
// Normalize. It reads the rows a few times. Columns of more than 33 million numbers are sampled by rows, always in the same way.
func (c Columns) Adapt(rows graph.Rows) (Columns, error) {
	fitted, err := c.adapt(rows)
	if err != nil {
		return Columns{}, fmt.Errorf("layers: Columns.Adapt: %w", err)
	}
	return fitted, nil
}

func (c Columns) adapt(rows graph.Rows) (Columns, error) {
	if settings.IsNil(rows) {
		return Columns{}, errors.New("got no rows, want some")
	}
	fields := rows.Fields()
	if c.Target == "" {
		var targets []string
		for _, f := range fields {
			if f.Target {
				targets = append(targets, f.Name)
			}
		}
		if len(targets) > 1 {
			return c, fmt.Errorf("Target: got %q in the rows, want one", targets)
		}
		c.Target = append(targets, "")[0]
	}
	find := func(name string) (graph.Field, error) {
		i := slices.IndexFunc(fields, func(f graph.Field) bool { return f.Name == name })
		if i < 0 {
			var names []string
			for _, f := range fields {
				names = append(names, f.Name)
			}
			return graph.Field{}, fmt.Errorf("got the column %.64q, want one of %s", name, shortList(names))
		}
		return fields[i], nil
	}
	if c.Target != "" {
		f, err := find(c.Target)
		if err != nil {
			return c, fmt.Errorf("Target: %w", err)
		}
		if err := c.learnTarget(f, rows); err != nil {
			return c, err
		}
	}
	if c.Groups = slices.Clone(c.Groups); len(c.Groups) == 0 {
		var err error
		if c.Groups, err = c.inferred(rows); err != nil {
			return c, err
		}
	}
	for i := range c.Groups {
		g := &c.Groups[i]
		for _, name := range g.Names {
			if _, err := find(name); err != nil {
				return c, fmt.Errorf("Groups[%d].Names: %w", i, err)
			}
		}
		if err := g.learn(rows); err != nil {
			return c, fmt.Errorf("columns %s: %w", shortList(g.Names), err)
		}
	}
	if err := c.check(); err != nil {
		return c, err
	}
	return c, c.fit(rows)
}

// learnTarget sets the classes, or the mean and the deviation.
func (c *Columns) learnTarget(f graph.Field, rows graph.Rows) error {
	if f.Kind != graph.KindNumber && c.Classes == nil {
		count := counter{}
		for row, err := range rows.Rows() {
			if err != nil {
				return err
			}
			if name, ok := wordOf(row[c.Target]); ok {
				count.count(name)
			}
		}
		c.Classes = count.frequent(1, 1<<16)
		slices.SortFunc(c.Classes, classOrder(c.Classes))
		if len(c.Classes) < 2 {
			return fmt.Errorf("target %.64q: got the classes %q, want at least 2", c.Target, c.Classes)
		}
	}
	if c.Classes != nil {
		return nil
	}
	n, mean, m2 := 0.0, 0.0, 0.0 // Welford 1962
	root := 0.0                  // of m2, whatever its size
	for row, err := range rows.Rows() {
		if err != nil {
			return err
		}
		v, err := c.target(nil, row)
		if err != nil {
			return err
		}
		n++
		d := v - mean
		mean += d / n
		m2 += d * (v - mean)
		root = math.Hypot(root, math.Sqrt(math.Abs(d))*math.Sqrt(math.Abs(v-mean)))
	}
	if c.Mean, c.Deviation = mean, math.Sqrt(m2/max(n, 1)); !tensors.Exact(m2 / max(n, 1)) {
		c.Deviation = root / math.Sqrt(max(n, 1))
	}
	return nil
}

// classOrder returns a comparison of names: numerical if all are numbers, else alphabetical.
func classOrder(names []string) func(a, b string) int {
	for _, name := range names {
		if _, err := strconv.ParseFloat(name, 64); err != nil {
			return cmp.Compare[string]
		}
	}
	return func(a, b string) int {
		x, _ := strconv.ParseFloat(a, 64)
		y, _ := strconv.ParseFloat(b, 64)
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a, b))
	}
}

// learn fits the group's Encoder.
func (g *Group) learn(rows graph.Rows) error {
	e, _ := g.encoder()
	if e == nil {
		return nil
	}
	fitted, err := e.Learn(valuesOf(rows, g.Names))
	if err != nil {
		return err
	}
	g.Layers = slices.Clone(g.Layers)
	g.Layers[0] = fitted
	if n, ok := fitted.(interface{ classes() int }); ok && len(g.Layers) > 1 {
		switch l := g.Layers[1].(type) {
		case OneHot:
			l.Classes = cmp.Or(l.Classes, n.classes())
			g.Layers[1] = l
		case Embedding:
			l.Vocabulary = cmp.Or(l.Vocabulary, n.classes())
			if l.Units == 0 {
				l.Units = embeddingSize(l.Vocabulary)
			}
			g.Layers[1] = l
		}
	}
	return nil
}

// embeddingSize returns the size of a vector for a number of categories: the rule of thumb of fastai's tabular learner.
func embeddingSize(n int) int { return min(50, int(math.Round(1.6*math.Pow(float64(n), 0.56)))) }

// valuesOf returns the values of columns.
func valuesOf(rows graph.Rows, names []string) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for row, err := range rows.Rows() {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, name := range names {
				if !yield(row[name], nil) {
					return
				}
			}
		}
	}
}

// fit fits the layers of the groups to the encoded rows.
func (c Columns) fit(rows graph.Rows) error {
	for i, g := range c.Groups {
		_, behind := g.encoder()
		if !adapts(behind) {
			continue
		}
		part, err := Columns{Groups: []Group{g}}.rowEncoder()
		if err != nil {
			return err
		}
		s, row := sample{shape: []int{part.size}}, make([]float64, part.size)
		for raw, err := range rows.Rows() {
			if err == nil {
				err = part.fill(row, raw)
			}
			if err != nil {
				return err
			}
			s.add(row)
		}
		x, err := s.tensor()
		if err != nil {
			return err
		}
		fitted, err := adapted(behind, x)
		if err != nil {
			return fmt.Errorf("columns %s: %w", shortList(g.Names), err)
		}
		c.Groups[i].Layers = slices.Concat(g.Layers[:len(g.Layers)-len(behind)], fitted)
	}
	return nil
}
