<?php

declare(strict_types=1);

namespace Nnopen;

/** @internal 调用与批次共有的 · What a call and a batch share: they are driven by steps. */
trait Driven
{
    /** @internal */
    public function __construct(private readonly Native\Held|Native\Handle $held)
    {
    }

    /** 现在该做什么 · What to do now. `$entropy` is 20 fresh random bytes. */
    public function step(int $now, #[\SensitiveParameter] string $entropy): Step
    {
        $told = $this->held->ask('step', $now, $entropy);
        if (\is_object($told)) {
            return new Step\Send(new Request($told));
        }

        return match ($told[0]) {
            'done' => new Step\Done($told[1]),
            'wait' => new Step\Wait((int) $told[1]),
            'load' => new Step\Load(),
            'swap' => new Step\Swap((int) $told[1], new Secret($told[2])),
            'event' => Step\Event::of(Native::json($told[1])),
            'idle' => new Step\Idle(),
            default => Native::ok($told),
        };
    }

    /** 收到应答 · The answer to the request sent last. */
    public function receive(int $status, #[\SensitiveParameter] string $body, int $now): void
    {
        Native::ok($this->held->ask('receive', $status, $body, $now));
    }

    /** 没有应答；$notSent 只在确实没有发出时为真 · No answer came; not sent only if it surely did not leave. */
    public function fail(bool $notSent, string $reason, int $now): void
    {
        Native::ok($this->held->ask('fail', $notSent, $reason, $now));
    }

    /** 存放处现有的内容；没有则为 0 与空 · What the store holds; 0 and nothing, if nothing was put there yet. */
    public function loaded(int $version, #[\SensitiveParameter] string $bytes, int $now): void
    {
        Native::ok($this->held->ask('loaded', $version, $bytes, $now));
    }

    /** 存放处换没换成 · Whether the store still held that version and took the bytes. */
    public function swapped(bool $stored, int $now): void
    {
        Native::ok($this->held->ask('swapped', $stored, $now));
    }

    /** 存放处读写失败 · The store could not be read or written. */
    public function storeFailed(string $reason, int $now): void
    {
        Native::ok($this->held->ask('store_failed', $reason, $now));
    }

    /** 保存下来，以后接着做；有购方资料，没有密钥与令牌 · To go on later: it holds buyers' data, neither secret nor token. */
    public function snapshot(): string
    {
        return (string) Native::ok($this->held->ask('snapshot'));
    }
}
