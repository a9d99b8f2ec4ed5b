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
        $this->content = new Secret($body);
    }

    public function body(): string
    {
        return $this->content->expose();
    }
}
