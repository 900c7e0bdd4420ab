package graph

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/nndiy/nndiy/internal/atomicfile"
	"github.com/nndiy/nndiy/internal/checkpoint"
)

// call sends an event to every callback and returns the first error; it returns Stop only if there is no other error.
func (f *fitting) call(e Event) error {
	var result error
	for i, c := range f.run.Config.Callbacks {
		err := c.Handle(f.run, e)
		if err != nil && !errors.Is(err, Stop) {
			err = fmt.Errorf("callback %d (%T) at %v: %w", i, c, e, err)
		}
		if err != nil && (result == nil || errors.Is(result, Stop)) {
			result = err
		}
	}
	if r := f.run.Rate; result == nil && (r < 0 || math.IsNaN(r) || math.IsInf(r, 0)) {
		result = fmt.Errorf("%v: got the learning rate %v from a callback, want a finite number of 0 or more", e, r)
	}
	return f.runAfter(e, f.agreeOn(e, result))
}

// After schedules f to run once all callbacks have handled the current event, before training continues. An error of f ends
// training, as an error of a callback does. Use it for work that needs the state of all callbacks, such as SaveFile.
func (r *Run) After(f func() error) { r.after = append(r.after, f) }

// SaveFile writes a checkpoint, from which FitConfig.Resume continues: the model, as Model.SaveFile writes it, the state of
// the run, and the state of the callbacks that are Stateful. A network that a file cannot describe is not an error here: Resume
// and LoadFile set a model compiled by the same code, only Open needs the description.
//
// At the EpochEnd of an epoch that MaxSteps or MaxTime ended early, it writes the checkpoint of the last step: a resumed run does the
// rest of the epoch, and has the bits of a run without that limit.
//
// SaveFile must be called in a function given to After, at TrainBegin, EpochBegin, StepEnd or EpochEnd. While a run is being
// resumed, SaveFile writes nothing until the state of the checkpoint is restored. With FitConfig.Group only rank 0 writes.
func (r *Run) SaveFile(path string) error {
	if r.fit == nil || !r.fit.inAfter || r.fit.unsaved() {
		return errors.New("graph: Run.SaveFile: must be called inside Run.After, at TrainBegin, EpochBegin, StepEnd or EpochEnd")
	}
	if r.fit.from != nil || r.Rank > 0 {
		return nil
	}
	write := r.fit.save
	if r.fit.event == EpochEnd && r.fit.early.is {
		write = r.fit.early.write
	}
	return public("Run.SaveFile: "+path, atomicfile.WriteSeries(checkpoint.Series(path), path, write))
}

// unsaved reports whether the event under way is one after which a run could not be resumed without repeating or leaving out some
// event.
func (f *fitting) unsaved() bool {
	return f.event == StepBegin || f.event == ValidBegin || f.event == ValidEnd || f.event == TrainEnd
}

// save writes the model and the state of the run.
func (f *fitting) save(w io.Writer) error {
	file, err := f.model.file((*modelFile).addModel)
	if err != nil {
		return err
	}
	if err := file.addOthers(f.model.store); err != nil {
		return err
	}
	f.midEpoch, f.epochSize, f.epochSteps = f.event == EpochBegin || f.event == StepEnd, f.run.Size, f.run.Steps
	if err := file.addRun(f); err != nil {
		return err
	}
	return file.write(w)
}

// An early is the checkpoint of the last step of an epoch that MaxSteps or MaxTime ended. It is taken before the batches that are left
// over change parameters, and before callbacks see the end of an epoch that another run does not end there.
type early struct {
	is   bool
	file []byte
	err  error
}

// take takes the checkpoint of f, if there are callbacks that could write it.
func (e *early) take(f *fitting) {
	if len(f.run.Config.Callbacks) == 0 || f.run.Rank > 0 {
		return
	}
	var file bytes.Buffer
	e.err = f.save(&file)
	e.is, e.file = true, file.Bytes()
}

func (e *early) write(w io.Writer) error {
	if e.err != nil {
		return e.err
	}
	_, err := w.Write(e.file)
	return err
}

// runAfter calls the functions given to After at an event; result is the error of the callbacks.
func (f *fitting) runAfter(e Event, result error) error {
	f.event, f.inAfter, f.stopped = e, true, errors.Is(result, Stop)
	if e == EpochBegin {
		f.rate = f.run.Rate
	}
	defer func() { f.inAfter, f.run.after = false, nil }()
	for i := 0; i < len(f.run.after) && (result == nil || f.stopped); i++ {
		if err := f.run.after[i](); err != nil {
			return fmt.Errorf("after %v: %w", e, err)
		}
	}
	return result
}
