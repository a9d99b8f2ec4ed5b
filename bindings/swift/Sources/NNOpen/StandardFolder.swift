import Foundation

extension FileStore {
    /// 命令行与其他语言放令牌的目录 · The folder in which the command line and every other language keep their tokens.
    ///
    /// `NNOPEN_STATE_DIR`；`XDG_STATE_HOME` 下的 nnopen；否则主目录下的 · else in the home folder: `.local/state/nnopen`,
    /// `Library/Application Support/nnopen` on macOS.
    public static var standardFolder: String? { standardFolder(ProcessInfo.processInfo.environment) }

    static func standardFolder(_ settings: [String: String]) -> String? {
        if let given = settings["NNOPEN_STATE_DIR"], !given.isEmpty { return given }
        if let state = settings["XDG_STATE_HOME"], state.hasPrefix("/") { return "\(state)/nnopen" }
        guard let home = settings["HOME"], home.hasPrefix("/") else { return nil }
        #if os(macOS)
            return "\(home)/Library/Application Support/nnopen"
        #else
            return "\(home)/.local/state/nnopen"
        #endif
    }
}
