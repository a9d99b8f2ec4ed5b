<?php

declare(strict_types=1);

namespace Nnopen;

/** 批次怎样查询 · How a batch asks. */
final class BatchRules
{
    /**
     * @param string                  $by      orderNos 或 serialNos
     * @param int                     $rate    每秒请求数 · requests a second
     * @param int                     $slowest 一张订单两次查询的最长间隔，秒 · the longest time between two questions about an order
     * @param int                     $giveUp  多久没有最终状态就放弃，秒 · when an order without an end is given up
     * @param array<array-key, mixed> $with    查询的其他参数 · more params of each query
     */
    public function __construct(
        public readonly string $by = 'orderNos',
        public readonly int $rate = 5,
        public readonly int $slowest = 7_200,
        public readonly int $giveUp = 604_800,
        public readonly array $with = [],
    ) {
    }

    /**
     * @internal 按核心要的顺序 · In the core's order.
     *
     * @return list<string>
     */
    public function plain(): array
    {
        $with = $this->with === [] ? '' : json_encode($this->with, JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR);

        return [$this->by, (string) $this->rate, (string) $this->slowest, (string) $this->giveUp, $with];
    }
}
