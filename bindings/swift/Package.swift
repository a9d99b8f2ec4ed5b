// swift-tools-version: 6.0

import Foundation
import PackageDescription

// The core in Rust: an xcframework if `scripts/xcframework.sh` has made one, else the archive in `lib/`, which
// `cargo xtask swift` puts there for this machine.
let here = Context.packageDirectory
let framework = "NNOpenCoreFFI.xcframework"
let core: Target =
    FileManager.default.fileExists(atPath: "\(here)/\(framework)")
    ? .binaryTarget(name: "NNOpenCoreFFI", path: framework)
    : .target(
        name: "NNOpenCoreFFI",
        publicHeadersPath: "include/NNOpenCoreFFI",
        linkerSettings: [.unsafeFlags(["-L\(here)/lib"]), .linkedLibrary("nnopen_uniffi")]
    )

let package = Package(
    name: "NNOpen",
    platforms: [.macOS(.v13), .iOS(.v16), .tvOS(.v16), .watchOS(.v9), .visionOS(.v1)],
    products: [.library(name: "NNOpen", targets: ["NNOpen"])],
    targets: [
        core,
        .target(name: "NNOpenCore", dependencies: ["NNOpenCoreFFI"]),
        .target(name: "NNOpen", dependencies: ["NNOpenCore"]),
        .testTarget(name: "NNOpenTests", dependencies: ["NNOpen"]),
    ],
    swiftLanguageModes: [.v6]
)
