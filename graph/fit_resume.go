package graph

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"unicode"

	"github.com/nndiy/nndiy/graph/internal/codec"
	"github.com/nndiy/nndiy/graph/internal/safetensors"
	"github.com/nndiy/nndiy/internal/checkpoint"
)

// state is what a checkpoint has of a training beside the model's own state.
func (f *fitting) state(data *dataState) Saved {
	r, callbacks := f.run, Saved{}
	for i, c := range f.stateful() {
		callbacks[fmt.Sprint(i)] = c.State()
	}
	return Saved{
		"epoch": &r.Epoch, "step": &r.Step, "samples": &r.Samples, "loss": &r.Loss,
		"rate": &r.Rate, "epoch_rate": &f.rate, "logs": &r.Logs, "history": &r.History.Logs,
		"within": &f.within, "stopped": &f.stopped, "data": data, "tally": f.tally.state(), "updater": f.updater.state(), "callbacks": callbacks,
	}
}

// A dataState is what must be the same when a training goes on, beside the network and the Config.
type dataState struct {
	Samples, BatchSize, Accumulate int
	NoShuffle                      bool
	Valid                          int       // samples
	ClassWeight                    []float64 // as in FitConfig
	Checksum                       string    // of Arrays; other data is not looked at
}

func (f *fitting) dataState() dataState {
	cfg := f.run.Config
	d := dataState{Samples: f.run.Size, BatchSize: cfg.BatchSize, Accumulate: cfg.Accumulate, NoShuffle: cfg.NoShuffle, ClassWeight: cfg.ClassWeight}
	if len(cfg.ClassWeight) == 0 {
		d.ClassWeight = nil
	}
	if cfg.Valid != nil {
		d.Valid = cfg.Valid.Len()
	}
	if a, ok := f.train.(Arrays); ok && f.checksum == "" {
		f.checksum = a.checksum()
	}
	d.Checksum = f.checksum
	return d
}

// stateful returns the callbacks that have a state to be kept.
func (f *fitting) stateful() []Stateful {
	var list []Stateful
	for _, c := range f.run.Config.Callbacks {
		if s, ok := c.(Stateful); ok {
			list = append(list, s)
		}
	}
	return list
}

// types names the callbacks that have a state.
func (f *fitting) types() string {
	var names []string
	for _, c := range f.stateful() {
		names = append(names, fmt.Sprintf("%T", c))
	}
	return strings.Join(names, ", ")
}

// addRun adds a training to the file of its model.
func (file *modelFile) addRun(f *fitting) error {
	data := f.dataState()
	text, err := registry.EncodeState(runPrefix, f.state(&data), append(specials, file.tensors())...)
	file.Metadata[runKey], file.Metadata[callbacksKey] = string(text), f.types()
	return err
}

// tensors says how tensors in a state are written: under their paths, and each read once.
func (file *modelFile) tensors() codec.Special {
	byName := map[string]*safetensors.Tensor{}
	for i := range file.Tensors {
		byName[file.Tensors[i].Name] = &file.Tensors[i]
	}
	return codec.Special{
		Type: reflect.TypeFor[*Tensor](),
		Encode: func(path string, v reflect.Value) (string, error) {
			return path, addTensor(&file.File, path, v.Interface().(*Tensor))
		},
		Decode: func(name string, to reflect.Value) error {
			t := byName[name]
			if t == nil || !strings.HasPrefix(name, runPrefix) {
				return fmt.Errorf("the file has no tensor %.100q, or it was named before", name)
			}
			delete(byName, name)
			v, err := fromFile(*t)
			to.Set(reflect.ValueOf(v))
			return err
		},
	}
}

// open reads the checkpoint that the training is to go on from, if there is one, and sets the model and the history to it.
func (f *fitting) open() error {
	path := f.run.Config.Resume
	if path == "" {
		return nil
	}
	path, err := newest(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("Resume: %w", err)
	}
	in, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("Resume: %w", err)
	}
	defer in.Close()
	if f.from, err = readFile(in); err == nil {
		err = f.load()
	}
	if err != nil {
		return fmt.Errorf("Resume: %s: %w", path, err)
	}
	r := f.run
	r.Resumed, f.next = true, r.Epoch
	if !f.within {
		f.next++
	}
	r.Epoch, r.Step, r.Samples, r.Loss, r.Rate = 0, 0, 0, 0, f.model.cfg.Optimizer.Rate()
	return nil
}

// newest returns the path of a checkpoint: the path itself, or that of the newest one in the folder that it is.
func newest(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return path, err
	}
	names, err := checkpoint.List(path)
	if err != nil {
		return path, err
	}
	if len(names) == 0 {
		return path, fs.ErrNotExist
	}
	return filepath.Join(path, names[len(names)-1]), nil
}

// load sets the model, the training and the callbacks to the checkpoint.
func (f *fitting) load() error {
	file := f.from
	if !file.ours() || file.Metadata[runKey] == "" {
		return errors.New("the file has no training to go on with, want one that a checkpoint wrote: Open it, or LoadFile")
	}
	if got, want := file.Metadata[callbacksKey], f.types(); got != want {
		return fmt.Errorf("the checkpoint is of a training with the stateful callbacks [%s], want [%s]", got, want)
	}
	if err := file.isOf(f.model); err != nil {
		return err
	}
	var data dataState
	if err := registry.DecodeState(runPrefix, []byte(file.Metadata[runKey]), f.state(&data), append(specials, file.tensors())...); err != nil {
		return err
	}
	if want := f.dataState(); !reflect.DeepEqual(data, want) {
		return fmt.Errorf("the checkpoint is of a training with %+v, want %+v", data, want)
	}
	if r := f.run; min(r.Epoch, r.Step, r.Samples) < 0 || r.Step > r.Steps || len(r.History.Logs) > r.Epoch {
		return fmt.Errorf("got epoch %d, step %d, %d samples, a history of %d epochs", r.Epoch, r.Step, r.Samples, len(r.History.Logs))
	}
	if rate := f.run.Rate; !(rate >= 0) || math.IsInf(rate, 0) {
		return fmt.Errorf("got the learning rate %v", rate)
	}
	if err := errors.Join(f.tally.check(), f.updater.check()); err != nil {
		return err
	}
	if err := file.restore(f.model); err != nil {
		return err
	}
	f.run.Total = f.model.store.steps
	return nil
}

// isOf returns an error if the file is of another network, or of one that was trained with other settings, as far as files can
// tell: they don't hold functions.
func (file *modelFile) isOf(m *Model) error {
	mine := map[string]string{}
	m.describe(mine)
	for _, key := range []string{networkKey, configKey} {
		got, want := file.Metadata[key], mine[key]
		if got == want || got == "" || want == "" {
			continue
		}
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		at = max(at-30, 0)
		return fmt.Errorf("the checkpoint is of a training with another %s: it has …%.60s…, want …%.60s…; LoadFile takes the weights alone",
			key, printable(got[at:]), printable(want[at:]))
	}
	return nil
}

// printable replaces what a message should not have.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, text)
}

// resume puts the state of the checkpoint in force, if there is one and now is the time: after TrainBegin, or after the
// EpochBegin of an epoch that it is in the middle of, so that no callback's work at these events counts twice.
func (f *fitting) resume(now bool) error {
	if f.from == nil || !now {
		return nil
	}
	if err := f.load(); err != nil {
		return fmt.Errorf("Resume: %w", err)
	}
	f.from = nil
	if f.stopped {
		return Stop
	}
	return nil
}
