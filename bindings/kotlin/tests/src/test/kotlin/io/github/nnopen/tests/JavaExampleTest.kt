package io.github.nnopen.tests

import example.IssueInvoice
import io.github.nnopen.jdk.JdkTransport
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

class JavaExampleTest {
    @Test fun `a program in Java issues an invoice`() {
        Simulator("--strict").use { platform ->
            val program = IssueInvoice(platform.config, JdkTransport(), platform.clock)
            assertEquals("2 2598.00", program.issue("J-1"))
            assertTrue(program.issue("J-1-FAIL").startsWith("platform 22 "))
        }
    }
}
