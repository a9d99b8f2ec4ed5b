<?php

declare(strict_types=1);

namespace Nnopen;

/**
 * 进行中的一件事 · One thing that is wanted, in progress: ask what to do, do it, tell what came.
 *
 * @template-covariant TResult
 */
final class Call
{
    /** @internal */
    public function __construct(private readonly Native\Call $native)
    {
    }

    /** 现在该做什么 · What to do now. `$entropy` is 20 fresh random bytes. */
    public function step(int $now, #[\SensitiveParameter] string $entropy): Step
    {
        $told = $this->native->step($now, $entropy);
        if (isset($told['failure'])) {
            throw Failure::of($told['failure'])->exception();
        }
        if (isset($told['send'])) {
            ['url' => $url, 'headers' => $headers, 'body' => $body, 'preview' => $preview] = $told['send'];

            return new Step\Send(new Request($url, $headers, $body, $preview));
        }

        if (isset($told['swap'])) {
            return new Step\Swap($told['swap']['version'], new Secret($told['swap']['bytes']));
        }

        return match (true) {
            isset($told['wait']) => new Step\Wait($told['wait']),
            isset($told['load']) => new Step\Load(),
            default => new Step\Done($told['done']),
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

    /** @return list<Violation> 参数里值得看一眼的地方 · what someone should look at in the params */
    public function warnings(): array
    {
        return array_map(Violation::of(...), $this->native->warnings());
    }
}
