package main

import (
	"flag"
	"fmt"

	"github.com/nndiy/nndiy/experiments/internal/choose"
	"github.com/nndiy/nndiy/experiments/internal/lab"
)

const (
	loss  = "loss.png"
	piece = 128 // characters in a sample

	// Keys of the model's metadata, so that its file is enough to write text.
	alphabetKey = "alphabet"
	memoryKey   = "memory"
)

// files lists the files that the experiment writes.
var files = []string{loss, lab.LogFile, lab.Weights}

// settings are the flags of this experiment only.
type settings struct {
	Network *choose.Flag[network] `json:"network"`
	Text    string                `json:"text,omitempty"`
	Model   string                `json:"model,omitempty"`
	Prompt  string                `json:"prompt"`
	Length  int                   `json:"length"`
	style
}

func (s *settings) declare(f *flag.FlagSet) {
	f.Var(s.Network, "network", s.Network.Names()+": one LSTM, or four blocks of attention")
	f.StringVar(&s.Text, "text", "", "`file` to learn, in UTF-8 (default the documentation of this repository)")
	f.StringVar(&s.Model, "model", "", "`file` with a model of an earlier run: write without training")
	f.StringVar(&s.Prompt, "prompt", "A Layer ", "beginning of the text to write")
	f.IntVar(&s.Length, "length", 800, "number of characters to write")
	f.Float64Var(&s.Temperature, "temperature", 0.7, "divisor of the logits: below 1 the text is more usual, above 1 more surprising; 0 always takes the most probable character")
	f.IntVar(&s.Top, "top", 20, "draw each character from this number of the most probable ones; 0 means all")
}

// check returns an error for the first flag out of its range.
func (s *settings) check() error {
	switch {
	case s.Prompt == "":
		return fmt.Errorf("-prompt: got no characters, want 1 or more")
	case s.Length < 1:
		return fmt.Errorf("-length: got %d, want 1 or more", s.Length)
	case !(s.Temperature >= 0 && s.Temperature <= 100):
		return fmt.Errorf("-temperature: got %v, want 0 to 100", s.Temperature)
	case s.Top < 0:
		return fmt.Errorf("-top: got %d, want 0 or more", s.Top)
	}
	return nil
}
