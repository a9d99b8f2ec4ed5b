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
    public readonly string $url;

    /** 隐去密钥的样子，可以写进日志 · As it travels, without secrets: fit for a log. */
    public readonly string $preview;

    /** @internal */
    public function __construct(private readonly Native\Held|Native\Sent $sent)
    {
        $this->url = $sent->ask('url');
        // Made when it is looked at.
        unset($this->preview);
    }

    /** @return array<string, string> 名称保持原样大小写 · names in the platform's own spelling, in order */
    public function headers(): array
    {
        return $this->sent->ask('headers');
    }

    public function body(): string
    {
        return $this->sent->ask('body');
    }

    /** @return list<string> "Name: value" */
    public function headerLines(): array
    {
        return $this->sent->ask('lines');
    }

    public function __get(string $name): mixed
    {
        // Else as PHP does.
        return $name === 'preview' ? $this->preview = $this->sent->ask('preview') : $this->{$name};
    }

    public function __isset(string $name): bool
    {
        return $name === 'preview';
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
