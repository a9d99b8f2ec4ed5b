package io.github.nnopen

import io.github.nnopen.core.SignParts
import java.math.BigDecimal
import io.github.nnopen.core.amounts as nativeAmounts
import io.github.nnopen.core.answerPush as nativeAnswerPush
import io.github.nnopen.core.check as nativeCheck
import io.github.nnopen.core.documents as nativeDocuments
import io.github.nnopen.core.explain as nativeExplain
import io.github.nnopen.core.fill as nativeFill
import io.github.nnopen.core.methods as nativeMethods
import io.github.nnopen.core.read as nativeRead
import io.github.nnopen.core.readPush as nativeReadPush
import io.github.nnopen.core.red as nativeRed
import io.github.nnopen.core.sign as nativeSign
import io.github.nnopen.core.split as nativeSplit
import io.github.nnopen.core.totals as nativeTotals

/** 不需要连接的功能：检查、算额、读回传与应答、签名 · What needs no session: checks, amounts, readers, signatures. */
public object Nnopen {
    /** 参数的全部问题，不发送 · All that is wrong with params; nothing is sent. */
    @JvmStatic
    public fun check(endpoint: Endpoint<*>): Checked = check(endpoint.methodName(), endpoint.toJson())

    /** 同上，JSON 文本 · The same of JSON text. */
    @JvmStatic
    public fun check(method: String, params: String): Checked = told { nativeCheck(method, params) }.let {
        Checked(it.violations.map(Violation::of), it.body)
    }

    /** 读一个应答 · Reads an answer to a method. */
    @JvmStatic
    public fun read(method: String, status: Int, body: ByteArray): Reading = told { nativeRead(method, status, body) }.let {
        Reading(it.code, it.describe, readJson(it.result), it.failure?.let { failure -> Failure.of(failure) })
    }

    /** 读回传 · Reads what the platform pushed: the header `Content-Type` and the body's own bytes. */
    @JvmStatic
    public fun readPush(contentType: String?, body: ByteArray): Push = Push(told { nativeReadPush(contentType ?: "", body) })

    /** 收下回传的应答 · The answer to a push that was taken in: JSON, status 200. */
    @JvmStatic
    public fun pushAccepted(): String = nativeAnswerPush(null)

    /** 没收下回传的应答，平台会再发 · The answer to a push that could not be taken in; it comes again. */
    @JvmStatic
    public fun pushRefused(reason: String): String = nativeAnswerPush(reason)

    /** 发票的文件，法定原件在前 · The files of an issued invoice, the legal original first. */
    @JvmStatic
    public fun documents(invoice: Shape): List<Document> = documents(invoice.toJson())

    @JvmStatic
    public fun documents(invoice: String): List<Document> = told { nativeDocuments(invoice) }.map {
        Document(it.kind, it.url, it.field, it.original)
    }

    /** 返回码的含义、原因、办法 · What is known about a code or status. */
    @JvmStatic
    public fun explain(code: String): List<Explanation> = nativeExplain(code).map {
        Explanation(
            it.code, it.scope, it.text, Words(it.meaningZh, it.meaningEn), Words(it.causeZh, it.causeEn),
            Words(it.fixZh, it.fixEn), it.retry, it.orderFree,
        )
    }

    /** 签名 · Signs a body. */
    @JvmStatic
    public fun sign(
        appSecret: Secret,
        path: String,
        appKey: String,
        senid: String,
        nonce: String,
        timestamp: String,
        body: String,
    ): Signed = told { nativeSign(SignParts(appSecret, path, appKey, senid, nonce, timestamp, body)) }.let {
        Signed(it.canonical, it.signature)
    }

    /** 一行的三个金额 · A line's amounts. */
    @JvmStatic
    public fun amounts(line: Shape): Amounts = Amounts.of(told { nativeAmounts(line.toJson()) })

    @JvmStatic
    public fun amounts(line: String): Amounts = Amounts.of(told { nativeAmounts(line) })

    /** 整单的三个金额 · The amounts of all lines of an order together. */
    @JvmStatic
    public fun totals(order: Shape): Amounts = Amounts.of(told { nativeTotals(order.toJson()) })

    /** 补上各行缺的金额，JSON 文本进出 · The order with the amounts that its lines lack. */
    @JvmStatic
    public fun fill(order: String): String = told { nativeFill(order) }

    /** 按限额拆单 · Orders whose amounts without tax are at most `limit`: a JSON list. */
    @JvmStatic
    public fun split(order: String, limit: BigDecimal): String = told { nativeSplit(order, decimalText(limit)) }

    /** 由蓝票订单得到红冲订单 · The order that takes back `blue`. */
    @JvmStatic
    public fun red(blue: String, orderNo: String, invoiceDate: String, reason: Code): String =
        told { nativeRed(blue, orderNo, invoiceDate, reason.code) }

    /** 全部接口名 · The names of all methods that are known. */
    @JvmStatic
    public fun methods(): List<String> = nativeMethods()
}

/** @property body 会发送的内容，有错误则为 null · what would be sent, null if something is wrong */
public class Checked internal constructor(public val violations: List<Violation>, public val body: String?) {
    public val isOk: Boolean get() = violations.none { it.isError }
}

/** @property failure 为什么不算成功 · why it is no success */
public class Reading internal constructor(
    public val code: String?,
    public val describe: String?,
    public val result: Any?,
    public val failure: Failure?,
)

/** @property kind `ofd`、`pdf`、`xml`、`paper_pdf`、`page`、`image`; @property original 是否法定原件 · the legal original */
public class Document internal constructor(
    public val kind: String,
    public val url: String,
    public val field: String,
    public val original: Boolean,
) {
    override fun toString(): String = "$kind $url"
}

/** @property orderFree 订单号可否再用 · whether the order number may be used again */
public class Explanation internal constructor(
    public val code: String,
    public val scope: String,
    public val text: String,
    public val meaning: Words,
    public val cause: Words,
    public val fix: Words,
    public val retry: String,
    public val orderFree: Boolean,
)

/** @property canonical 被签名的文本 · what was signed */
public class Signed internal constructor(public val canonical: String, public val signature: String)

/** 不含税金额、税额、价税合计 · Without tax, the tax, with tax. */
public class Amounts internal constructor(
    public val taxExcluded: BigDecimal,
    public val tax: BigDecimal,
    public val taxIncluded: BigDecimal,
) {
    override fun toString(): String = "$taxExcluded + $tax = $taxIncluded"

    internal companion object {
        fun of(told: List<String>) = Amounts(BigDecimal(told[0]), BigDecimal(told[1]), BigDecimal(told[2]))
    }
}
