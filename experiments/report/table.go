package main

// names returns the names of rows.
func names(list []row) []string {
	var n []string
	for _, r := range list {
		n = append(n, r.name)
	}
	return n
}

// longer holds the flags of auto-encoders with short codes, which need more training.
const longer = "-epochs 100 -patience 100 -batch 128 -lr 0.004 -dropout 0.1"

var autoencoderPictures = []string{"pictures.png", "codes.png", "loss.png"}

var denoisePictures = []string{"pictures.png", "loss.png"}

// rows holds all rows, in the order of the page.
var rows = []row{
	{name: "gaussians-two", title: "2 Gaussians, binary cross-entropy", experiment: "gaussians", flags: "-problem two -loss bce", noData: true,
		old: "87 to 100%", measures: accuracy(0), pictures: []string{"plane.png", "loss.png"}},
	{name: "gaussians-four", title: "4 Gaussians, sparse categorical cross-entropy", experiment: "gaussians", flags: "-problem four", noData: true, quick: true,
		old: "87 to 100%", measures: accuracy(0), pictures: []string{"plane.png", "loss.png"}},
	{name: "gaussians-stripes", title: "4 stripes, categorical cross-entropy", experiment: "gaussians", flags: "-problem stripes -loss cce", noData: true,
		old: "87 to 100%", measures: accuracy(0), pictures: []string{"plane.png", "loss.png"}},
	{name: "regression", title: "regression, mean squared error (noise variance 0.01)", experiment: "regression", quick: true,
		old: "loss 0.005 to 0.027", measures: []measure{{key: "valid_mse", name: "MSE"}}, pictures: []string{"line.png", "loss.png"}},

	{name: "equation-oscillator", title: "u'' + u = 0 on [0, 2π], residuals at 4,000 points", experiment: "equation", quick: true, fewer: "-iterations 20", noData: true,
		target: "largest error 0.001", measures: solved(1e-3, 0), pictures: []string{"solution.png", "curves.png"}},
	{name: "equation-burgers", title: "Burgers' equation, viscosity 0.01/π", experiment: "equation", flags: "-problem burgers", noData: true,
		target: "relative error 2%", measures: solved(0, 0.02), pictures: []string{"solution.png", "curves.png"}},

	{name: "mlp-tanh-sgd-10000", title: "MLP, tanh, SGD, 10,000", experiment: "mlp", flags: "-train 10000 -valid 2000 -epochs 30 -patience 30 -batch 16",
		old: "87%", torch: "95.5%", target: "95%", measures: accuracy(0.95), pictures: classifierPictures},
	{name: "mlp-tanh-sgd", title: "MLP, tanh, SGD, 48,000", experiment: "mlp", flags: "-lr 0.2", quick: true,
		old: "80.5%", torch: "97.9%", target: "97.5%", measures: accuracy(0.975), pictures: classifierPictures},
	{name: "mlp-relu-sgd", title: "MLP, ReLU, SGD, 48,000", experiment: "mlp", flags: "-activation relu",
		old: "unstable", torch: "98.2%", target: "97.7%", measures: accuracy(0.977), pictures: classifierPictures},
	{name: "mlp-relu-adam", title: "MLP, ReLU, Adam, 48,000", experiment: "mlp", flags: "-activation relu -optimizer adam -epochs 12 -batch 64",
		old: "88%", torch: "98.0%", target: "97.6%", measures: accuracy(0.976), pictures: classifierPictures},
	{name: "mlp-tanh-adam", title: "MLP, tanh, Adam, 48,000", experiment: "mlp", flags: "-optimizer adam -epochs 12 -batch 64",
		old: "96% train, overfits", torch: "97.8%", target: "97.5%", measures: overfit(0.975, ""), pictures: classifierPictures},
	{name: "mlp-tanh-adam-dropout", title: "the same, with dropout", experiment: "mlp", flags: "-optimizer adam -epochs 20 -batch 64 -dropout 0.1",
		target: "97.5%, less overfitting", measures: overfit(0.975, "mlp-tanh-adam"), pictures: classifierPictures},

	{name: "autoencoder-64", title: "auto-encoder, codes of 64 numbers; a classifier on 6,400 codes", experiment: "autoencoder", flags: "-bottleneck 64 -train 10000", quick: true,
		old: "78% on codes", torch: "94.2%", target: "93.5%", measures: codes(0.935), pictures: autoencoderPictures},
	{name: "autoencoder-32", title: "codes of 32 numbers", experiment: "autoencoder", flags: "-bottleneck 32 -train 10000", measures: codes(0), pictures: autoencoderPictures},
	{name: "autoencoder-16", title: "codes of 16 numbers", experiment: "autoencoder", flags: "-bottleneck 16 -train 10000", measures: codes(0), pictures: autoencoderPictures},
	{name: "autoencoder-8", title: "codes of 8 numbers", experiment: "autoencoder", flags: "-bottleneck 8 -train 30000 " + longer,
		old: "73.5% on codes", torch: "93.8%", target: "93%", measures: codes(0.93), pictures: autoencoderPictures},
	{name: "autoencoder-6", title: "codes of 6 numbers", experiment: "autoencoder", flags: "-bottleneck 6 -train 30000 " + longer,
		old: "46% on codes", torch: "92.0%", target: "91.5%", measures: codes(0.915), pictures: autoencoderPictures},
	{name: "autoencoder-2", title: "codes of 2 numbers", experiment: "autoencoder", flags: "-bottleneck 2 -train 30000", measures: codes(0), pictures: autoencoderPictures},

	{name: "denoise-10", title: "denoising 10%, the tanh network", experiment: "denoise", flags: "-noise 0.1 -network tanh -epochs 20",
		old: "images only", torch: "21.88 dB, 97.25%", target: "PyTorch's", measures: clean(21.88, 0.9725), pictures: denoisePictures},
	{name: "denoise-40", title: "denoising 40%, the deep network", experiment: "denoise", flags: "-noise 0.4 -epochs 20",
		old: "images only", torch: "18.38 dB, 94.46%", target: "PyTorch's", measures: clean(18.38, 0.9446), pictures: denoisePictures},
	{name: "denoise-60", title: "denoising 60%", experiment: "denoise", flags: "-noise 0.6 -epochs 20",
		old: "images only", torch: "16.57 dB, 87.69%", target: "PyTorch's", measures: clean(16.57, 0.8769), pictures: denoisePictures},
	{name: "denoise-70", title: "denoising 70%", experiment: "denoise", flags: "-noise 0.7 -epochs 20",
		old: "images only", torch: "15.47 dB, 78.65%", target: "PyTorch's", measures: clean(15.47, 0.7865), pictures: denoisePictures},
	{name: "denoise-80", title: "denoising 80%", experiment: "denoise", flags: "-noise 0.8 -epochs 20", quick: true,
		old: "images only", torch: "14.06 dB, 59.07%", target: "PyTorch's", measures: clean(14.06, 0.5907), pictures: denoisePictures},
	{name: "denoise-80-conv", title: "80%, convolutions", experiment: "denoise", flags: "-noise 0.8 -network conv -epochs 3 -batch 64", quick: true,
		target: "15.88 dB", measures: clean(15.88, 0), pictures: denoisePictures},
	{name: "denoise-10-deep", title: "10%, the deep network", experiment: "denoise", flags: "-noise 0.1 -epochs 20",
		torch: "21.12 dB, 96.93%", target: "PyTorch's", measures: clean(21.12, 0.9693), pictures: denoisePictures},
	{name: "denoise-mixed", title: "one model for any amount, the deep network", experiment: "denoise", flags: "-noise mixed -epochs 30",
		old: "fails", torch: "20.14, 18.55, 16.94, 15.79, 14.28 dB", target: "at most 1 dB below the network trained for the amount",
		measures: near("10-deep", "40", "60", "70", "80"), pictures: denoisePictures},
	{name: "denoise-mixed-conv", title: "the same, convolutions", experiment: "denoise", flags: "-noise mixed -network conv -epochs 4 -batch 64",
		target: "the same, relative to the best network above", measures: near("10", "40", "60", "70", "80-conv"), pictures: denoisePictures},

	{name: "cnn-256-relu-sgd", title: "1-D CNN, 256 pixels, ReLU, SGD, 10,000", experiment: "cnn",
		flags: "-network 1d256 -activation relu -optimizer sgd -train 10000 -valid 2000 -batch 16 -epochs 15",
		old:   "91%", torch: "96.9%", target: "96.3%", measures: accuracy(0.963), pictures: classifierPictures},
	{name: "cnn-256-tanh-sgd", title: "the same, with tanh", experiment: "cnn",
		flags: "-network 1d256 -activation tanh -optimizer sgd -train 10000 -valid 2000 -batch 16 -epochs 15",
		old:   "91%", torch: "96.9%", target: "96.3%", measures: accuracy(0.963), pictures: classifierPictures},
	{name: "cnn-256-adam", title: "the same, ReLU, Adam", experiment: "cnn",
		flags: "-network 1d256 -activation relu -optimizer adam -train 10000 -valid 2000 -batch 32 -epochs 12",
		old:   "94 to 95%", torch: "95.9%", target: "95.5%", measures: accuracy(0.955), pictures: classifierPictures},
	{name: "cnn-784-relu-sgd", title: "1-D CNN, 784 pixels, ReLU, SGD, 10,000", experiment: "cnn",
		flags: "-network 1d784 -activation relu -optimizer sgd -lr 0.05 -train 10000 -valid 2000 -batch 16 -epochs 12",
		torch: "96.3%", target: "95.7%", measures: accuracy(0.957), pictures: classifierPictures},
	{name: "cnn-784-adam", title: "the same, Adam", experiment: "cnn",
		flags: "-network 1d784 -activation relu -optimizer adam -train 10000 -valid 2000 -batch 32 -epochs 10",
		torch: "93.8%", target: "94%", measures: accuracy(0.94), pictures: classifierPictures},
	{name: "cnn-2d", title: "2-D CNN, Adam, 48,000, 5 epochs", experiment: "cnn", quick: true,
		target: "99% test", measures: []measure{{key: "test_accuracy", name: "test", unit: "%", least: 0.99}, {key: "valid_accuracy", name: "valid", unit: "%"}},
		pictures: classifierPictures},

	{name: "vae", title: "variational auto-encoder, generates new digits", experiment: "vae", quick: true,
		measures: []measure{{key: "valid_loss", name: "nats per image"}, {key: "legible", name: "of new images legible", unit: "%"}},
		pictures: []string{"samples.png", "walk.png", "pictures.png", "loss.png"}},
	{name: "gan", title: "generative adversarial network, 1,000 new digits, 48,000, 16 epochs", experiment: "gan", quick: true,
		target: "60% legible", measures: []measure{{key: "legible", name: "of new images legible", unit: "%", least: 0.6},
			{key: "classes", name: "classes", least: 10}, {key: "legible_test", name: "of test images legible", unit: "%"}},
		pictures: []string{"samples.png", "progress.png", "loss.png"}},
	{name: "similar", title: "triplet loss, class of the nearest image, 48,000, 4 epochs", experiment: "similar", quick: true,
		measures: []measure{{key: "test_accuracy", name: "test", unit: "%"}, {key: "plane_accuracy", name: "test, in the map", unit: "%"},
			{key: "pixel_accuracy", name: "by nearest pixels", unit: "%"}},
		pictures: []string{"map.png", "pictures.png", "loss.png"}},
	{name: "cartpole", title: "a pole on a cart, policy gradient with a critic", experiment: "cartpole", quick: true, noData: true, noEpochs: true,
		target: "mean return 475 of 100 episodes within 800", measures: balanced(1), pictures: []string{"returns.png", "actions.png"}},
	{name: "cartpole-dqn", title: "the same, Q-learning with a target network", experiment: "cartpole", flags: "-agent dqn", noData: true, noEpochs: true,
		target: "mean return 195 of 100 episodes, in 4 of 5 seeds", measures: balanced(0.8), pictures: []string{"returns.png", "actions.png"}},

	{name: "text-lstm", title: "next character of the documentation, LSTM", experiment: "text", quick: true, noData: true,
		measures: []measure{{key: "valid_bits", name: "bits per character"}}, pictures: []string{"loss.png"}},
	{name: "text-transformer", title: "the same, a transformer of 4 blocks", experiment: "text", flags: "-network transformer", quick: true, noData: true,
		measures: []measure{{key: "valid_bits", name: "bits per character"}}, pictures: []string{"loss.png"}},
	tableRow("iris", "table: iris, accuracy", "%", 0.95),
	tableRow("wine", "wine", "%", 0.97),
	tableRow("cancer", "breast cancer", "%", 0.97),
	tableRow("digits", "digits", "%", 0.98),
	tableRow("diabetes", "diabetes, R²", "", 0.45),
	{name: "pictures", title: "coloured shapes in files, a convolutional network", experiment: "pictures", quick: true, noData: true,
		target: "95%, waiting for data at most 10%", measures: []measure{{key: "test_accuracy", name: "test", unit: "%", least: 0.95},
			{key: "waiting", name: "of the time waiting for data", unit: "%", most: 0.1}},
		pictures: []string{"saliency.png", "confusion.png", "calibration.png"}},
	{name: "series", title: "demand of the next 24 hours", experiment: "series", quick: true, noData: true,
		measures: []measure{{key: "skill", name: "better than the day before", unit: "%"}}, pictures: []string{"forecast.png", "errors.png"}},
	{name: "translate", title: "dates in many forms to ISO dates, an encoder-decoder", experiment: "translate", quick: true, noData: true,
		target: "99%", measures: []measure{{key: "test_exact", name: "translated right", unit: "%", least: 0.99}}, pictures: []string{"attention.png", "exact.png"}},
}
