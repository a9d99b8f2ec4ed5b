<?php

declare(strict_types=1);

namespace Nnopen;

/** 参数的一处问题 · One thing wrong with params. */
final class Violation
{
    public function __construct(
        /** 路径，例如 order.invoiceDetail[3].taxRate · Where. */
        public readonly string $path,
        public readonly string $rule,
        /** 错误还是提醒 · An error, or a warning. */
        public readonly bool $isError,
        /** 平台会答的返回码 · The code that the platform would answer, if that is known. */
        public readonly ?string $code,
        public readonly string $message,
        public readonly string $messageEn,
    ) {
    }

    /**
     * @internal
     *
     * @param array<string, mixed> $told
     */
    public static function of(array $told): self
    {
        return new self(
            $told['path'],
            $told['rule'],
            $told['severity'] === 'error',
            $told['code'],
            $told['message'],
            $told['messageEn'],
        );
    }

    public function __toString(): string
    {
        return $this->path === '' ? $this->message : "{$this->path}: {$this->message}";
    }
}
