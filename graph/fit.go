package graph

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/nndiy/nndiy/internal/atomicfile"
	"github.com/nndiy/nndiy/internal/checkpoint"
)

// A FitConfig holds the settings of Fit.
type FitConfig struct {
	Epochs    int        // passes over the training set; 0 means 1
	BatchSize int        // samples per step; 0 means the whole set
	Valid     Dataset    // validation set, evaluated after each epoch; nil for none
	Callbacks []Callback // called in this order
	NoShuffle bool       // keep the set's order of samples; otherwise each epoch has a random order

	// Accumulate is the number of batches per update (gradient accumulation): the optimizer gets the mean gradient over all
	// their samples. It is for batches that do not fit in memory. The last update of an epoch takes the batches that are
	// left. 0 means 1.
	Accumulate int

	// ClassWeight[i] multiplies the loss of each sample whose target Y is class i, in training only. A target is a class
	// number, or a fraction for each class, whose weight is the sum of fraction·ClassWeight. The training loss is the sum of
	// the weighted losses divided by the number of samples; it must be a SampleLoss. Empty means 1 for every class. For an output
	// (batch, time, classes) each step has a target, and so a weight.
	ClassWeight []float64

	// Resume is the path of a checkpoint (see Run.SaveFile and callbacks.Checkpoint), or of a folder, whose newest
	// checkpoint is used. Given the same model, data, batch size and callbacks, the resumed run ends with the same bits as
	// an uninterrupted one. Any difference that the checkpoint can detect (network, Config, batch size, data in Arrays) is
	// an error. Only Epochs may differ; it counts from the start of the original run. If the path does not exist, or the
	// folder has no checkpoint, Fit starts a new run, so that one program both starts and resumes.
	Resume string
}

// Fit trains the model. It returns the history of the epochs that ended, also together with an error. It stops early
// within one step of ctx's end, or when a callback returns Stop; the model then has the weights of the last whole step. If
// the loss or a weight becomes NaN or infinite, Fit returns an error that wraps ErrDiverged, and restores the weights of at
// most 32 steps before, when the loss was last known to be finite.
//
// An epoch that can change nothing, since the network has no parameters or all are frozen, is an error. Only one Fit of a model
// runs at a time; a second one returns an error. Other methods called during Fit wait for the
// current step to end.
func (m *Model) Fit(ctx context.Context, train Dataset, cfg FitConfig) (History, error) {
	if !m.store.fitting.CompareAndSwap(false, true) {
		return History{}, errors.New("graph: Fit: the model is being trained by another Fit")
	}
	defer m.store.fitting.Store(false)
	m.store.turn <- struct{}{} // waits for a Step under way; others see that a Fit is running
	m.endTurn()
	f, err := m.newFit(train, cfg)
	if err == nil {
		err = f.open()
	}
	if err != nil {
		return History{}, public("Fit", err)
	}
	err = f.call(TrainBegin)
	if err == nil {
		err = f.resume(!f.midEpoch || f.stopped)
	}
	for e := f.next; e <= f.run.Config.Epochs && err == nil; e++ {
		f.run.Epoch = e
		err = f.epoch(ctx)
	}
	m.average(true) // also if the checkpoint was from the middle of an epoch that was not continued
	if !errors.Is(err, Stop) {
		f.run.Err = err
	}
	if endErr := f.call(TrainEnd); f.run.Err == nil && !errors.Is(endErr, Stop) {
		f.run.Err = endErr
	}
	if f.run.Err != nil {
		return f.run.History, public("Fit", f.run.Err)
	}
	return f.run.History, nil
}

// A fitting is one call of Fit.
type fitting struct {
	stepper
	train   Dataset
	run     *Run
	classes *classWeight
	rate    float64 // learning rate at the beginning of the epoch

	next     int        // the first epoch to run
	from     *modelFile // the checkpoint to resume from; nil once its state is restored
	midEpoch bool       // the checkpoint is from the middle of an epoch
	stopped  bool       // a callback has returned Stop
	event    Event      // the last one
	inAfter  bool       // all callbacks have handled it, and the functions given to After run

	checksum string // of the training data; "" until it is needed
}

func (m *Model) newFit(train Dataset, cfg FitConfig) (*fitting, error) {
	if err := m.checkTrainable(); err != nil {
		return nil, err
	}
	switch {
	case isNil(train) || train.Len() == 0:
		return nil, errors.New("got no training data")
	case cfg.Epochs < 0 || cfg.BatchSize < 0 || cfg.Accumulate < 0:
		return nil, fmt.Errorf("got Epochs %d, BatchSize %d, Accumulate %d, want 0 or more", cfg.Epochs, cfg.BatchSize, cfg.Accumulate)
	case cfg.Valid != nil && (isNil(cfg.Valid) || cfg.Valid.Len() == 0):
		return nil, errors.New("Valid: got an empty set, want nil or at least one sample")
	}
	if i := slices.IndexFunc(cfg.Callbacks, func(c Callback) bool { return isNil(c) }); i >= 0 {
		return nil, fmt.Errorf("callback %d: got nil, want a Callback", i)
	}
	if cfg.Epochs == 0 {
		cfg.Epochs = 1
	}
	n := train.Len()
	switch {
	case n < 0 && cfg.BatchSize == 0:
		return nil, errors.New("BatchSize: got 0 for data of unknown length, want 1 or more")
	case n < 0:
		n = 0
	case cfg.BatchSize == 0 || cfg.BatchSize > n:
		cfg.BatchSize = n
	}
	run := &Run{
		Model: m, Config: cfg, Rate: m.cfg.Optimizer.Rate(), Total: m.store.steps, Size: n,
		Steps: (n + cfg.BatchSize - 1) / cfg.BatchSize, Logs: Logs{},
	}
	if c, ok := train.(StepCounter); ok {
		run.Steps = c.Steps(cfg.BatchSize)
	}
	if cfg.Epochs*run.Steps >= snapshotSteps {
		m.store.safe.valid = false // a long Fit does not return to the weights of one before
	}
	classes, err := newClassWeight(cfg.ClassWeight, m.outs[0], m.cfg.DType)
	run.fit = &fitting{
		stepper: stepper{model: m, updater: newUpdater(m, cfg.Accumulate), begin: m.store.steps, tally: newTally(m)},
		train:   train, run: run, classes: classes, next: 1,
	}
	return run.fit, err
}

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
	return f.runAfter(e, result)
}

// After schedules f to run once all callbacks have handled the current event, before training continues. An error of f ends
// training, as an error of a callback does. Use it for work that needs the state of all callbacks, such as SaveFile.
func (r *Run) After(f func() error) { r.after = append(r.after, f) }

// SaveFile writes a checkpoint, from which FitConfig.Resume continues: the model, as Model.SaveFile writes it, the state of
// the run, and the state of the callbacks that are Stateful. A network that a file cannot describe is not an error here: Resume
// and LoadFile set a model compiled by the same code, only Open needs the description. SaveFile must be called in a function given to After, at any event
// except TrainEnd. While a run is being resumed, SaveFile writes nothing until the state of the checkpoint is restored.
func (r *Run) SaveFile(path string) error {
	if r.fit == nil || !r.fit.inAfter || r.fit.event == TrainEnd {
		return errors.New("graph: Run.SaveFile: must be called inside Run.After, and not at TrainEnd")
	}
	if r.fit.from != nil {
		return nil
	}
	return public("Run.SaveFile: "+path, atomicfile.WriteSeries(checkpoint.Series(path), path, r.fit.save))
}

// save writes the model and the state of the run.
func (f *fitting) save(w io.Writer) error {
	file, err := f.model.file()
	if err != nil {
		return err
	}
	f.midEpoch = f.event == EpochBegin || f.event == StepEnd
	if err := file.addRun(f); err != nil {
		return err
	}
	return file.write(w)
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
