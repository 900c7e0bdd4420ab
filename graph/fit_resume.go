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

// state returns what a checkpoint stores of a run, besides the model's own state.
func (f *fitting) state(data *dataState) Saved {
	r, callbacks := f.run, Saved{}
	for i, c := range f.stateful() {
		callbacks[fmt.Sprint(i)] = c.State()
	}
	return Saved{
		"start": &f.start, "valid": &r.ValidLogs,
		"epoch": &r.Epoch, "step": &r.Step, "samples": &r.Samples, "loss": &r.Loss, "step_loss": &r.StepLoss,
		"epoch_samples": &f.epochSize, "epoch_steps": &f.epochSteps,
		"rate": &r.Rate, "epoch_rate": &f.rate, "logs": &r.Logs, "history": &r.History.Logs,
		"within": &f.midEpoch, "stopped": &f.stopped, "data": data,
		"tally": f.tally.state(), "updater": f.updater.state(), "callbacks": callbacks,
	}
}

// stateful returns the callbacks that are Stateful.
func (f *fitting) stateful() []Stateful {
	var list []Stateful
	for _, c := range f.run.Config.Callbacks {
		if s, ok := c.(Stateful); ok {
			list = append(list, s)
		}
	}
	return list
}

// statefulTypes returns the types of the callbacks that are Stateful.
func (f *fitting) statefulTypes() string {
	var names []string
	for _, c := range f.stateful() {
		names = append(names, fmt.Sprintf("%T", c))
	}
	return strings.Join(names, ", ")
}

// addRun adds the state of a run to the file of its model.
func (file *modelFile) addRun(f *fitting) error {
	data := f.dataState()
	text, err := registry.EncodeState(runPrefix, f.state(&data), append(specials, file.tensors())...)
	file.Metadata[runKey], file.Metadata[callbacksKey] = string(text), f.statefulTypes()
	return err
}

// tensors returns how tensors of a state are encoded: each is stored in the file under its path, and read once.
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
				return fmt.Errorf("got a reference to tensor %.100q, want a tensor of the run in the file, referred to once", name)
			}
			delete(byName, name)
			v, err := fromFile(*t)
			to.Set(reflect.ValueOf(v))
			return err
		},
	}
}

// open reads the checkpoint to resume from, if there is one, and sets the model and the history from it.
func (f *fitting) open() error {
	path, in, err := f.checkpoint()
	if err != nil || in == nil {
		return err
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
	if r.Epoch > r.Config.Epochs || r.Step == 0 && f.over() { // that epoch does not run, so nothing waits for its beginning
		f.midEpoch = false
	}
	if !f.midEpoch {
		f.next++
	}
	r.Epoch, r.Step, r.Samples, r.Loss, r.StepLoss, r.Rate = 0, 0, 0, 0, 0, f.model.cfg.Optimizer.Rate()
	return nil
}

// newest returns the path of a checkpoint: path itself, or the newest checkpoint in it if it is a folder.
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

// load sets the model, the run and the callbacks from the checkpoint.
func (f *fitting) load() error {
	file := f.from
	if !file.ours() || file.Metadata[runKey] == "" {
		return errors.New("got a file without the state of a run, want a checkpoint (see Run.SaveFile); Open and LoadFile read files of models")
	}
	if got, want := file.Metadata[callbacksKey], f.statefulTypes(); got != want {
		return fmt.Errorf("stateful callbacks: got [%s] in the checkpoint, want [%s] as given to Fit", got, want)
	}
	if err := file.compare(f.model); err != nil {
		return err
	}
	var data dataState
	if err := registry.DecodeState(runPrefix, []byte(file.Metadata[runKey]), f.state(&data), append(specials, file.tensors())...); err != nil {
		return err
	}
	if want := f.dataState(); !reflect.DeepEqual(data.known(want), want.known(data)) {
		return fmt.Errorf("got a checkpoint of a run with %+v, want %+v", data, want)
	}
	r, n := f.run, f.train.Len()
	if min(r.Epoch, r.Step, r.Samples, f.epochSize, f.epochSteps) < 0 || r.Step > r.Samples || len(r.History.Logs) > r.Epoch ||
		n >= 0 && (r.Samples > n || f.epochSteps > 0 && f.epochSize != n) {
		return fmt.Errorf("got epoch %d, step %d of %d, %d samples of %d, a history of %d epochs, want a possible state of a run",
			r.Epoch, r.Step, f.epochSteps, r.Samples, f.epochSize, len(r.History.Logs))
	}
	if rate := r.Rate; !(rate >= 0) || math.IsInf(rate, 0) {
		return fmt.Errorf("learning rate: got %v, want a finite number of 0 or more", rate)
	}
	if err := errors.Join(f.tally.check(), f.updater.check()); err != nil {
		return err
	}
	before := f.model.Metadata()
	if err := f.model.store.metadata.add(file.userMetadata()); err != nil {
		return err
	}
	if err := file.restore(f.model, true); err != nil {
		_ = f.model.store.metadata.set(before)
		return err
	}
	r.Total = f.model.store.steps
	return nil
}

// compare returns an error if the file describes another network or another Config than the model's. Functions are not
// compared: files do not store them.
func (file *modelFile) compare(m *Model) error {
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
		return fmt.Errorf("%s: got …%.60s… in the checkpoint, want …%.60s… as in the model; LoadFile reads only the weights",
			key, printable(got[at:]), printable(want[at:]))
	}
	return nil
}

// printable replaces the characters that cannot be printed.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, text)
}

// resume restores the state of the checkpoint, if there is one and it is due: after TrainBegin, or for a checkpoint from the
// middle of an epoch after EpochBegin, so that nothing that callbacks do at these events counts twice.
//
// The sizes of an epoch are due after TrainBegin in both cases: they are those that the epochs before have had.
func (f *fitting) resume(due bool) error {
	if f.from == nil {
		return nil
	}
	if f.epochSteps > 0 { // else no epoch has ended that says it, or the file is older than the entry
		f.run.Size, f.run.Steps = f.epochSize, f.epochSteps
	}
	if !due {
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
