package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// A FitConfig holds the settings of Fit.
type FitConfig struct {
	Epochs    int        // passes over the training set; 0 means 1, or as many as MaxSteps and MaxTime allow if one of them is set
	BatchSize int        // samples per step; 0 means the whole set
	Valid     Dataset    // validation set, evaluated after each epoch; nil for none
	Callbacks []Callback // called in this order
	NoShuffle bool       // keep the set's order of samples; otherwise each epoch has a random order

	// ValidEvery is the number of steps between two validations: there is one after each step whose number, Run.Total, is a
	// multiple of it, and as always one after each epoch. 0 means only after epochs.
	ValidEvery int

	// MaxSteps and MaxTime end training after a number of steps, or after the first step that ends when the time has passed
	// since the call of Fit. The epoch then ends early, with its validation and its logs, and Fit returns no error. 0 means
	// no limit. MaxSteps counts from the start of the original run when a run is resumed.
	MaxSteps int
	MaxTime  time.Duration

	// Accumulate is the number of batches per update (gradient accumulation): the optimizer gets the mean gradient over all
	// their samples. It is for batches that do not fit in memory. The last update of an epoch takes the batches that are
	// left. 0 means 1.
	Accumulate int

	// ClassWeight[i] multiplies the loss of each sample whose target Y is class i, in training only. A target is a class
	// number, or a fraction for each class, whose weight is the sum of fraction·ClassWeight. The training loss is the sum of
	// the weighted losses divided by the number of samples; it must be a SampleLoss. Empty means 1 for every class. For an output
	// (batch, time, classes) each step has a target, and so a weight. A target that a mask or the loss leaves out needs no class.
	ClassWeight []float64

	// Resume is the path of a checkpoint (see Run.SaveFile and callbacks.Checkpoint), or of a folder, whose newest
	// checkpoint is used. Given the same model, data, batch size and callbacks, the resumed run ends with the same bits as
	// an uninterrupted one. Any difference that the checkpoint can detect (network, Config, batch size, data in Arrays) is
	// an error. Only Epochs, MaxSteps and MaxTime may differ; Epochs counts from the start of the original run. If the path does
	// not exist, or the folder has no checkpoint, Fit starts a new run, so that one program both starts and resumes.
	Resume string

	// Shards cuts each batch into this number of parts, a power of two: part i has the rows from i·rows/Shards up to
	// (i+1)·rows/Shards, rounded down. Each part is computed by itself, with noise of its own and with its own statistics in layers such
	// as BatchNorm, so it needs as many rows as such a layer needs. Gradients, losses and metrics are sums over the parts in a fixed
	// binary tree, weighted by the number of samples, or by that of the elements that count if there is one loss with a mask; the new
	// value of a state is the mean over the parts, weighted by their samples. The loss must be a mean over samples or elements. The bits
	// of a run depend on Shards, and not on which process or worker computes a part; parts run side by side on the workers. 0 means
	// batches as a whole. A resumed run must have the same Shards, and may have another Group.
	Shards int

	// Group has the processes that train together; nil means this one. Each calls Fit with the same model, data and configuration,
	// and computes Shards/Size parts of each batch, so Size must divide Shards; see PartDataset for the data. A difference that the
	// ranks can find at the start is an error that names it. All ranks end with the same weights and history, those of one process.
	// All run the callbacks, which see the same events, but only rank 0 writes files, see Run.Rank; its checkpoints and its learning rate
	// count. A stop, an error or the end of a context on one rank ends the run on all. Each rank computes the whole validation.
	Group Group
}

// Fit trains the model. It returns the history of the epochs that ended, also together with an error. It stops early
// within one step of ctx's end, or when a callback returns Stop; the model then has the weights of the last whole step. If
// the loss or a weight becomes NaN or infinite, Fit returns an error that wraps ErrDiverged, and restores the weights of at
// most 32 steps before, when the loss was last known to be finite.
//
// An epoch that can change nothing is an error: the network has no parameters, all are frozen, or the loss has no derivative by any of
// them, as behind ArgMax. Only one Fit of a model runs at a time; a second one returns an error. Other methods called during Fit wait for the
// current step to end.
func (m *Model) Fit(ctx context.Context, train Dataset, cfg FitConfig) (History, error) {
	if err := m.made(); err != nil {
		return History{}, public("Fit", err)
	}
	if !m.store.fitting.CompareAndSwap(false, true) {
		return History{}, errors.New("graph: Fit: the model is being trained by another Fit")
	}
	defer m.store.fitting.Store(false)
	m.store.turn <- struct{}{} // waits for a Step under way; others see that a Fit is running
	m.endTurn()
	f, err := m.newFit(train, cfg)
	if err = f.begin(ctx, cfg.Group, err); err != nil {
		return History{}, public("Fit", err)
	}
	err = f.call(TrainBegin)
	if err == nil {
		err = f.resume(!f.midEpoch || f.stopped)
	}
	for e := f.next; e <= f.run.Config.Epochs && err == nil && (!f.over() || f.within()); e++ {
		f.run.Epoch = e
		err = f.epoch(ctx)
	}
	err = f.end(err)
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
	train  Dataset
	run    *Run
	shards *shards         // nil if batches are not cut
	ctx    context.Context // of agreements between ranks
	rate   float64         // learning rate at the beginning of the epoch
	start  int             // steps of the model at the beginning of the original run
	began  time.Time
	late   bool // whether MaxTime had passed after a step

	next     int        // the first epoch to run
	from     *modelFile // the checkpoint to resume from; nil once its state is restored
	midEpoch bool       // the checkpoint is from the middle of an epoch
	stopped  bool       // a callback has returned Stop
	event    Event      // the last one
	inAfter  bool       // all callbacks have handled it, and the functions given to After run
	early    early      // the last step of an epoch that ended early

	epochSize, epochSteps int // Run.Size and Run.Steps of the checkpoint

	checksum string // of the training data; "" until it is needed
}

// within reports whether a checkpoint from the middle of an epoch is still to be restored: that epoch ends, even if no step is left.
func (f *fitting) within() bool { return f.from != nil && f.midEpoch }

// checkNumbers returns an error that names the first negative number.
func (cfg FitConfig) checkNumbers() error {
	for _, c := range []struct {
		name  string
		value int
	}{{"Epochs", cfg.Epochs}, {"BatchSize", cfg.BatchSize}, {"Accumulate", cfg.Accumulate}, {"ValidEvery", cfg.ValidEvery}, {"MaxSteps", cfg.MaxSteps}} {
		if c.value < 0 {
			return fmt.Errorf("%s: got %d, want 0 or more", c.name, c.value)
		}
	}
	if cfg.MaxTime < 0 {
		return fmt.Errorf("MaxTime: got %v, want 0 or more", cfg.MaxTime)
	}
	return nil
}

func (m *Model) newFit(train Dataset, cfg FitConfig) (*fitting, error) {
	if err := m.checkTrainable(); err != nil {
		return nil, err
	}
	if isNil(train) || train.Len() == 0 {
		return nil, errors.New("got no training data, want at least one sample")
	}
	if err := cfg.checkNumbers(); err != nil {
		return nil, err
	}
	switch {
	case cfg.ValidEvery > 0 && cfg.Valid == nil:
		return nil, fmt.Errorf("ValidEvery: got %d without Valid, want Valid set", cfg.ValidEvery)
	case cfg.Valid != nil && (isNil(cfg.Valid) || cfg.Valid.Len() == 0):
		return nil, errors.New("Valid: got an empty set, want nil or at least one sample")
	}
	if isNil(cfg.Group) { // a nil *mpi.Group is no group either
		cfg.Group = nil
	}
	if err := cfg.checkShards(); err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(cfg.Callbacks, func(c Callback) bool { return isNil(c) }); i >= 0 {
		return nil, fmt.Errorf("callback %d: got nil, want a Callback", i)
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
	steps := (n + cfg.BatchSize - 1) / cfg.BatchSize
	if c, ok := train.(StepCounter); ok {
		steps = c.Steps(cfg.BatchSize)
	}
	if cfg.Epochs == 0 {
		cfg.Epochs = cfg.mostEpochs(steps)
	}
	run := &Run{Model: m, Config: cfg, Rate: m.cfg.Optimizer.Rate(), Total: m.store.steps, Size: n, Steps: steps, Logs: Logs{}}
	if cfg.Epochs*run.Steps >= snapshotSteps {
		m.store.safe.valid = false // a long Fit does not return to the weights of one before
	}
	classes, err := newClassWeight(cfg.ClassWeight, m.outs[0], m.cfg.DType)
	run.fit = &fitting{
		stepper: stepper{model: m, updater: newUpdater(m, cfg.Accumulate), begin: m.store.steps, tally: newTally(m), classes: classes},
		train:   train, run: run, next: 1, start: m.store.steps, began: time.Now(),
	}
	if err == nil {
		run.fit.shards = newShards(&run.fit.stepper, cfg)
		run.Rank = run.fit.rank()
	}
	return run.fit, err
}
