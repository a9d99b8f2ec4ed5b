<?php

declare(strict_types=1);

namespace Nnopen;

use Nnopen\Native\Library;

/** @internal 调用与批次共有的 · What a call and a batch share: they are driven by steps. */
trait Driven
{
    /** @internal */
    public function __construct(private readonly Native\Handle $handle)
    {
    }

    /** 现在该做什么 · What to do now. `$entropy` is 20 fresh random bytes. */
    public function step(int $now, #[\SensitiveParameter] string $entropy): Step
    {
        $told = Native::all(Library::ask('step', $this->handle->number, (string) $now, $entropy));

        return match ($told[0]) {
            // A body that is shown as it is comes once.
            'send' => new Step\Send(new Request($told[1], $told[2], $told[3] . ($told[4] ?? $told[2]))),
            'wait' => new Step\Wait((int) $told[1]),
            'load' => new Step\Load(),
            'swap' => new Step\Swap((int) $told[1], new Secret($told[2])),
            'event' => Step\Event::of(Native::json($told[1])),
            'idle' => new Step\Idle(),
            default => new Step\Done($told[1]),
        };
    }

    /** 收到应答 · The answer to the request sent last. */
    public function receive(int $status, #[\SensitiveParameter] string $body, int $now): void
    {
        Native::ok(Library::ask('receive', $this->handle->number, (string) $status, $body, (string) $now));
    }

    /** 没有应答；$notSent 只在确实没有发出时为真 · No answer came; not sent only if it surely did not leave. */
    public function fail(bool $notSent, string $reason, int $now): void
    {
        Native::ok(Library::ask('fail', $this->handle->number, $notSent ? '1' : '', $reason, (string) $now));
    }

    /** 存放处现有的内容；没有则为 0 与空 · What the store holds; 0 and nothing, if nothing was put there yet. */
    public function loaded(int $version, #[\SensitiveParameter] string $bytes, int $now): void
    {
        Native::ok(Library::ask('loaded', $this->handle->number, (string) $version, $bytes, (string) $now));
    }

    /** 存放处换没换成 · Whether the store still held that version and took the bytes. */
    public function swapped(bool $stored, int $now): void
    {
        Native::ok(Library::ask('swapped', $this->handle->number, $stored ? '1' : '', (string) $now));
    }

    /** 存放处读写失败 · The store could not be read or written. */
    public function storeFailed(string $reason, int $now): void
    {
        Native::ok(Library::ask('store_failed', $this->handle->number, $reason, (string) $now));
    }

    /** 保存下来，以后接着做；有购方资料，没有密钥与令牌 · To go on later: it holds buyers' data, neither secret nor token. */
    public function snapshot(): string
    {
        return (string) Native::ok(Library::ask('snapshot', $this->handle->number));
    }
}
