<?php

declare(strict_types=1);

namespace Nnopen\Tests;

/** How another process of PHP comes to the core: as this one does. */
final class Door
{
    /** @return list<string> */
    public static function options(): array
    {
        return match (\Nnopen\Native::door()) {
            'extension' => ['-d', 'extension=' . getenv('NNOPEN_EXTENSION')],
            // The library's path is inherited in NNOPEN_LIBRARY.
            'ffi' => ['-d', 'ffi.enable=1'],
            default => throw new \RuntimeException('the core is not there'),
        };
    }
}
