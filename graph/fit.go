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

// FitConfig says how a model is trained.
type FitConfig struct {
	Epochs    int        // passes over the data; 0 is 1
	BatchSize int        // samples in a step; 0 is the whole set
	Valid     Dataset    // measured after each epoch if given
	Callbacks []Callback // called in this order
	NoShuffle bool       // take the samples in the set's order

	// Accumulate is the number of batches whose gradients make one update, as their mean over the samples: batches that
	// memory would not hold at once. The last update of an epoch has those that are left. 0 is 1.
	Accumulate int

	// ClassWeight has a factor for each class: that of the losses of samples whose target Y is the class, in training alone.
	// A target is a class number or has a share for each class. The loss is then the mean of the weighted losses of the
	// samples, and has to be a SampleLoss. Empty is 1 for each.
	ClassWeight []float64

	// Resume is the path of a checkpoint, see Run.SaveFile and callbacks.Checkpoint, or of a folder of them, of which the
	// newest counts. The training goes on from there, and ends with the same bits as if it had never been interrupted: with
	// the same model, data, batch size and callbacks; what a file can tell to be other, down to the learning rate of Config and
	// a number in Arrays, is an error. Epochs may be other; they count from the very beginning. If there is nothing at the path,
	// or no checkpoint in the folder, the training begins, so that the same program starts and restarts.
	Resume string
}

// Fit trains the model. It stops early within one step of ctx's end, or when a callback returns Stop; the model is then as
// after the last whole step. A loss or a weight that is not finite ends it with ErrDiverged, the weights as they were when
// the loss was last known to be finite, at most 32 steps before. The history has the epochs that ended, with an error too.
//
// One Fit of a model runs at a time, another is an error meanwhile; all else may be called beside it.
func (m *Model) Fit(ctx context.Context, train Dataset, cfg FitConfig) (History, error) {
	if !m.store.fitting.CompareAndSwap(false, true) {
		return History{}, errors.New("graph: Fit: the model is being trained by another Fit")
	}
	defer m.store.fitting.Store(false)
	f, err := m.newFit(train, cfg)
	if err == nil {
		err = f.open()
	}
	if err != nil {
		return History{}, fmt.Errorf("graph: Fit: %w", err)
	}
	err = f.call(TrainBegin)
	if err == nil {
		err = f.resume(!f.within || f.stopped)
	}
	for e := f.next; e <= f.run.Config.Epochs && err == nil; e++ {
		f.run.Epoch = e
		err = f.epoch(ctx)
	}
	m.average(true) // also if the checkpoint was of the midst of an epoch that did not go on
	if !errors.Is(err, Stop) {
		f.run.Err = err
	}
	if endErr := f.call(TrainEnd); f.run.Err == nil && !errors.Is(endErr, Stop) {
		f.run.Err = endErr
	}
	if f.run.Err != nil {
		return f.run.History, fmt.Errorf("graph: Fit: %w", f.run.Err)
	}
	return f.run.History, nil
}

// A fitting is one call of Fit.
type fitting struct {
	model   *Model
	train   Dataset
	run     *Run
	updater *updater
	safe    snapshot
	tally   *tally
	classes *classWeight
	rate    float64 // as the epoch began

	next    int        // the epoch to begin with
	from    *modelFile // the checkpoint to go on from, until that is done
	within  bool       // the checkpoint is of the middle of an epoch
	stopped bool       // a callback has returned Stop
	event   Event      // the last one
	settled bool       // all callbacks have seen it

	checksum string // of the training data, once it was asked for
}

func (m *Model) newFit(train Dataset, cfg FitConfig) (*fitting, error) {
	switch {
	case m.gap != nil:
		return nil, m.gap
	case !m.trainable():
		return nil, errors.New("the model was compiled without a Loss, see Config")
	case m.cfg.Optimizer == nil:
		return nil, errors.New("the model was compiled without an Optimizer, see Config")
	case absent(train) || train.Len() == 0:
		return nil, errors.New("got no training data")
	case cfg.Epochs < 0 || cfg.BatchSize < 0 || cfg.Accumulate < 0:
		return nil, fmt.Errorf("got %d epochs, batches of %d, Accumulate %d, want 0 or more", cfg.Epochs, cfg.BatchSize, cfg.Accumulate)
	case cfg.Valid != nil && (absent(cfg.Valid) || cfg.Valid.Len() == 0):
		return nil, errors.New("the validation set is empty")
	}
	if i := slices.IndexFunc(cfg.Callbacks, func(c Callback) bool { return absent(c) }); i >= 0 {
		return nil, fmt.Errorf("callback %d: got nil", i)
	}
	if cfg.Epochs == 0 {
		cfg.Epochs = 1
	}
	if cfg.BatchSize == 0 || cfg.BatchSize > train.Len() {
		cfg.BatchSize = train.Len()
	}
	run := &Run{
		Model: m, Config: cfg, Rate: m.cfg.Optimizer.Rate(), Total: m.store.steps, Size: train.Len(),
		Steps: (train.Len() + cfg.BatchSize - 1) / cfg.BatchSize, Logs: Logs{},
	}
	classes, err := newClassWeight(cfg.ClassWeight, m.cfg.DType)
	run.fit = &fitting{
		model: m, train: train, run: run, updater: newUpdater(m, cfg.Accumulate), classes: classes, tally: newTally(m), next: 1,
	}
	return run.fit, err
}

// call sends an event to every callback, and returns the first error, Stop counting as the least.
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
		result = fmt.Errorf("a callback set the learning rate to %v at %v", r, e)
	}
	return f.settle(e, result)
}

// After has f called when every callback has seen the event under way, and before training goes on. An error of f ends
// training as one of the callback does. It is for what has to see all callbacks in one state, such as SaveFile.
func (r *Run) After(f func() error) { r.after = append(r.after, f) }

// SaveFile writes a checkpoint: the model, as Model.SaveFile does, and with it the state of the training and of the callbacks
// that are Stateful. FitConfig.Resume goes on from it. It works within After, at any event but TrainEnd; as training goes on
// from a checkpoint, it writes nothing until the state is as it was then.
func (r *Run) SaveFile(path string) error {
	if r.fit == nil || !r.fit.settled || r.fit.event == TrainEnd {
		return errors.New("graph: Run.SaveFile: called elsewhere than within After, or at TrainEnd")
	}
	if r.fit.from != nil {
		return nil
	}
	if err := atomicfile.WriteSeries(checkpoint.Series(path), path, r.fit.save); err != nil {
		return fmt.Errorf("graph: Run.SaveFile: %s: %w", path, err)
	}
	return nil
}

// save writes the model and the training.
func (f *fitting) save(w io.Writer) error {
	file, err := f.model.file()
	if err != nil {
		return err
	}
	f.within = f.event == EpochBegin || f.event == StepEnd
	if err := file.addRun(f); err != nil {
		return err
	}
	return file.write(w)
}

// settle calls what was given to After at an event; result is what came of the callbacks.
func (f *fitting) settle(e Event, result error) error {
	f.event, f.settled, f.stopped = e, true, errors.Is(result, Stop)
	if e == EpochBegin {
		f.rate = f.run.Rate
	}
	defer func() { f.settled, f.run.after = false, nil }()
	for i := 0; i < len(f.run.after) && (result == nil || f.stopped); i++ {
		if err := f.run.after[i](); err != nil {
			return fmt.Errorf("after %v: %w", e, err)
		}
	}
	return result
}
