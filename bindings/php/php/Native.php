<?php

declare(strict_types=1);

namespace Nnopen;

/** @internal 核心的门：扩展，没有就用 FFI · The door to the core, the extension or FFI: values and exceptions come of it. */
final class Native
{
    public static function need(): void
    {
        $why = Native\Library::missing();
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
            Native\Library::built() => 'extension',
            Native\Library::missing() === null => 'ffi',
            default => null,
        };
    }

    /** 回答；失败则抛出 · An answer: nothing, a text, texts, something held, a step; a failure is thrown. */
    public static function ok(#[\SensitiveParameter] mixed $told): mixed
    {
        if (\is_array($told) && $told[0] === 'failure') {
            throw Failure::of(self::json($told[1]))->exception();
        }

        return $told;
    }

    /** 核心里新的会话、调用或批次 · The new session, call or batch of an answer. */
    public static function held(#[\SensitiveParameter] mixed $told): Native\Held|Native\Handle
    {
        $held = self::ok($told);

        return \is_string($held) ? new Native\Handle($held) : $held;
    }

    /** What the core itself wrote. */
    public static function json(#[\SensitiveParameter] string $text): mixed
    {
        return json_decode($text, true, 1024, JSON_THROW_ON_ERROR);
    }
}
