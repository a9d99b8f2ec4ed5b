#!/bin/sh
# Makes NNOpenCoreFFI.xcframework for iOS, its simulator and macOS, and the Swift that stands on it. Needs a Mac with Xcode
# and Rust; nothing here was run where this package is tested, which is Linux.
#
#   rustup target add aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin
#   bindings/swift/scripts/xcframework.sh
set -eu
cd "$(dirname "$0")/../../.."

package=bindings/swift
target=$(cargo metadata --format-version 1 --no-deps | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
made="$target/xcframework"
rm -rf "$made" "$package/NNOpenCoreFFI.xcframework"
mkdir -p "$made/ios-simulator" "$made/macos" "$made/headers/NNOpenCoreFFI"

for triple in aarch64-apple-ios aarch64-apple-ios-sim x86_64-apple-ios aarch64-apple-darwin x86_64-apple-darwin; do
    cargo build --package nnopen-uniffi --profile addon --target "$triple"
done
archive() { echo "$target/$1/addon/libnnopen_uniffi.a"; }
lipo -create "$(archive aarch64-apple-ios-sim)" "$(archive x86_64-apple-ios)" -output "$made/ios-simulator/libnnopen_uniffi.a"
lipo -create "$(archive aarch64-apple-darwin)" "$(archive x86_64-apple-darwin)" -output "$made/macos/libnnopen_uniffi.a"

# What UniFFI reads is stripped from the published library: it reads this machine's own.
cargo build --package nnopen-uniffi --package nnopen-bindgen
"$target/debug/nnopen-bindgen" generate "$target/debug/libnnopen_uniffi.dylib" --language swift --no-format \
    --config bindings/uniffi/uniffi.toml --out-dir "$made/core"
cp "$made/core/NNOpenCore.swift" "$package/Sources/NNOpenCore/"
# A folder of its own for each module's headers: two frameworks with a module.modulemap at the top break each other's builds.
cp "$made/core/NNOpenCoreFFI.h" "$package/Sources/NNOpenCoreFFI/include/NNOpenCoreFFI/module.modulemap" \
    "$made/headers/NNOpenCoreFFI/"

xcodebuild -create-xcframework \
    -library "$(archive aarch64-apple-ios)" -headers "$made/headers" \
    -library "$made/ios-simulator/libnnopen_uniffi.a" -headers "$made/headers" \
    -library "$made/macos/libnnopen_uniffi.a" -headers "$made/headers" \
    -output "$package/NNOpenCoreFFI.xcframework"
