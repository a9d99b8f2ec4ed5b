<?php

declare(strict_types=1);

namespace Nnopen;

/** 一个返回码的含义、原因、处理办法 · What a code means, why it comes, what to do. */
final class Explanation
{
    /** @internal */
    public function __construct(
        public readonly string $code,
        public readonly string $scope,
        /** 平台的原文，用于区分同码的不同情形 · The platform's words, where one code has several meanings. */
        public readonly string $text,
        public readonly string $meaningZh,
        public readonly string $meaningEn,
        public readonly string $causeZh,
        public readonly string $causeEn,
        public readonly string $fixZh,
        public readonly string $fixEn,
        public readonly string $retry,
        public readonly bool $orderFree,
    ) {
    }
}
