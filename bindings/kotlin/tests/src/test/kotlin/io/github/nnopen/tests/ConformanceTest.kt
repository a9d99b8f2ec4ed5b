package io.github.nnopen.tests

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.io.TempDir
import java.io.File

val VECTORS = File(System.getenv("NNOPEN_VECTORS") ?: "../../../tests/vectors")

/** Every vector of every folder. */
class ConformanceTest {
    private val players: Map<String, (Obj) -> Unit> = mapOf(
        "sign" to ::playSign,
        "calls" to ::playCall,
        "stores" to ::playCall,
        "checks" to { vector -> playChecked(vector, codes = false) },
        "orders" to { vector -> playChecked(vector, codes = true) },
        "amounts" to ::playAmounts,
        "replies" to ::playReply,
        "pushes" to ::playPush,
        "documents" to ::playDocuments,
        "batch" to ::playBatch,
        "broken" to { vector -> assertThrows(Wrong::class.java) { playCall(vector) } },
    )

    private fun load(folder: File): List<File> {
        val files = folder.listFiles { file -> file.extension == "json" }.orEmpty().sorted()
        check(files.isNotEmpty()) { "$folder holds no vectors" }
        return files
    }

    private fun play(folder: String): List<DynamicTest> = load(File(VECTORS, folder)).map { file ->
        dynamicTest("$folder/${file.name}") { players.getValue(folder)(parse(file.readText()) as Obj) }
    }

    @TestFactory fun sign() = play("sign")

    @TestFactory fun calls() = play("calls")

    @TestFactory fun stores() = play("stores")

    @TestFactory fun checks() = play("checks")

    @TestFactory fun orders() = play("orders")

    @TestFactory fun amounts() = play("amounts")

    @TestFactory fun replies() = play("replies")

    @TestFactory fun pushes() = play("pushes")

    @TestFactory fun documents() = play("documents")

    @TestFactory fun brokenOnesFail() = play("broken")

    /** A folder of its own only where there is one. */
    @TestFactory fun batch() = if (File(VECTORS, "batch").isDirectory) play("batch") else emptyList()

    @Test fun `every folder is played`() {
        val there = VECTORS.listFiles { file -> file.isDirectory }.orEmpty().map { it.name }.toSet()
        assertEquals(there, players.keys - if ("batch" in there) emptySet() else setOf("batch"))
    }

    @Test fun `an empty folder is a failure`(@TempDir empty: File) {
        assertThrows(IllegalStateException::class.java) { load(empty) }
        assertThrows(IllegalStateException::class.java) { load(File(empty, "none")) }
    }
}
