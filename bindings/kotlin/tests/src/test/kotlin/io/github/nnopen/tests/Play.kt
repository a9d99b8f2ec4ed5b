package io.github.nnopen.tests

import io.github.nnopen.Call
import io.github.nnopen.Config
import io.github.nnopen.Failure
import io.github.nnopen.Nnopen
import io.github.nnopen.NnopenException
import io.github.nnopen.Secret
import io.github.nnopen.Session
import io.github.nnopen.Step

/** What went otherwise than a vector tells; nothing else may make one of `broken` fail. */
class Wrong(message: String) : AssertionError(message)

fun text(value: Any?): String? = when (value) {
    null -> null
    is Num -> value.text
    is String -> value
    else -> value.toString()
}

fun Obj.obj(name: String): Obj? = this[name] as Obj?

fun Obj.number(name: String): Long = text(this[name])!!.toLong()

@Suppress("UNCHECKED_CAST")
fun Obj.list(name: String): List<Any?> = this[name] as List<Any?>? ?: emptyList()

fun same(what: String, theirs: Any?, ours: Any?) {
    if (theirs != ours) throw Wrong("$what must be\n  $theirs\nis\n  $ours")
}

fun open(session: Obj?): Session {
    fun member(name: String) = text(session?.get(name))
    val config = Config(
        appKey = member("app_key") ?: "",
        appSecret = Secret(member("app_secret") ?: ""),
        taxNum = member("tax_num") ?: "",
        environment = member("environment") ?: "",
        serviceProvider = member("role") == "service_provider",
        permanentToken = member("permanent_token")?.let(::Secret),
        serviceUrl = member("service_url"),
        tokenUrl = member("token_url"),
    )
    return Session(config, session?.get("shared") == true)
}

/** A conversation. */
fun playCall(vector: Obj) {
    val mustFail = vector.obj("start_error")
    val sessions: List<Session>
    val calls: MutableList<Call<*>?>
    try {
        sessions = if ("sessions" in vector) vector.list("sessions").map { open(it as Obj) } else listOf(open(vector.obj("session")))
        if ("snapshot" in vector) sessions[0].restore(Secret(write(vector["snapshot"])))
        calls = vector.list("calls").map { start(sessions[text((it as Obj)["session"])?.toInt() ?: 0], it) }.toMutableList()
    } catch (failed: NnopenException) {
        return sameError(mustFail ?: throw Wrong("could not be begun: $failed"), failed)
    }
    if (mustFail != null) throw Wrong("begun, though ${write(mustFail)} must come")
    val script = vector.list("script")
    if (script.isEmpty()) throw Wrong("the script is empty")
    val store = Store(vector.obj("store"))
    script.forEachIndexed { at, line ->
        try {
            playLine(sessions, calls, store, at, line as Obj)
        } catch (wrong: Wrong) {
            throw Wrong("line $at: ${wrong.message}")
        }
    }
}

private fun start(session: Session, call: Obj): Call<*> {
    val (word, what) = call.members[0]
    val params = call["params"]
    val json = if (params is String) params else write(params)
    return when (word) {
        "call", "poll", "settle" -> session.start(word, text(what)!!, json)
        "resume" -> session.start("settle_again", text(what)!!, json)
        "raw" -> session.raw(text(what)!!, text(call["body"]) ?: "")
        "sign_in" -> {
            val code = (what as? Obj)?.obj("authorization_code")
            when {
                code != null -> session.signIn(
                    Secret(text(code["code"]) ?: ""), text(code["tax_num"]) ?: "", text(code["redirect_uri"]) ?: "",
                )
                what == "refresh" -> session.refresh()
                else -> session.signIn()
            }
        }
        else -> throw Wrong("$word starts no call")
    }
}

private fun playLine(sessions: List<Session>, calls: MutableList<Call<*>?>, store: Store, at: Int, line: Obj) {
    if ("snapshot" in line) {
        val session = sessions[text(line["session"])?.toInt() ?: 0]
        return sameMembers(line["snapshot"], parse(session.snapshot().expose()), "snapshot")
    }
    if ("store" in line) return store.isAs(line.obj("store")!!)
    val index = text(line["call"])?.toInt() ?: 0
    val now = line.number("now")
    val call = calls.getOrNull(index) ?: throw Wrong("there is no such call")
    if ("drop" in line) {
        call.close()
        calls[index] = null
        return
    }
    if ("step" in line) return sameStep(line.obj("step")!!, { call.step(now, entropy(line, at)) }, index, store)
    val refused = try {
        tell(call, line, now, index, store)
        null
    } catch (failed: NnopenException) {
        failed
    }
    val expected = line.obj("error")
    if (expected == null && refused != null) throw Wrong("refused: $refused")
    if (expected != null) sameError(expected, refused ?: throw Wrong("${write(expected)} must come, nothing came"))
}

private fun tell(call: Call<*>, line: Obj, now: Long, index: Int, store: Store) {
    val swapped = line["swapped"]
    val answer = line.obj("receive")
    when {
        "loaded" in line -> call.loaded(store.version, store.bytes, now)
        "load_failed" in line -> call.storeFailed("the store is away", now)
        swapped is Boolean -> {
            same("what the store says", swapped, store.swap(index))
            call.swapped(swapped, now)
        }
        swapped != null -> {
            if (swapped == "lost_after") store.swap(index)
            store.swapping.remove(index)
            call.storeFailed("the store is away", now)
        }
        answer != null -> call.receive(answer.number("status").toInt(), bodyOf(answer), now)
        line["fail"] == "not_sent" || line["fail"] == "maybe_sent" -> call.fail(line["fail"] == "not_sent", "no answer", now)
        else -> throw Wrong("the line says nothing")
    }
}

fun bodyOf(told: Obj): ByteArray {
    val hex = text(told["body_hex"])
    if (hex != null) return hexBytes(hex)
    val body = told["body"]
    return (if (body is String) body else if ("body" in told) write(body) else "").toByteArray()
}

fun hexBytes(hex: String) = hex.chunked(2).map { it.toInt(16).toByte() }.toByteArray()

fun entropy(line: Obj, at: Int): ByteArray =
    text(line["entropy"])?.let(::hexBytes) ?: ByteArray(20) { (at % 255 + 1).toByte() }

/** The store that all sessions of a vector share. */
private class Store(told: Obj?) {
    var version = text(told?.get("version"))?.toLong() ?: 0
    var bytes = told?.get("record").let { if (it is String) it else if (it == null) "" else write(it) }.toByteArray()

    /** The swap that each call has asked for. */
    val swapping = mutableMapOf<Int, Step.Swap>()

    fun swap(index: Int): Boolean {
        val asked = swapping.remove(index) ?: throw Wrong("no swap was asked for")
        if (asked.version != version) return false
        version += 1
        bytes = asked.bytes
        return true
    }

    fun isAs(expected: Obj) {
        same("the version in the store", text(expected["version"]), version.toString())
        sameMembers(expected["record"], parse(String(bytes)), "store")
    }
}

private fun sameStep(expected: Obj, step: () -> Step, index: Int, store: Store) {
    val (word, value) = expected.members.singleOrNull() ?: throw Wrong("a step must say one thing")
    val ours = try {
        step()
    } catch (failed: NnopenException) {
        if (word != "error") throw Wrong("${write(expected)} must come, $failed came")
        return sameError(value as Obj, failed)
    }
    when {
        word == "load" && ours is Step.Load -> Unit
        word == "swap" && ours is Step.Swap -> {
            same("version", text((value as Obj)["version"]), ours.version.toString())
            store.swapping[index] = ours
            sameMembers(value["record"], parse(String(ours.bytes)), "record")
        }
        word == "send" && ours is Step.Send -> sameRequest(value as Obj, ours)
        word == "wait" && ours is Step.Wait -> same("wait", text(value), ours.until.toString())
        word == "done" && ours is Step.Done -> same("done", write(value), write(parse(ours.json)))
        else -> throw Wrong("${write(expected)} must come, $ours came")
    }
}

fun sameRequest(expected: Obj, ours: Step.Send) {
    if (expected.members.size != 3) throw Wrong("a send must tell url, headers and body")
    same("url", expected["url"], ours.request.url)
    same("headers", write(expected["headers"]), write(ours.request.headers.map { listOf(it.first, it.second) }))
    same("body", expected["body"], String(ours.request.body))
}

fun sameError(expected: Obj, failed: NnopenException) = sameError(expected, failed.failure, failed.stackTraceToString())

fun sameError(expected: Obj, failure: Failure, shown: String) {
    same("kind", text(expected["kind"]), failure.kind)
    if ("code" in expected) same("code", text(expected["code"]), failure.code)
    if ("describe" in expected) same("describe", text(expected["describe"]), failure.describe)
    if ("retry_at" in expected) same("retry_at", text(expected["retry_at"]), failure.retryAt?.toEpochMilli()?.toString())
    if ("paths" in expected) {
        same("paths", write(expected["paths"]), write(failure.violations.filter { it.isError }.map { it.path }))
    }
    val texts = listOf(shown, failure.toString(), failure.describe, write(failure.result))
    for (secret in expected.list("without")) {
        if (texts.any { text(secret)!! in it }) throw Wrong("a secret stands in the error")
    }
}

fun sameMembers(expected: Any?, ours: Any?, path: String) {
    if (expected !is Obj) return same(path, write(expected), write(ours))
    for ((name, value) in expected.members) {
        if (ours !is Obj || name !in ours) throw Wrong("$path.$name is missing")
        sameMembers(value, ours[name], "$path.$name")
    }
}

/** What is signed, and the signature. */
fun playSign(vector: Obj) {
    fun member(name: String) = whole(vector[name])
    val path = (vector["path"] as? List<*>)?.joinToString("") { "/" + whole(it) } ?: member("path")
    val signed = Nnopen.sign(
        Secret(member("app_secret")), path, member("app_key"), member("senid"), member("nonce"), member("timestamp"), member("body"),
    )
    same("canonical", member("canonical"), signed.canonical)
    same("signature", member("signature"), signed.signature)
}

/** All that is wrong with params; of orders, the codes too. */
fun playChecked(vector: Obj, codes: Boolean) {
    val params = vector["params"]
    val json = if (params is String || params is Obj && "times" in params) whole(params) else write(params)
    val checked = Nnopen.check(text(vector["method"])!!, json)
    fun line(severity: Any?, rule: Any?, path: Any?, code: Any?) = "$severity $rule at $path ${if (codes) code ?: "" else ""}"
    if ("violations" in vector) {
        val theirs = vector.list("violations").map { it as Obj }.map { line(it["severity"], it["rule"], it["path"] ?: "", it["code"]) }
        val ours = checked.violations.map { line(it.severity, it.rule, it.path, it.code) }
        same("violations", theirs.sorted().joinToString("\n"), ours.sorted().joinToString("\n"))
    } else if ("ok" !in vector) {
        throw Wrong("nothing is expected")
    }
    if ("ok" in vector) same("ok", vector["ok"], checked.isOk)
}

/** Lines and their three amounts, or the member at fault. */
fun playAmounts(vector: Obj) {
    val cases = vector.list("cases").map { it as Obj }
    if (cases.isEmpty()) throw Wrong("there are no cases")
    for (told in cases) {
        val ours = try {
            Nnopen.amounts(write(told["line"])).let { listOf(it.taxExcluded, it.tax, it.taxIncluded).map { it.toPlainString() } }
        } catch (failed: NnopenException) {
            failed.failure.violations.firstOrNull()?.path
        }
        same("the amounts of ${write(told["line"])}", write(told["amounts"] ?: told["fault"]), write(ours))
    }
}

fun playDocuments(vector: Obj) {
    val ours = Nnopen.documents(write(vector["invoice"])).map {
        linkedMapOf("kind" to it.kind, "url" to it.url, "field" to it.field, "original" to it.original)
    }
    if ("documents" !in vector) throw Wrong("nothing is expected")
    same("documents", write(vector["documents"]), write(ours))
}

/** An answer, a token answer, a return from the authorize page: and what it means. */
fun playReply(vector: Obj) {
    val method = text(vector["method"]) ?: ""
    val status = text(vector["status"])?.toInt() ?: 200
    val ours = when (method) {
        "accessToken" -> readToken(vector, status)
        "authorize" -> readReturn(vector)
        else -> Nnopen.read(method, status, bodyOf(vector)).let {
            mapOf("ok" to (it.failure == null), "kind" to it.failure?.kind, "code" to it.code, "describe" to it.describe, "result" to it.result)
        }
    }
    expectAll(vector.obj("expect"), ours)
}

private fun readToken(vector: Obj, status: Int): Map<String, Any?> {
    val now = 1_700_000_000_000
    val session = provider(vector)
    val call = session.signIn(Secret("C1-secret"), "339901999999142", "https://example.com")
    call.step(now, ByteArray(20) { 1 })
    try {
        call.receive(status, bodyOf(vector), now)
        call.step(now, ByteArray(20) { 2 })
    } catch (failed: NnopenException) {
        return refused(failed.failure)
    }
    val token = (parse(session.snapshot().expose()) as Obj).obj("token")!!
    val expiresIn = text(token["expiresAt"])?.let { ((it.toLong() - now) / 1000).toString() }
    val result = linkedMapOf("access" to token["access"], "refresh" to token["refresh"], "userId" to token["userId"], "taxNum" to token["taxNum"], "expiresIn" to expiresIn)
    return mapOf("ok" to true, "kind" to null, "code" to null, "result" to result)
}

private fun readReturn(vector: Obj): Map<String, Any?> = try {
    val read = provider(vector).readReturn(String(bodyOf(vector)), text(vector["state"]) ?: "")
    val result = linkedMapOf("code" to read.code.expose(), "taxNum" to read.taxNum)
    mapOf("ok" to read.stateMatched, "kind" to if (read.stateMatched) null else "auth", "result" to result, "stateless" to !read.stateMatched)
} catch (failed: NnopenException) {
    refused(failed.failure) + ("stateless" to false)
}

private fun provider(vector: Obj) = Session(
    Config("SD00000001", Secret(text(vector["app_secret"]) ?: "SD00000000000001"), "339901999999142", "sandbox", serviceProvider = true),
)

/** What the platform sends us unasked. */
fun playPush(vector: Obj) {
    val ours = try {
        val push = Nnopen.readPush(text(vector["content_type"]), bodyOf(vector))
        val confirm = push.confirmMethod?.let { linkedMapOf("method" to it, "params" to parse(push.confirmParams!!)) }
        mapOf(
            "ok" to true, "operater" to push.operater, "known" to push.known, "orderNo" to push.orderNo, "serialNo" to push.serialNo,
            "billNo" to push.billNo, "status" to push.status, "statusCode" to push.statusCode, "content" to push.content,
            "raw" to push.raw, "confirm" to confirm,
        )
    } catch (failed: NnopenException) {
        refused(failed.failure)
    }
    expectAll(vector.obj("expect"), ours)
}

private fun refused(failure: Failure): Map<String, Any?> =
    mapOf("ok" to false, "kind" to failure.kind, "code" to failure.code, "describe" to failure.describe, "result" to null)

private fun expectAll(expect: Obj?, ours: Map<String, Any?>) {
    if (expect == null || expect.members.isEmpty()) throw Wrong("nothing is expected")
    for ((name, theirs) in expect.members) {
        if (name == "without") {
            val told = write(ours)
            for (secret in expect.list(name)) if (text(secret)!! in told) throw Wrong("$secret stands in $told")
        } else if (name !in ours) {
            throw Wrong("$name is expected, but not told")
        } else {
            same(name, write(theirs, exact = true), write(ours[name], exact = true))
        }
    }
}

/** A text, or one that is told as prefix, a part repeated, and suffix. */
fun whole(value: Any?): String {
    if (value !is Obj) return text(value) ?: ""
    fun member(name: String) = text(value[name]) ?: ""
    return member("prefix") + member("repeat").repeat(member("times").ifEmpty { "0" }.toInt()) + member("suffix")
}
