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
    use Driven;

    /** @return list<Violation> 参数里值得看一眼的地方 · what someone should look at in the params */
    public function warnings(): array
    {
        return array_map(Violation::of(...), Native::json((string) Native::ok($this->held->ask('warnings'))));
    }
}
