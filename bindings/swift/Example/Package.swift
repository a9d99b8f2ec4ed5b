// swift-tools-version: 6.0

import PackageDescription

// A program that uses the package, from this folder or from where `NNOPEN_SWIFT` says.
let package = Package(
    name: "Issue",
    platforms: [.macOS(.v13)],
    dependencies: [.package(name: "NNOpen", path: Context.environment["NNOPEN_SWIFT"] ?? "..")],
    targets: [.executableTarget(name: "Issue", dependencies: ["NNOpen"])],
    swiftLanguageModes: [.v6]
)
