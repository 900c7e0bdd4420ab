package datasets_test

import (
	"fmt"
	"iter"
	"log"
	"math/rand/v2"
	"strings"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
	"github.com/nndiy/nndiy/layers"
)

// This example splits the digits into training and validation data, and adds noise for a network that removes it.
func Example() {
	digits, test, err := datasets.MNIST()
	if err != nil {
		log.Fatal(err)
	}
	train, valid, err := digits.Split(48_000, 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(train.Len(), valid.Len(), test.Len(), valid.X().Shape())

	noisy := datasets.PixelNoise{Clean: graph.Arrays{X: valid.X()}, Amount: 0.8}
	for batch, err := range noisy.Batches(128, nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(batch.X.Shape(), batch.Y.Shape())
		break
	}
	// Output:
	// 48000 12000 10000 (12000, 784)
	// (128, 784) (128, 784)
}

// This example reads a table of flowers, numbers the classes, and scales the columns by the range of the training data.
func ExampleCSV() {
	const flowers = `id,length,width,kind
1,5.1,1.4,setosa
2,7.0,4.7,versicolor
3,6.3,6.0,virginica
4,4.9,1.4,setosa
`
	table, err := datasets.CSV{Skip: []string{"id"}, Target: []string{"kind"}, Classes: true}.Read(strings.NewReader(flowers), "flowers.csv")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table)
	data, err := table.Arrays()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table.Classes(), data.Y.Data())

	train, test, err := graph.Split(data, 3, 1)
	if err != nil {
		log.Fatal(err)
	}
	scaler, err := datasets.MinMax(train.X)
	if err != nil {
		log.Fatal(err)
	}
	for _, part := range []*graph.Arrays{&train, &test} {
		if part.X, err = scaler.Apply(part.X); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(train.X.Shape(), test.X.Shape())

	_, err = datasets.CSV{Kinds: map[string]graph.Kind{"width": graph.KindNumber}}.Read(strings.NewReader("length,width\n5.1,1.4\n7.0,4.7cm\n"), "flowers.csv")
	fmt.Println(err)
	// Output:
	// 4 rows, 3 columns
	// column  kind        missing  distinct  values
	// length  number      0        4         4.9 … 5.1 … 6.3 … 6.3 … 7
	// width   number      0        3         1.4 … 1.4 … 4.7 … 4.7 … 6
	// kind    category *  0        3         "setosa" × 2, "versicolor" × 1, "virginica" × 1
	// [setosa versicolor virginica] [0 1 2 0]
	// (3, 2) (1, 2)
	// datasets: flowers.csv: line 3, column 2 (width): got "4.7cm", want a number
}

// Without a rng the noise is the same in every pass; with a rng it is drawn anew.
func ExamplePixelNoise() {
	clean := graph.Arrays{X: datasets.Line(4, 0, 1).X}
	noisy := datasets.PixelNoise{Clean: clean, Amount: 0, UpTo: 1, Seed: 7} // each image has its own amount
	pass := func(rng *rand.Rand) (values []float32) {
		for batch, err := range noisy.Batches(2, rng) {
			if err != nil {
				log.Fatal(err)
			}
			values = append(values, batch.X.Data().([]float32)...)
		}
		return values
	}
	rng := rand.New(rand.NewPCG(1, 2))
	fixed, again := fmt.Sprint(pass(nil)), fmt.Sprint(pass(nil))
	fresh, another := fmt.Sprint(pass(rng)), fmt.Sprint(pass(rng))
	fmt.Println(fixed == again, fresh == another)
	// Output: true false
}

func ExampleScaler() {
	train := datasets.FourStripes(100, 1)
	scaler, err := datasets.MeanVariance(train.X)
	if err != nil {
		log.Fatal(err)
	}
	scaled, err := scaler.Apply(datasets.FourStripes(20, 2).X) // other data, scaled by the same numbers
	if err != nil {
		log.Fatal(err)
	}
	x, err := scaler.Invert(scaled)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(scaled.Shape(), x.Shape())
	// Output: (20, 2) (20, 2)
}

// This example pads sequences of words, where 0 is no word. Their lengths go to a layers.Lengths; for a network that begins with
// layers.Embedding{MaskZero: true}, the zeros are enough.
func ExamplePad() {
	words := datasets.Sequences([][]int{{3, 1}, {4, 1, 5}, {9}})
	padded, lengths, err := datasets.Pad(words, 0, 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(padded.Shape(), padded.Data())
	fmt.Println(lengths.Data())
	// Output:
	// (3, 3) [3 1 0 4 1 5 9 0 0]
	// [2 3 1]
}

// This example makes batches of two sequences of similar lengths, each padded to its own longest.
func ExampleBuckets() {
	words := datasets.Sequences([][]int{{3, 1}, {4, 1, 5, 9, 2, 6}, {5, 3}, {5, 8, 9, 7, 9}})
	tags := datasets.Sequences([][]int{{0, 1}, {1, 1, 0, 1, 0, 1}, {0, 0}, {1, 0, 1, 0, 0}})
	data := datasets.Buckets{X: words, Y: tags, Lengths: "lengths"}
	for batch, err := range data.Batches(2, rand.New(rand.NewPCG(1, 2))) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(batch.X.Shape(), batch.Inputs["lengths"].Data())
	}
	// Output:
	// (2, 6) [5 6]
	// (2, 2) [2 2]
}

// This example reads samples of a kind that a file gives one by one, in random order and in batches, while the network trains on
// those before.
func ExamplePrefetch() {
	numbers := datasets.Stream(func(rng *rand.Rand) iter.Seq2[graph.Batch, error] {
		return func(yield func(graph.Batch, error) bool) {
			for i := range 100 {
				x := tensor.New(tensor.WithShape(1, 1), tensor.WithBacking([]float32{float32(i)}))
				if !yield(graph.Batch{X: x}, nil) {
					return
				}
			}
		}
	})
	square := func(b graph.Batch, _ *rand.Rand) (graph.Batch, error) {
		x := b.X.Float32s()
		y := make([]float32, len(x))
		for i, v := range x {
			y[i] = v * v
		}
		return graph.Batch{X: b.X, Y: tensor.New(tensor.WithShape(len(y), 1), tensor.WithBacking(y))}, nil
	}
	train := datasets.Prefetch{From: datasets.Map{From: datasets.Shuffle{From: numbers, Buffer: 32}, Func: square}}
	for batch, err := range train.Batches(64, rand.New(rand.NewPCG(1, 2))) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(batch.X.Shape(), batch.Y.Shape())
	}
	// Output:
	// (64, 1) (64, 1)
	// (36, 1) (36, 1)
}

// This example numbers labels, and stores them in the model, from which any program gets them back.
func ExampleClasses() {
	classes, err := datasets.ClassesOf([]string{"cat", "dog", "cat", "bird"})
	if err != nil {
		log.Fatal(err)
	}
	y, err := classes.Numbers([]string{"dog", "bird"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(classes.Labels(), y.Data())

	model, err := graph.Compile(layers.Dense{Units: classes.Len()}, graph.Config{Input: []int{4}})
	if err == nil {
		err = classes.StoreIn(model) // SaveFile then writes them
	}
	if err != nil {
		log.Fatal(err)
	}
	stored, err := datasets.StoredClasses[string](model)
	if err != nil {
		log.Fatal(err)
	}
	labels, err := stored.Predicted(tensor.New(tensor.WithShape(1, 3), tensor.WithBacking([]float32{0.1, 2, 0.3})))
	fmt.Println(labels, err)
	// Output:
	// [bird cat dog] [2 0]
	// [cat] <nil>
}
