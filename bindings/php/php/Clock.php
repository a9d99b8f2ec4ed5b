<?php

declare(strict_types=1);

namespace Nnopen;

/** 时钟：协程环境或测试可以换掉 · The clock: for coroutines and for tests another one can be given. */
interface Clock
{
    /** 毫秒 · Milliseconds since 1970. */
    public function now(): int;

    public function sleep(int $millis): void;
}
