<?php

declare(strict_types=1);

namespace Nnopen;

/** @internal 调用与批次共有的 · What a call and a batch share: they are driven by steps. */
trait Driven
{
    /** 现在该做什么 · What to do now. `$entropy` is 20 fresh random bytes. */
    public function step(int $now, #[\SensitiveParameter] string $entropy): Step
    {
        $told = $this->native->step($now, $entropy);
        $what = array_key_first($told);

        return match ($what) {
            'failure' => throw Failure::of(Native::json($told[$what]))->exception(),
            'send' => new Step\Send(new Request(...$told[$what])),
            'wait' => new Step\Wait($told[$what]),
            'load' => new Step\Load(),
            'swap' => new Step\Swap($told[$what]['version'], new Secret($told[$what]['bytes'])),
            'event' => Step\Event::of(Native::json($told[$what])),
            'idle' => new Step\Idle(),
            default => new Step\Done($told[$what]),
        };
    }

    /** 收到应答 · The answer to the request sent last. */
    public function receive(int $status, #[\SensitiveParameter] string $body, int $now): void
    {
        Native::ok($this->native->receive($status, $body, $now));
    }

    /** 没有应答；$notSent 只在确实没有发出时为真 · No answer came; not sent only if it surely did not leave. */
    public function fail(bool $notSent, string $reason, int $now): void
    {
        Native::ok($this->native->fail($notSent, $reason, $now));
    }

    /** 存放处现有的内容；没有则为 0 与空 · What the store holds; 0 and nothing, if nothing was put there yet. */
    public function loaded(int $version, #[\SensitiveParameter] string $bytes, int $now): void
    {
        Native::ok($this->native->loaded($version, $bytes, $now));
    }

    /** 存放处换没换成 · Whether the store still held that version and took the bytes. */
    public function swapped(bool $stored, int $now): void
    {
        Native::ok($this->native->swapped($stored, $now));
    }

    /** 存放处读写失败 · The store could not be read or written. */
    public function storeFailed(string $reason, int $now): void
    {
        Native::ok($this->native->storeFailed($reason, $now));
    }

    /** 保存下来，以后接着做；有购方资料，没有密钥与令牌 · To go on later: it holds buyers' data, neither secret nor token. */
    public function snapshot(): string
    {
        return Native::ok($this->native->snapshot());
    }
}
