internal import NNOpenCore

/// 应用与企业 · Who we are, and which platform.
///
/// appSecret 只能放在服务器上，不能放进手机应用 · The appSecret belongs on a server, never into an app.
public struct Config: Sendable, CustomStringConvertible {
    /// 应用的 appKey · The application's key.
    public let appKey: String
    /// 企业税号，请求头 userTax · The tax number that calls are made for.
    public let taxNum: String
    /// `production` 正式，`sandbox` 沙箱；给出两个地址时不看它 · Ignored where both addresses are given.
    public let environment: String
    /// 是否第三方（服务商）应用 · Whether it is a service provider's application.
    public let serviceProvider: Bool
    /// 别的服务地址 · The whole address of the service, if it is another one.
    public let serviceURL: String?
    /// 别的取令牌地址 · The whole address of the token endpoint, if it is another one.
    public let tokenURL: String?
    private let appSecret: Secret
    private let permanentToken: Secret?

    public init(
        appKey: String,
        appSecret: Secret,
        taxNum: String,
        environment: String = "production",
        serviceProvider: Bool = false,
        permanentToken: Secret? = nil,
        serviceURL: String? = nil,
        tokenURL: String? = nil
    ) {
        self.appKey = appKey
        self.appSecret = appSecret
        self.taxNum = taxNum
        self.environment = environment
        self.serviceProvider = serviceProvider
        self.permanentToken = permanentToken
        self.serviceURL = serviceURL
        self.tokenURL = tokenURL
    }

    /// 是否用永久令牌 · Whether the token never ends.
    public var isPermanent: Bool { permanentToken != nil }

    public var description: String { "Config(appKey: \(appKey), taxNum: \(taxNum), environment: \(environment))" }

    func core(shared: Bool) -> NNOpenCore.Config {
        NNOpenCore.Config(
            environment: environment, serviceUrl: serviceURL, tokenUrl: tokenURL, appKey: appKey,
            appSecret: appSecret.expose(), taxNum: taxNum, serviceProvider: serviceProvider,
            permanentToken: permanentToken?.expose(), shared: shared
        )
    }
}
