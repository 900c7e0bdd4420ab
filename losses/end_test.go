package losses_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
	"github.com/nndiy/nndiy/losses"
)

// Expected errors of Compile; "" is none.
const (
	classesWanted = "want two classes or more"
	vectorsWanted = "want vectors of two numbers or more"
	softmaxWanted = "want probabilities that sum to 1: end it with Softmax, or use BinaryCrossEntropy"
	oneSoftmax    = "got Softmax of one unit, which is always 1, want Sigmoid"
	oneLog        = "got LogSoftmax of one unit, which is always 0"
	dropped       = "got Dropout or noise after the final "
	probsWanted   = "want probabilities: end the network with "
	signsWanted   = "want scores of both signs: end the network with Tanh"
	logitsGiven   = "FromLogits: got true for a network that ends with "
	ratesWanted   = "want rates greater than 0"
)

// ends are the ends of the table, in the order of its columns; each is tried as it is and with Dropout behind it.
var ends = []struct {
	name  string
	layer graph.Layer
}{
	{"none", layers.Identity{}}, {"Sigmoid", layers.Sigmoid{}}, {"Softmax", layers.Softmax{}}, {"LogSoftmax", layers.LogSoftmax{}},
	{"Tanh", layers.Tanh{}}, {"ReLU", layers.ReLU{}},
}

// TestEnds tries every loss behind every end, of one unit and of three.
func TestEnds(t *testing.T) {
	type outcomes struct {
		three, one         [6]string // without Dropout
		threeDrop, oneDrop [6]string
	}
	// The outcomes of losses for numbers. Dropout behind an end that is no probability stays allowed.
	numbers := outcomes{
		three:     [6]string{},
		one:       [6]string{2: oneSoftmax, 3: oneLog},
		threeDrop: [6]string{1: dropped + "Sigmoid", 2: dropped + "Softmax", 3: dropped + "LogSoftmax"},
		oneDrop:   [6]string{1: dropped + "Sigmoid", 2: oneSoftmax, 3: oneLog},
	}
	all := func(text string) [6]string { return [6]string{text, text, text, text, text, text} }
	with := func(o outcomes, f func(o *outcomes)) outcomes { f(&o); return o }
	set := func(o *[6]string, text string, ends ...int) {
		for _, i := range ends {
			if o[i] == "" {
				o[i] = text
			}
		}
	}
	refused := func(text string) outcomes { return outcomes{all(text), all(text), all(text), all(text)} }
	vectors := with(numbers, func(o *outcomes) { o.one, o.oneDrop = all(vectorsWanted), all(vectorsWanted) })
	margins := with(numbers, func(o *outcomes) { o.one, o.oneDrop = all(classesWanted), all(classesWanted) })
	signs := with(numbers, func(o *outcomes) {
		for _, p := range []*[6]string{&o.three, &o.one, &o.threeDrop, &o.oneDrop} {
			set(p, signsWanted, 1, 2, 3, 5)
		}
	})
	rates := with(numbers, func(o *outcomes) { o.three[3] = ratesWanted })
	yesNo := with(numbers, func(o *outcomes) {
		for _, p := range []*[6]string{&o.three, &o.one, &o.threeDrop, &o.oneDrop} {
			set(p, probsWanted+"Sigmoid", 0, 3, 4, 5)
		}
	})
	yesNoLogits := with(numbers, func(o *outcomes) {
		for _, p := range []*[6]string{&o.three, &o.one} {
			set(p, logitsGiven+"Sigmoid", 1)
			set(p, logitsGiven+"Softmax", 2)
		}
	})
	classes := with(margins, func(o *outcomes) {
		for _, p := range []*[6]string{&o.three, &o.threeDrop} {
			set(p, softmaxWanted, 1)
			set(p, probsWanted+"Softmax", 0, 3, 4, 5)
		}
	})
	classesLogits := with(margins, func(o *outcomes) {
		set(&o.three, softmaxWanted, 1)
		set(&o.three, logitsGiven+"Softmax", 2)
	})
	sparseYesNo := with(yesNo, func(o *outcomes) { o.one, o.oneDrop = all(classesWanted), all(classesWanted) })
	sparseYesNoLogits := with(yesNoLogits, func(o *outcomes) { o.one, o.oneDrop = all(classesWanted), all(classesWanted) })

	seen := map[string]bool{}
	for _, r := range []struct {
		name string
		loss graph.Loss
		want outcomes
	}{
		{"MeanSquaredError", losses.MeanSquaredError{}, numbers},
		{"MeanAbsoluteError", losses.MeanAbsoluteError{}, numbers},
		{"RootMeanSquaredError", losses.RootMeanSquaredError{}, numbers},
		{"Huber", losses.Huber{}, numbers},
		{"LogCosh", losses.LogCosh{}, numbers},
		{"Quantile", losses.Quantile{}, numbers},
		{"MeanSquaredLogarithmicError", losses.MeanSquaredLogarithmicError{}, numbers},
		{"Poisson", losses.Poisson{}, rates},
		{"GaussianNLL", losses.GaussianNLL{}, refused("want an even number of elements")},
		{"MarginRanking", losses.MarginRanking{}, refused("want (batch, ..., 2), two scores")},
		{"CosineEmbedding", losses.CosineEmbedding{}, refused("want (batch, ..., 2, features)")},
		{"InfoNCE", losses.InfoNCE{}, refused("want (batch, 2, features)")},
		{"NTXent", losses.NTXent{}, refused("want (batch, 2, features)")},
		{"SupervisedContrastive", losses.SupervisedContrastive{}, with(numbers, func(o *outcomes) {
			o.one, o.oneDrop = all("of two features or more"), all("of two features or more")
		})},
		{"Triplet", losses.Triplet{}, numbers},
		{"CosineSimilarity", losses.CosineSimilarity{}, vectors},
		{"Hinge", losses.Hinge{}, signs},
		{"SquaredHinge", losses.SquaredHinge{}, signs},
		{"CategoricalHinge", losses.CategoricalHinge{}, margins},
		{"BinaryCrossEntropy", losses.BinaryCrossEntropy{}, yesNo},
		{"BinaryCrossEntropy smoothed", losses.BinaryCrossEntropy{Smoothing: 0.1}, yesNo},
		{"BinaryCrossEntropy of logits", losses.BinaryCrossEntropy{FromLogits: true}, yesNoLogits},
		{"SparseBinaryCrossEntropy", losses.SparseBinaryCrossEntropy{}, sparseYesNo},
		{"SparseBinaryCrossEntropy of logits", losses.SparseBinaryCrossEntropy{FromLogits: true}, sparseYesNoLogits},
		{"BinaryFocal", losses.BinaryFocal{}, yesNo},
		{"BinaryFocal of logits", losses.BinaryFocal{FromLogits: true}, yesNoLogits},
		{"Dice", losses.Dice{}, yesNo},
		{"Dice of logits", losses.Dice{FromLogits: true}, yesNoLogits},
		{"Tversky", losses.Tversky{}, yesNo},
		{"Tversky of logits", losses.Tversky{FromLogits: true}, yesNoLogits},
		{"CategoricalCrossEntropy", losses.CategoricalCrossEntropy{}, classes},
		{"CategoricalCrossEntropy smoothed", losses.CategoricalCrossEntropy{Smoothing: 0.1}, classes},
		{"CategoricalCrossEntropy of logits", losses.CategoricalCrossEntropy{FromLogits: true}, classesLogits},
		{"SparseCategoricalCrossEntropy", losses.SparseCategoricalCrossEntropy{}, classes},
		{"SparseCategoricalCrossEntropy smoothed", losses.SparseCategoricalCrossEntropy{Smoothing: 0.1}, classes},
		{"SparseCategoricalCrossEntropy of logits", losses.SparseCategoricalCrossEntropy{FromLogits: true, Smoothing: 0.1}, classesLogits},
		{"KLDivergence", losses.KLDivergence{}, classes},
		{"KLDivergence of logits", losses.KLDivergence{FromLogits: true}, classesLogits},
		{"CategoricalFocal", losses.CategoricalFocal{}, classes},
		{"CategoricalFocal smoothed", losses.CategoricalFocal{Smoothing: 0.1}, classes},
		{"CategoricalFocal of logits", losses.CategoricalFocal{FromLogits: true}, classesLogits},
		{"SparseCategoricalFocal", losses.SparseCategoricalFocal{}, classes},
		{"SparseCategoricalFocal of logits", losses.SparseCategoricalFocal{FromLogits: true}, classesLogits},
	} {
		name, _, _ := strings.Cut(r.name, " ")
		seen[name] = true
		for units, want := range map[int][2][6]string{3: {r.want.three, r.want.threeDrop}, 1: {r.want.one, r.want.oneDrop}} {
			for i, e := range ends {
				net := layers.Sequential{layers.Dense{Units: units}, e.layer}
				compiles(t, strings.Join([]string{r.name, e.name, map[int]string{1: "one", 3: "three"}[units]}, ", "), net, r.loss, want[0][i])
				net = append(slices.Clone(net), layers.Dropout{Rate: 0.5})
				compiles(t, strings.Join([]string{r.name, e.name, "Dropout", map[int]string{1: "one", 3: "three"}[units]}, ", "), net, r.loss, want[1][i])
			}
		}
	}
	for _, name := range graph.Registered() {
		if loss, ok := strings.CutPrefix(name, "losses."); ok {
			require.True(t, seen[loss], name)
		}
	}
}

// compiles checks that a network of 4 inputs compiles, or that the error contains want.
func compiles(t *testing.T, name string, net graph.Layer, loss graph.Loss, want string) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Helper()
		_, err := graph.Compile(net, graph.Config{Input: []int{4}, Loss: loss})
		if want == "" {
			require.NoError(t, err)
			return
		}
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "loss: ")
	})
}
