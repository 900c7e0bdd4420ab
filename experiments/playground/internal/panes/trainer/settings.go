package trainer

import "fmt"

// Settings are how a pane trains a network of its own.
type Settings struct {
	Network string  `json:"network"` // dense or conv
	Rate    float64 `json:"rate"`    // learning rate of Adam, up to 1
	Batch   int     `json:"batch"`   // images of a step, 1 to 512
	Seed    uint64  `json:"seed"`
}

// Check returns an error that names the first wrong setting.
func (s Settings) Check() error {
	switch {
	case s.Network != "dense" && s.Network != "conv":
		return fmt.Errorf("network: got %q, want dense or conv", s.Network)
	case !(s.Rate > 0 && s.Rate <= 1):
		return fmt.Errorf("rate: got %v, want more than 0 and at most 1", s.Rate)
	case s.Batch < 1 || s.Batch > 512:
		return fmt.Errorf("batch: got %d, want 1 to 512", s.Batch)
	}
	return nil
}
