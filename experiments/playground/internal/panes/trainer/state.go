package trainer

import "github.com/nndiy/nndiy/experiments/playground/internal/panes"

// A State is the progress of the training of a pane's own network.
type State struct {
	Settings
	Running  bool    `json:"running"`
	Steps    int     `json:"steps"`
	Speed    float64 `json:"speed"`    // steps a second, 0 at first
	Loss     float64 `json:"loss"`     // mean over the last Every steps
	Every    int     `json:"every"`    // steps of each element of the array losses
	Score    float64 `json:"score"`    // mean over test images
	Judged   int     `json:"judged"`   // number of test images that Score is over
	Measured bool    `json:"measured"` // whether Score is that of the present weights
	Weights  int     `json:"weights"`  // number of parameters
	Hash     string  `json:"hash"`     // of the weights
	Code     string  `json:"code"`     // a program that trains the same network
}

// State reports the training, and returns the losses.
func (t *Trainer) State(s Settings, code string) (State, []float32) {
	r := State{Settings: s, Running: t.Running, Steps: t.Steps, Speed: t.Speed.PerSecond(), Every: t.History.Every, Code: code}
	losses := t.History.Means
	if len(losses) > 0 {
		r.Loss = float64(losses[len(losses)-1])
	}
	r.Score, r.Judged = t.Judge.Mean()
	r.Measured = t.Steps == 0 || t.Judge.Done()
	w := t.Model.Weights()
	for _, x := range w {
		r.Weights += x.Shape().TotalSize()
	}
	r.Hash = panes.Hash(w)
	return r, losses
}
