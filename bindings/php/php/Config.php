<?php

declare(strict_types=1);

namespace Nnopen;

/** 应用与企业 · Who we are, and which platform. */
final class Config
{
    private readonly Secret $appSecret;
    private readonly ?Secret $permanentToken;

    /**
     * @param string      $appKey          应用的 appKey
     * @param string      $appSecret       应用的 appSecret
     * @param string      $taxNum          企业税号，请求头 userTax · the tax number that calls are made for
     * @param string      $environment     production 正式，sandbox 沙箱 · or give both addresses
     * @param bool        $serviceProvider 第三方（服务商）应用 · a service provider's application
     * @param string|null $permanentToken  永久令牌 · a token that never ends
     * @param string|null $serviceUrl      别的服务地址 · the whole address of the service, if it is another one
     * @param string|null $tokenUrl        别的取令牌地址 · the whole address of the token endpoint, if it is another one
     */
    public function __construct(
        public readonly string $appKey,
        #[\SensitiveParameter] string $appSecret,
        public readonly string $taxNum,
        public readonly string $environment = 'production',
        public readonly bool $serviceProvider = false,
        #[\SensitiveParameter] ?string $permanentToken = null,
        public readonly ?string $serviceUrl = null,
        public readonly ?string $tokenUrl = null,
    ) {
        $this->appSecret = new Secret($appSecret);
        $this->permanentToken = $permanentToken === null ? null : new Secret($permanentToken);
    }

    /**
     * 由配置数组生成，例如 Laravel 的 config('nnopen') · From an array of settings.
     *
     * @param array{app_key: string, app_secret: string, tax_num: string, environment?: string|null,
     *     service_provider?: bool|null, permanent_token?: string|null, service_url?: string|null,
     *     token_url?: string|null, ...} $settings
     */
    public static function of(#[\SensitiveParameter] array $settings): self
    {
        $text = static fn (string $name): ?string => isset($settings[$name]) && $settings[$name] !== ''
            ? (string) $settings[$name] : null;

        return new self(
            $text('app_key') ?? '',
            $text('app_secret') ?? '',
            $text('tax_num') ?? '',
            $text('environment') ?? ($text('service_url') === null ? 'production' : ''),
            (bool) ($settings['service_provider'] ?? false),
            $text('permanent_token'),
            $text('service_url'),
            $text('token_url'),
        );
    }

    /** 是否用永久令牌 · Whether the token never ends. */
    public function isPermanent(): bool
    {
        return $this->permanentToken !== null;
    }

    /**
     * @internal 按核心要的顺序；没有与空文本不同 · In the core's order; nothing is not the same as an empty text.
     *
     * @return list<string>
     */
    public function expose(): array
    {
        $optional = static fn (#[\SensitiveParameter] ?string $text): string => $text === null ? '' : "={$text}";

        return [
            $this->environment,
            $optional($this->serviceUrl),
            $optional($this->tokenUrl),
            $this->appKey,
            $this->appSecret->expose(),
            $this->taxNum,
            $this->serviceProvider ? '1' : '',
            $optional($this->permanentToken?->expose()),
        ];
    }
}
