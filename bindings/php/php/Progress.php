<?php

declare(strict_types=1);

namespace Nnopen;

/** 批次进行到哪里了 · How far a batch is. */
final class Progress
{
    /** @internal */
    public function __construct(
        /** 还在跟踪的 · Orders that are followed. */
        public readonly int $pending,
        public readonly int $done,
        public readonly int $failed,
        public readonly int $needsRetry,
        public readonly int $absent,
        public readonly int $gaveUp,
        /** 已发出的查询 · Queries sent so far. */
        public readonly int $queries,
        /** 最近十秒每秒问到的订单 · Orders asked about per second, over the last ten seconds. */
        public readonly int $askedPerSecond,
        /** 还在跟踪的最早一张的提交时间，毫秒 · When the oldest order that is followed was submitted. */
        public readonly ?int $oldest,
    ) {
    }
}
