import Dispatch
import Foundation
internal import NNOpenCore

/// 令牌放在哪里 · Where the token is kept, for all who share it.
///
/// 抛出任何错误都只表示存放处此刻不可用 · Whatever is thrown means that the store is not to be had just now.
public protocol TokenStore: Sendable {
    /// 现有的版本与内容；没有则为版本 0 · What is kept under a key; version 0 if nothing was put there yet.
    func load(_ key: String) async throws -> Kept

    /// 仍是 `version` 才换，换后版本加一 · Replaces it if the version is still this one, which then grows by one.
    func swap(_ key: String, version: Int64, bytes: Data) async throws -> Bool
}

/// 存放处的内容，含令牌 · What a store holds: tokens.
public struct Kept: Sendable {
    public let version: Int64
    public let bytes: Data

    public init(version: Int64, bytes: Data) {
        self.version = version
        self.bytes = bytes
    }
}

/// 只在本进程里 · For the clients of this process.
public actor MemoryStore: TokenStore {
    private var kept: [String: Kept] = [:]

    public init() {}

    public func load(_ key: String) -> Kept { kept[key] ?? Kept(version: 0, bytes: Data()) }

    public func swap(_ key: String, version: Int64, bytes: Data) -> Bool {
        guard load(key).version == version else { return false }
        kept[key] = Kept(version: version + 1, bytes: bytes)
        return true
    }
}

/// 文件：只有所有者可读，加锁，一步替换；格式与锁跟其他语言相同 · Files for their owner alone, locked, replaced in one step;
/// format and lock are those of every other language. 不要放在网络盘上 · Not for network drives.
public struct FileStore: TokenStore {
    private let core: TokenFolder

    /// - Parameter folder: 没有就建 · Made if it is not there.
    public init(folder: String) { core = TokenFolder.at(folder: folder) }

    public func load(_ key: String) async throws -> Kept {
        let kept = try await blocking { try core.load(name: key) }
        return Kept(version: kept.version, bytes: kept.bytes)
    }

    public func swap(_ key: String, version: Int64, bytes: Data) async throws -> Bool {
        try await blocking { try core.swap(name: key, version: version, bytes: bytes) }
    }

    /// Waits for a lock on a thread that may wait.
    private func blocking<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result(catching: work).mapError { StoreFailure($0) })
            }
        }
    }
}

/// 存放处读写失败 · The store could not be read or written.
public struct StoreFailure: Error, CustomStringConvertible {
    public let description: String

    init(_ error: any Error) {
        if case StoreError.Told(let reason) = error { description = reason } else { description = "\(type(of: error))" }
    }
}
