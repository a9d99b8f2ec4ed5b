<?php

declare(strict_types=1);

namespace Nnopen;

/** 系统时钟 · The system's clock. */
final class SystemClock implements Clock
{
    public function now(): int
    {
        return (int) floor(microtime(true) * 1000);
    }

    public function sleep(int $millis): void
    {
        usleep($millis * 1000);
    }
}
