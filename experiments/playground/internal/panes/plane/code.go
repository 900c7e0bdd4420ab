package plane

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/nndiy/nndiy/experiments/playground/internal/code"
)

//go:embed sets.go
var setsSource string

//go:embed points.go
var pointsSource string

// Code returns a Go program that trains the first network as the page does. With portable kernels its weights are the page's.
func (s Settings) Code() string {
	var b strings.Builder
	b.WriteString(`// This program trains the network of the page. With NNDIY_CPU=generic it ends with the same weights: compare the hash.
func main() {
`)
	penalty := ""
	if s.Regularization != "none" {
		penalty = fmt.Sprintf(", KernelPenalty: layers.Penalty{%s: %v}", s.Regularization, s.Strength)
	}
	b.WriteString("	net := layers.Sequential{\n")
	for _, units := range s.Layers {
		fmt.Fprintf(&b, "		layers.Dense{Units: %d%s}, %s,\n", units, penalty, activations[s.Activation].code)
	}
	fmt.Fprintf(&b, "		layers.Dense{Units: 2%s}, layers.Softmax{},\n	}\n", penalty)
	fmt.Fprintf(&b, `	model, err := graph.Compile(net, graph.Config{
		Input:     []int{2},
		Loss:      losses.SparseCategoricalCrossEntropy{},
		Optimizer: %s,
		Metrics:   []graph.Metric{metrics.Accuracy{}},
		Seed:      %d,
	})
	if err != nil {
		log.Fatal(err)
	}
`, fmt.Sprintf(optimizers[s.Optimizer].code, s.Rate), s.Seed)
	s.codeOfData(&b)
	fmt.Fprintf(&b, `	ctx := context.Background()
	for epoch := range uint64(%d) {
		var logs graph.Logs
		for batch, err := range train.Batches(%d, rand.New(rand.NewPCG(%d, epoch))) {
			if err != nil {
				log.Fatal(err)
			}
			if logs, err = model.Step(ctx, batch); err != nil {
				log.Fatal(err)
			}
		}
		fmt.Println(epoch, logs)
	}
	%s
}

`, s.Epochs, s.Batch, s.Seed, code.PrintHash)
	if s.Data != own {
		b.WriteString(code.Func(setsSource, s.Data))
		b.WriteString(code.Func(pointsSource, "points"))
	}
	b.WriteString(code.Func(pointsSource, "arrays"))
	b.WriteString(code.Hash)
	return code.Program(b.String())
}

// codeOfData writes the statements that make the data.
func (s Settings) codeOfData(b *strings.Builder) {
	if s.Data != own {
		fmt.Fprintf(b, "	all := points(%d, %d, %v, %s)\n	list, valid := all[:%d], all[%d:]\n",
			trainPoints+validPoints, s.Seed, s.Noise, s.Data, trainPoints, trainPoints)
	} else {
		b.WriteString("	var list, valid [][3]float64\n")
	}
	if len(s.Own) > 0 {
		b.WriteString("	for i, p := range [][3]float64{\n")
		for _, p := range s.Own {
			fmt.Fprintf(b, "		{%v, %v, %v},\n", p[0], p[1], p[2])
		}
		b.WriteString("	} {\n		if i%5 == 4 {\n			valid = append(valid, p)\n		} else {\n			list = append(list, p)\n		}\n	}\n")
	}
	b.WriteString("	fmt.Println(len(list), \"points for training,\", len(valid), \"for validation\")\n	train := arrays(list)\n")
}
