<?php

declare(strict_types=1);

namespace Nnopen;

/**
 * 同时跟踪许多订单：只查询，从不写入，每张以恰好一个事件结束 · Many orders followed at once.
 *
 * It asks and never writes; each order ends in exactly one event. Client::events drives it.
 */
final class Batch
{
    use Driven;

    /** 跟踪一张已提交的订单；已在跟踪则为 false · Follows an order that was submitted at `$since`, in milliseconds. */
    public function add(string $key, int $since, int $now): bool
    {
        return Native::ok($this->held->ask('add', $key, $since, $now)) === '1';
    }

    /** 收到了它的回传，提前去问；不在跟踪则为 false · A push came about this order: it is asked about earlier. */
    public function hint(string $key, int $now): bool
    {
        return Native::ok($this->held->ask('hint', $key, $now)) === '1';
    }

    /** 接上保存的批次；返回新加入的张数 · Follows all orders of a snapshot too; tells how many came in. */
    public function resume(string $snapshot, int $now): int
    {
        return (int) Native::ok($this->held->ask('resume_batch', $snapshot, $now));
    }

    public function progress(): Progress
    {
        return new Progress(...Native::json((string) Native::ok($this->held->ask('progress'))));
    }
}
