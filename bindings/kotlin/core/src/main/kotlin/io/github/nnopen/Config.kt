package io.github.nnopen

import io.github.nnopen.core.Config as Native

/**
 * 应用与企业 · Who we are, and which platform.
 *
 * @property appKey 应用的 appKey · the application's key
 * @property taxNum 企业税号，请求头 userTax · the tax number that calls are made for
 * @property environment `production` 正式，`sandbox` 沙箱；给出两个地址时不看它 · ignored where both addresses are given
 * @property serviceProvider 是否第三方（服务商）应用 · whether it is a service provider's application
 * @property serviceUrl 别的服务地址 · the whole address of the service, if it is another one
 * @property tokenUrl 别的取令牌地址 · the whole address of the token endpoint, if it is another one
 */
public class Config
@JvmOverloads
constructor(
    public val appKey: String,
    private val appSecret: Secret,
    public val taxNum: String,
    public val environment: String = "production",
    public val serviceProvider: Boolean = false,
    private val permanentToken: Secret? = null,
    public val serviceUrl: String? = null,
    public val tokenUrl: String? = null,
) {
    @JvmOverloads
    public constructor(appKey: String, appSecret: String, taxNum: String, environment: String = "production") :
        this(appKey, Secret(appSecret), taxNum, environment)

    /** 是否用永久令牌 · Whether the token never ends. */
    public val isPermanent: Boolean get() = permanentToken != null

    internal fun native(shared: Boolean) =
        Native(environment, serviceUrl, tokenUrl, appKey, appSecret, taxNum, serviceProvider, permanentToken, shared)

    override fun toString(): String = "Config(appKey=$appKey, taxNum=$taxNum, environment=$environment)"

    public companion object {
        /** 供 Java 使用 · For Java. */
        @JvmStatic
        public fun builder(appKey: String, appSecret: String, taxNum: String): Builder =
            Builder(appKey, Secret(appSecret), taxNum)
    }

    /** 供 Java 使用 · For Java. */
    public class Builder internal constructor(
        private val appKey: String,
        private val appSecret: Secret,
        private val taxNum: String,
    ) {
        private var environment = "production"
        private var serviceProvider = false
        private var permanentToken: Secret? = null
        private var serviceUrl: String? = null
        private var tokenUrl: String? = null

        public fun environment(value: String): Builder = apply { environment = value }

        public fun serviceProvider(value: Boolean): Builder = apply { serviceProvider = value }

        public fun permanentToken(value: String): Builder = apply { permanentToken = Secret(value) }

        public fun addresses(serviceUrl: String, tokenUrl: String): Builder = apply {
            this.serviceUrl = serviceUrl
            this.tokenUrl = tokenUrl
        }

        public fun build(): Config =
            Config(appKey, appSecret, taxNum, environment, serviceProvider, permanentToken, serviceUrl, tokenUrl)
    }
}
