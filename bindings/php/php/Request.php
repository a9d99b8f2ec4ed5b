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

    /** The address and the headers, a line each; behind an empty line the body. */
    private readonly Secret $text;

    /** @internal */
    public function __construct(
        #[\SensitiveParameter] string $head,
        #[\SensitiveParameter] string $body,
        /** 隐去密钥的样子，可以写进日志 · As it travels, without secrets: fit for a log. */
        public readonly string $preview,
    ) {
        $this->url = \explode("\n", $head, 2)[0];
        $this->text = new Secret("{$head}\n\n{$body}");
    }

    /** @return array<string, string> 名称保持原样大小写 · names in the platform's own spelling, in order */
    public function headers(): array
    {
        $headers = [];
        foreach ($this->headerLines() as $line) {
            [$name, $value] = explode(': ', $line, 2);
            $headers[$name] = $value;
        }

        return $headers;
    }

    public function body(): string
    {
        return \explode("\n\n", $this->text->expose(), 2)[1];
    }

    /** @return list<string> "Name: value" */
    public function headerLines(): array
    {
        $head = \explode("\n\n", $this->text->expose(), 2)[0];

        return \array_slice(\explode("\n", $head), 1);
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
