package io.github.nnopen.tests

import io.github.nnopen.Client
import io.github.nnopen.Config
import io.github.nnopen.Nnopen
import io.github.nnopen.Secret
import io.github.nnopen.Session
import io.github.nnopen.Step
import java.util.Base64
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec

/** What a call costs over JNA, beside javax.crypto signing the same bytes: run `main` with the library that is published. */
fun main() {
    val session = Session(Config("SD00000001", Secret(SECRET), TAX_NUM, "sandbox", permanentToken = Secret("PERMANENT-1")))
    val order = order("BENCH-1")
    val body = order.toJson()
    val canonical = Nnopen.sign(Secret(SECRET), "/open/v1/services", "SD00000001", "0".repeat(32), "12345678", "1700000000", body).canonical
    val answer = """{"code":"E0000","describe":"ok","result":{"invoiceSerialNum":"2026092200001"}}""".toByteArray()
    val now = System.currentTimeMillis()
    println("body: ${body.toByteArray().size} bytes")
    timed("javax.crypto: HMAC-SHA1 and Base64") {
        val mac = Mac.getInstance("HmacSHA1").apply { init(SecretKeySpec(SECRET.toByteArray(), "HmacSHA1")) }
        Base64.getEncoder().encodeToString(mac.doFinal(canonical.toByteArray()))
    }
    timed("one crossing that does nothing: revision()") { session.revision() }
    timed("the params as JSON text, in Kotlin") { order.toJson() }
    timed("check") { Nnopen.check(order) }
    timed("sign alone, as one record") {
        Nnopen.sign(Secret(SECRET), "/open/v1/services", "SD00000001", "0".repeat(32), "12345678", "1700000000", body)
    }
    timed("start and step: checked, signed, ready to be sent") {
        session.call(order).use { it.step(now, Client.entropy()) }
    }
    timed("a whole call: start, step, receive, step, result") {
        session.call(order).use { call ->
            call.step(now, Client.entropy())
            call.receive(200, answer, now)
            call.result(call.step(now, Client.entropy()) as Step.Done)
        }
    }
}

/** The best of five rounds, after a warm-up. */
private fun timed(what: String, work: () -> Unit) {
    val rounds = 2_000
    repeat(rounds * 3) { work() }
    val best = (1..5).minOf {
        val since = System.nanoTime()
        repeat(rounds) { work() }
        (System.nanoTime() - since) / rounds
    }
    println("%8.1f µs  %s".format(best / 1_000.0, what))
}
