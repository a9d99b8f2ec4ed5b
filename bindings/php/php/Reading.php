<?php

declare(strict_types=1);

namespace Nnopen;

/** 一个应答的读法 · An answer as it was read. */
final class Reading
{
    public function __construct(
        public readonly ?string $code,
        public readonly ?string $describe,
        /** 结果的 JSON 原文 · the result's own JSON text; `null` if there is none */
        public readonly string $json,
        /** 为什么不算成功 · Why it is no success. */
        public readonly ?Failure $failure,
    ) {
    }

    public function ok(): bool
    {
        return $this->failure === null;
    }

    /** 结果；其中的数字一律是字符串 · The result; every number in it is a string. */
    public function result(): mixed
    {
        return Json::read($this->json);
    }
}
