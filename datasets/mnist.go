package datasets

import (
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
)

//go:embed mnist/*.gz
var mnistFiles embed.FS

// mnistSums contains the SHA-256 checksums of the official files.
var mnistSums = map[string]string{
	trainImages + ".gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
	trainLabels + ".gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
	testImages + ".gz":  "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
	testLabels + ".gz":  "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}

// MNIST returns the MNIST database of handwritten digits by Yann LeCun and Corinna Cortes: 60,000 images to train on and
// 10,000 to test on, of 28×28 pixels, in 10 classes. The files are embedded in every program that calls MNIST; each call verifies
// their checksums and decompresses them. Their license is CC BY-SA 3.0.
func MNIST() (train, test *Images, err error) {
	files, err := fs.Sub(mnistFiles, "mnist")
	if err != nil {
		return nil, nil, fmt.Errorf("datasets: embedded MNIST: %w", err)
	}
	return loadIDX(files, "embedded MNIST", checkSum(mnistSums))
}

// checkSum returns a fileCheck that compares the SHA-256 checksum of a file with sums, in hexadecimal.
func checkSum(sums map[string]string) fileCheck {
	return func(name string, file []byte) error {
		if got, want := fmt.Sprintf("%x", sha256.Sum256(file)), sums[name]; got != want {
			return fmt.Errorf("datasets: %s: got SHA-256 %s, want %s", name, got, want)
		}
		return nil
	}
}
