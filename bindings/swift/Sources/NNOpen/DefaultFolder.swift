import Foundation

extension FileStore {
    /// 命令行与其他语言放令牌的目录 · The folder in which the command line and every other language keep their tokens:
    /// `docs/token-store.md`.
    ///
    /// - Throws: ``NnopenError/input(_:)`` 没有主目录时 · if there is no home folder.
    public static func defaultFolder() throws -> String {
        var variables = ProcessInfo.processInfo.environment
        // Without it (a service, a container) it is the home that the system knows.
        if (variables["HOME"] ?? "").isEmpty { variables["HOME"] = NSHomeDirectory() }
        #if os(macOS)
            let system = "macos"
        #else
            let system = "linux"
        #endif
        guard let folder = defaultFolder(system: system, variables: variables) else {
            let hint = Words(
                zh: "用环境变量 NNOPEN_STATE_DIR 指定目录，或给出 store",
                en: "Name a folder by the environment variable NNOPEN_STATE_DIR, or give a store"
            )
            let describe = "there is no home directory to keep the token in"
            throw NnopenError.input(Failure(kind: "input", describe: describe, hint: hint))
        }
        return folder
    }

    /// The rule alone; nil if there is no such folder.
    static func defaultFolder(system: String, variables: [String: String]) -> String? {
        func given(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }
        func rooted(_ name: String) -> String? { given(name).flatMap { $0.hasPrefix("/") ? $0 : nil } }
        if let told = given("NNOPEN_STATE_DIR") { return told }
        if system == "windows" { return given("LOCALAPPDATA").map { "\($0)\\nnopen" } }
        if let state = rooted("XDG_STATE_HOME") { return "\(state)/nnopen" }
        let below = system == "macos" ? "Library/Application Support" : ".local/state"
        return rooted("HOME").map { "\($0)/\(below)/nnopen" }
    }
}
