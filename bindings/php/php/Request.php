<?php

declare(strict_types=1);

namespace Nnopen;

/**
 * 要发送的请求：总是 POST，不跟随重定向，内容逐字节照发 · A request to be sent.
 *
 * Always a POST; follow no redirect; send the body byte for byte and the header names in this case. Token and signature
 * are in it, so var_dump and the like show it redacted.
 */
final class Request
{
    private readonly Secret $content;

    /** @var \Closure(): array<string, string> */
    private readonly \Closure $fields;

    /**
     * @internal
     *
     * @param array<string, string> $headers
     */
    public function __construct(
        public readonly string $url,
        #[\SensitiveParameter] array $headers,
        #[\SensitiveParameter] string $body,
        /** 隐去密钥的样子，可以写进日志 · As it travels, without secrets: fit for a log. */
        public readonly string $preview,
    ) {
        $this->content = new Secret($body);
        $values = array_map(static fn (string $value) => new Secret($value), $headers);
        $this->fields = static fn (): array => array_map(static fn (Secret $value) => $value->expose(), $values);
    }

    /** @return array<string, string> 名称保持原样大小写 · names in the platform's own spelling, in order */
    public function headers(): array
    {
        return ($this->fields)();
    }

    public function body(): string
    {
        return $this->content->expose();
    }

    /** @return list<string> "Name: value" */
    public function headerLines(): array
    {
        $headers = $this->headers();

        return array_map(static fn (string $name) => "{$name}: {$headers[$name]}", array_keys($headers));
    }

    public function __toString(): string
    {
        return $this->preview;
    }

    /** @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['preview' => $this->preview];
    }

    public function __serialize(): never
    {
        throw new \LogicException('a request is not serialized: it holds a token');
    }
}
