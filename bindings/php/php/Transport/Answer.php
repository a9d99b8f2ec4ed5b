<?php

declare(strict_types=1);

namespace Nnopen\Transport;

use Nnopen\Secret;

/** 应答：状态码与原始内容 · An answer: its status and the bytes of its body, which may hold a token. */
final class Answer
{
    private readonly Secret $content;

    public function __construct(public readonly int $status, #[\SensitiveParameter] string $body)
    {
        if ($status < 0 || $status > 65535) {
            throw new \InvalidArgumentException("{$status} is no status of HTTP");
        }
        $this->content = new Secret($body);
    }

    public function body(): string
    {
        return $this->content->expose();
    }
}
