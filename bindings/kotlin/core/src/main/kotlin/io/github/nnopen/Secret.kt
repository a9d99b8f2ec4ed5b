package io.github.nnopen

/** 不会被打印的文本：密钥、令牌、快照 · A text that is never printed: a secret, a token, a snapshot. */
public class Secret(private val text: String) {
    /** 文本本身；不要写进日志 · The text itself: keep it out of logs. */
    public fun expose(): String = text

    override fun equals(other: Any?): Boolean = other is Secret && other.text == text

    override fun hashCode(): Int = text.hashCode()

    override fun toString(): String = "Secret(***)"
}
