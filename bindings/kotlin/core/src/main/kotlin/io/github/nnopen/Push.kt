package io.github.nnopen

import io.github.nnopen.core.PushInfo

/**
 * 平台回传的内容；没有签名，先核实再采信 · What the platform pushed. Nothing in it is signed: confirm it first.
 *
 * @property operater 种类 · its kind, so spelt by the platform
 * @property known 是否已知的种类 · whether the kind is known
 * @property status 状态的含义，如 `issued` · how things stand, if the code is known
 * @property statusCode 状态原值，与查询的状态不是一套 · the code itself; not that of the query
 * @property content 内容 · the content; `io.github.nnopen.api.push` reads it typed
 * @property raw 全部原文 · everything as it came
 * @property confirmMethod 用哪个接口核实 · the method that confirms it
 */
public class Push internal constructor(told: PushInfo) {
    public val operater: String = told.operater
    public val known: Boolean = told.known
    public val orderNo: String? = told.orderNo
    public val serialNo: String? = told.serialNo
    public val billNo: String? = told.billNo
    public val status: String? = told.status
    public val statusCode: String? = told.statusCode
    public val content: Any? = readJson(told.content)
    public val raw: Any? = readJson(told.raw)
    public val confirmMethod: String? = told.confirmMethod
    public val confirmParams: String? = told.confirmParams

    override fun toString(): String = "Push($operater, orderNo=$orderNo, serialNo=$serialNo, status=$status)"
}
