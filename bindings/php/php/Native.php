<?php

declare(strict_types=1);

namespace Nnopen;

/** @internal 扩展的门 · The door to the extension: what it tells becomes a value or an exception. */
final class Native
{
    public static function need(): void
    {
        if (!extension_loaded('nnopen')) {
            throw (new Failure(
                Kind::Usage,
                null,
                'the PHP extension nnopen is not loaded',
                '需要安装扩展：把 nnopen.so 放进 extension_dir，并在 php.ini 写 extension=nnopen（见 README）',
                'Install the extension: put nnopen.so into extension_dir and extension=nnopen into php.ini (see README)',
            ))->exception();
        }
    }

    /** @param array<string, mixed> $told */
    public static function ok(#[\SensitiveParameter] array $told): mixed
    {
        if (isset($told['failure'])) {
            throw Failure::of($told['failure'])->exception();
        }

        return $told['ok'];
    }
}
