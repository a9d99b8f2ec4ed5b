<?php

declare(strict_types=1);

namespace Nnopen\Native;

/** @internal */
final class Call
{
    use Driven;

    public function warnings(): string
    {
        return (string) (Library::one('warnings', $this->handle->number)['ok'] ?? '[]');
    }
}
