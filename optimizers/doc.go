// Package optimizers provides the rules that update a model's weights from their gradients.
//
// A rule is a struct of settings, and its zero value is ready to use: a setting of 0 means the default that its comment names.
// Defaults are those of PyTorch, for the rules that PyTorch has. A rule keeps no state: the model stores the moments that a
// rule needs (graph.Update.Slots), so one value can train several models at once.
//
//	optimizers.SGD{LearningRate: 0.1, Momentum: 0.9, Nesterov: true}
//	optimizers.Clip{Optimizer: optimizers.Adam{}, GlobalNorm: 1}
//
// In the formulas of this package g is the gradient of the loss with respect to the weight w, lr the current learning rate,
// and t the number of the step, from 1. Products, quotients and roots are element-wise. L2 weight decay adds weightDecay·w to
// g, as a penalty of weightDecay/2·w² in the loss would. Decoupled weight decay subtracts lr·weightDecay·w from the weight
// itself, independently of the moments (Loshchilov and Hutter, 2019). With NoVectorDecay only parameters of two or more dimensions
// decay: weights, but not biases, nor the scales and shifts of normalization.
//
// Groups gives parts of a network rules and rates of their own. LBFGS is not a rule but trains a model by itself, on all data at
// once.
//
// A moment below the smallest normal number of its type is stored as 0: arithmetic on denormal numbers is many times slower,
// and the moments of weights that no longer get a gradient would all become denormal.
//
// # To add an optimizer
//
// Implement graph.Optimizer: Rate, Slots, and Update32 and Update64, which both call one generic function. Register the type
// with graph.Register in an init function, so that files can name it. A rule of your own needs no more; the example OwnRule
// shows one. A rule of this package has two methods more: ScalesGrad, since its update multiplies Grad by Scale, and Validate,
// which checks the settings. Add it to register.go; to rules in rules_test.go, which tests every property on every rule; to
// TestZeroValue, TestValidate and TestDefaults; and to TestReference with its formula, or to testdata with PyTorch's numbers.
// lion.go is a short example.
package optimizers
