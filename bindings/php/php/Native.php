<?php

declare(strict_types=1);

namespace Nnopen;

/** @internal 核心的门：扩展，没有就用 FFI · The door to the core, the extension or FFI: values and exceptions come of it. */
final class Native
{
    public static function need(): void
    {
        $why = self::missing();
        if ($why !== null) {
            throw (new Failure(
                Kind::Usage,
                null,
                "the core is not there: the PHP extension nnopen is not loaded, and {$why}",
                '需要安装扩展：把 nnopen.so 放进 extension_dir，并在 php.ini 写 extension=nnopen；或允许 FFI 并用 NNOPEN_LIBRARY 指出 libnnopen_c.so（见 README）',
                'Install the extension: nnopen.so into extension_dir, extension=nnopen into php.ini; or allow FFI and name libnnopen_c.so by NNOPEN_LIBRARY (see README)',
            ))->exception();
        }
    }

    /** extension 扩展，ffi，都没有则为 null · By which door the core is reached; null if by none. */
    public static function door(): ?string
    {
        return match (true) {
            extension_loaded('nnopen') => 'extension',
            Native\Library::missing() === null => 'ffi',
            default => null,
        };
    }

    /** @param array<string, mixed> $told */
    public static function ok(#[\SensitiveParameter] array $told): mixed
    {
        if (isset($told['failure'])) {
            throw Failure::of(self::json($told['failure']))->exception();
        }

        return $told['ok'];
    }

    /** What the core itself wrote. */
    public static function json(#[\SensitiveParameter] string $text): mixed
    {
        return json_decode($text, true, 1024, JSON_THROW_ON_ERROR);
    }

    private static function missing(): ?string
    {
        return extension_loaded('nnopen') ? null : Native\Library::missing();
    }
}
