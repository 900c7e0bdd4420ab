package main

import (
	"context"

	"gorgonia.org/tensor"

	"github.com/nndiy/nndiy/datasets"
	"github.com/nndiy/nndiy/graph"
)

// A translation is what the network writes for a text.
type translation struct {
	date    string
	weights [][]float64 // of the attention: for each character of the date, one for each character of the text
}

// decode writes the translation of each text, character by character: in each round, the network sees what it has written, and the
// most probable next character is added (greedy decoding).
func decode(ctx context.Context, m *graph.Model, texts []string) ([]translation, error) {
	var list [][]int
	for _, t := range texts {
		numbers, err := source.Numbers(t)
		if err != nil {
			return nil, err
		}
		list = append(list, numbers)
	}
	padded, _, err := datasets.Pad(datasets.Sequences(list), 0, 0)
	if err != nil {
		return nil, err
	}
	n := len(iso)
	written := tensor.New(tensor.Of(tensor.Float32), tensor.WithShape(len(texts), n))
	all := make([]int, len(texts)*n)
	var out map[string]*graph.Tensor
	for t := range n {
		if out, err = m.PredictAll(ctx, map[string]*graph.Tensor{graph.MainInput: padded, writtenInput: written}); err != nil {
			return nil, err
		}
		chosen := choose(out[graph.MainOutput])
		for r := range texts {
			at := r*n + t
			all[at] = chosen[at]
			if t+1 < n {
				written.Float32s()[at+1] = float32(chosen[at])
			}
		}
	}
	return gather(list, all, out[attentionOutput]), nil
}

// gather returns the translations: the dates, n characters each, and the attention's weights, (texts, n, time).
func gather(list [][]int, all []int, weights *graph.Tensor) []translation {
	n, time, w := weights.Shape()[1], weights.Shape()[2], weights.Float32s()
	result := make([]translation, len(list))
	for r := range result {
		result[r].date = target.Text(all[r*n : (r+1)*n])
		for t := range n {
			row := make([]float64, len(list[r]))
			for i := range row {
				row[i] = float64(w[(r*n+t)*time+i])
			}
			result[r].weights = append(result[r].weights, row)
		}
	}
	return result
}
