<?php

declare(strict_types=1);

namespace Nnopen;

/**
 * 不让人看见的文本：密钥、令牌 · A text that is not to be seen.
 *
 * The text is no property of the object, so that var_dump, print_r, var_export, (array) and stack traces can't show it.
 */
final class Secret
{
    /** @var \WeakMap<self, string>|null */
    private static ?\WeakMap $texts = null;

    public function __construct(#[\SensitiveParameter] string $text)
    {
        self::$texts ??= new \WeakMap();
        self::$texts[$this] = $text;
    }

    /** 原文，只用于请求 · The text itself: for the request only. */
    public function expose(): string
    {
        return self::$texts[$this] ?? '';
    }

    /** @return array<string, string> */
    public function __debugInfo(): array
    {
        return ['text' => '***'];
    }

    public function __serialize(): never
    {
        throw new \LogicException('a secret is not serialized');
    }

    private function __clone()
    {
    }
}
