package io.github.nnopen

import io.github.nnopen.core.StoreException
import io.github.nnopen.core.TokenFolder
import java.io.File
import java.io.IOException

/**
 * 令牌放在哪里 · Where the token is kept, for all who share it.
 *
 * 抛出任何异常都只表示存放处此刻不可用 · Whatever is thrown means that the store is not to be had just now.
 */
public interface TokenStore {
    /** 现有的版本与内容；没有则为版本 0 · What is kept under a key; version 0 if nothing was put there yet. */
    public fun load(key: String): Kept

    /** 仍是 `version` 才换，换后版本加一 · Replaces it if the version is still this one, which then grows by one. */
    public fun swap(key: String, version: Long, bytes: ByteArray): Boolean
}

/** 存放处的内容，含令牌 · What a store holds: tokens. */
public class Kept(public val version: Long, public val bytes: ByteArray)

/** 只在本进程里 · For the clients of this process. */
public class MemoryStore : TokenStore {
    private val kept = HashMap<String, Kept>()

    override fun load(key: String): Kept = synchronized(kept) { kept[key] ?: NOTHING }

    override fun swap(key: String, version: Long, bytes: ByteArray): Boolean = synchronized(kept) {
        val fits = load(key).version == version
        if (fits) kept[key] = Kept(version + 1, bytes.clone())
        fits
    }

    private companion object {
        val NOTHING = Kept(0, ByteArray(0))
    }
}

/**
 * 文件：只有所有者可读，加锁，一步替换；格式与锁跟其他语言相同 · Files for their owner alone, locked, replaced in one step;
 * format and lock are those of every other language. 不要放在网络盘上 · Not for network drives.
 *
 * @param folder 没有就建 · made if it is not there
 */
public class FileStore(folder: File) : TokenStore {
    /** 默认的目录，与命令行和各语言相同 · In the folder of the command line and of every language. */
    public constructor() : this(File(usualFolder()))

    private val native = TokenFolder.at(folder.absolutePath)

    override fun load(key: String): Kept = told { native.load(key) }.let { Kept(it.version, it.bytes) }

    override fun swap(key: String, version: Long, bytes: ByteArray): Boolean = told { native.swap(key, version, bytes) }

    private inline fun <T> told(work: () -> T): T = try {
        work()
    } catch (failed: StoreException.Told) {
        throw IOException(failed.reason)
    }

    public companion object {
        /**
         * 默认的目录 · The folder by what a system is called (`linux`, `macos`, `windows`) and its environment variables; null if
         * there is none. All languages keep to one rule; it stands in the guide to the token's store.
         */
        @JvmStatic
        public fun defaultFolder(system: String, variables: Map<String, String>): String? {
            fun set(name: String) = variables[name]?.ifEmpty { null }
            fun absolute(name: String) = set(name)?.takeIf { it.startsWith("/") }
            val usual = if (system == "macos") "Library/Application Support" else ".local/state"
            return set("NNOPEN_STATE_DIR") ?: when {
                system == "windows" -> set("LOCALAPPDATA")?.let { "$it\\nnopen" }
                else -> absolute("XDG_STATE_HOME")?.let { "$it/nnopen" } ?: absolute("HOME")?.let { "$it/$usual/nnopen" }
            }
        }

        private fun usualFolder(): String {
            val name = System.getProperty("os.name").orEmpty()
            val system = if (name.startsWith("Windows")) "windows" else if (name.startsWith("Mac")) "macos" else "linux"
            // Without HOME (a service, a container) it is the home that the system knows.
            val home = System.getenv("HOME")?.ifEmpty { null } ?: System.getProperty("user.home").orEmpty()
            return defaultFolder(system, System.getenv() + ("HOME" to home)) ?: throw NOWHERE.exception()
        }

        private val NOWHERE = Failure(
            "input", null, "there is no home directory to keep the token in",
            "用环境变量 NNOPEN_STATE_DIR 指定目录，或给出 store",
            "Name a folder by the environment variable NNOPEN_STATE_DIR, or give a store",
            emptyList(), null, "no", false, null,
        )
    }
}
