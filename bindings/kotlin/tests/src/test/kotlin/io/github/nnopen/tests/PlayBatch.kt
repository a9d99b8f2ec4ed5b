package io.github.nnopen.tests

import io.github.nnopen.Batch
import io.github.nnopen.BatchRules
import io.github.nnopen.BatchStep
import io.github.nnopen.NnopenException
import io.github.nnopen.Session
import io.github.nnopen.Step

/** Many orders followed in one conversation. */
fun playBatch(vector: Obj) {
    val follow = vector.obj("follow")!!
    val mustFail = vector.obj("start_error")
    var session = open(vector.obj("session"))
    var batch = try {
        begin(session, follow)
    } catch (failed: NnopenException) {
        return sameError(mustFail ?: throw Wrong("could not be begun: $failed"), failed)
    }
    if (mustFail != null || vector.list("script").isEmpty()) throw Wrong("begun, which must not be; or the script is empty")
    vector.list("script").map { it as Obj }.forEachIndexed { at, line ->
        try {
            if ("restart" in line) {
                val (kept, saved) = batch.snapshot() to session.snapshot()
                session = open(vector.obj("session"))
                session.restore(saved)
                batch = begin(session, follow)
                same("restart", line.number("restart"), batch.resume(kept, line.number("now")))
            } else {
                playLine(batch, at, line)
            }
        } catch (wrong: Wrong) {
            throw Wrong("line $at: ${wrong.message}")
        }
    }
}

private fun begin(session: Session, follow: Obj): Batch {
    fun whole(name: String) = text(follow[name])?.toInt()
    val with = follow.obj("with")?.members?.toMap().orEmpty()
    val rules = BatchRules(text(follow["by"]), whole("rate"), whole("slowest"), whole("give_up"), with)
    return session.follow(text(follow["method"])!!, rules)
}

private fun playLine(batch: Batch, at: Int, line: Obj) {
    if ("progress" in line) return sameMembers(line["progress"], progress(batch), "progress")
    if ("snapshot" in line) return sameMembers(line["snapshot"], parse(batch.snapshot()), "snapshot")
    val now = line.number("now")
    val answer = line.obj("receive")
    var said: Any? = null
    val refused = try {
        when {
            "add" in line -> said = line.obj("add")!!.let { batch.add(text(it["key"])!!, it.number("since"), now) }
            "hint" in line -> said = batch.hint(text(line["hint"])!!, now)
            "step" in line -> return sameStep(line.obj("step")!!, batch, now, entropy(line, at))
            answer != null -> batch.receive(answer.number("status").toInt(), bodyOf(answer), now)
            line["fail"] == "not_sent" || line["fail"] == "maybe_sent" -> batch.fail(line["fail"] == "not_sent", "no answer", now)
            else -> throw Wrong("the line says nothing")
        }
        null
    } catch (failed: NnopenException) {
        failed
    }
    val expected = line.obj("error")
    if ((expected == null) != (refused == null)) throw Wrong("${write(expected)} must come, $refused came")
    if (expected != null) return sameError(expected, refused!!)
    same("is", line["is"], said)
}

private fun progress(batch: Batch) = batch.progress().let {
    val told = listOf(
        "pending" to it.pending, "done" to it.done, "failed" to it.failed, "needs_retry" to it.needsRetry, "absent" to it.absent,
        "gave_up" to it.gaveUp, "queries" to it.queries, "asked_per_second" to it.askedPerSecond, "oldest" to it.oldest?.toEpochMilli(),
    )
    Obj(told.map { (name, value) -> name to value?.let { number -> Num("$number") } })
}

private fun sameStep(expected: Obj, batch: Batch, now: Long, entropy: ByteArray) {
    val (word, value) = expected.members.single()
    val ours = try {
        batch.step(now, entropy)
    } catch (failed: NnopenException) {
        if (word != "error") throw Wrong("${write(expected)} must come, $failed came")
        return sameError(value as Obj, failed)
    }
    when {
        word == "idle" && ours is BatchStep.Idle -> Unit
        word == "wait" && ours is Step.Wait -> same("wait", text(value), ours.until.toString())
        word == "send" && ours is Step.Send -> sameRequest(value as Obj, ours)
        word == "event" && ours is BatchStep.Event -> {
            val event = ours.event
            value as Obj
            same("kind", text(value["kind"]), event.kind)
            same("keys", write(value["keys"]), write(event.keys))
            same("rows", write(value["rows"], exact = true), write(event.rows, exact = true))
            val failure = event.failure
            if ("error" in value) sameError(value.obj("error")!!, failure ?: throw Wrong("an error must come"), "$failure")
        }
        else -> throw Wrong("${write(expected)} must come, $ours came")
    }
}
