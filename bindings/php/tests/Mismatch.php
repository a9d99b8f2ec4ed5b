<?php

declare(strict_types=1);

namespace Nnopen\Tests;

/** Something is not as the vector says. */
final class Mismatch extends \Exception
{
    public static function unlessSame(string $what, ?string $theirs, ?string $ours): void
    {
        if ($theirs !== $ours) {
            throw new self("{$what} must be\n  " . ($theirs ?? 'absent') . "\nis\n  " . ($ours ?? 'absent'));
        }
    }
}
