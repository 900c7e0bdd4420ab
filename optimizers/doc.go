// Package optimizers has the rules by which a model's weights follow their gradients.
//
// A rule is a struct of settings, and its zero value is ready for use: a setting of 0 is the default that its comment names,
// which is PyTorch's. A rule keeps no state: the model owns the moments that a rule needs (graph.Update.Slots), so one value
// may train any number of models at once.
//
//	optimizers.SGD{LearningRate: 0.1, Momentum: 0.9, Nesterov: true}
//	optimizers.Clip{Optimizer: optimizers.Adam{}, GlobalNorm: 1}
//
// In the formulas of this package g is the gradient of the loss by the weight w, lr the learning rate in force, and t the
// number of the step, from 1. Products and roots go element by element. An L2 weight decay adds weightDecay·w to g, as a
// penalty of weightDecay/2·w² on the loss would; a decoupled one takes lr·weightDecay·w off the weight itself, whatever the
// moments are (Loshchilov and Hutter, 2019).
//
// A moment below the smallest normal number of its type is stored as 0, for arithmetic on denormal numbers is many times
// slower, and moments that get no gradient any more would all end there.
package optimizers
