<?php

declare(strict_types=1);

namespace Nnopen\Native;

use Nnopen\Params;

/**
 * C 库：扩展里的，没有就是由 FFI 装入的 libnnopen_c · The C library: that of the extension, else the one that FFI loads.
 *
 * One function, bytes in and bytes out; the classes in this folder are laid over it.
 *
 * @internal
 */
final class Library
{
    private const HEADER = <<<'C'
        unsigned char *nnopen_ask(const char *question, size_t length, size_t *answer_length);
        void nnopen_free(unsigned char *answer, size_t length);
        C;

    private static \FFI|string|null $library = null;

    /** 扩展在不在 · Whether the extension is loaded. */
    public static function built(): bool
    {
        return function_exists(__NAMESPACE__ . '\\question');
    }

    /** 为什么用不了；能用则为 null · Why it can't be used; null if it can. */
    public static function missing(): ?string
    {
        if (self::built()) {
            return null;
        }
        self::$library ??= self::load();

        return is_string(self::$library) ? self::$library : null;
    }

    /** @return array{ok: string|null}|array{failure: string} */
    public static function one(#[\SensitiveParameter] string ...$parts): array
    {
        [$word, $value] = self::ask(...$parts) + [1 => null];

        return $word === 'ok' ? ['ok' => $value] : ['failure' => (string) $value];
    }

    /** The same, of a yes or no. @return array{ok: bool}|array{failure: string} */
    public static function yes(string ...$parts): array
    {
        $told = self::one(...$parts);

        return isset($told['ok']) ? ['ok' => $told['ok'] === '1'] : $told;
    }

    /**
     * A word and its arguments; the answer is a word and what it tells.
     *
     * @return list<string>
     */
    public static function ask(#[\SensitiveParameter] string ...$parts): array
    {
        $question = '';
        foreach ($parts as $part) {
            $question .= pack('J', strlen($part)) . $part;
        }
        $bytes = self::answer($question);
        $told = [];
        for ($at = 0, $end = strlen($bytes); $at < $end; $at += 8 + $size) {
            $size = unpack('J', $bytes, $at)[1];
            $told[] = substr($bytes, $at + 8, $size);
        }

        return $told;
    }

    /** A question's answer, as bytes. */
    public static function answer(#[\SensitiveParameter] string $question): string
    {
        if (self::built()) {
            return question($question);
        }
        $library = self::$library;
        if (!$library instanceof \FFI) {
            throw new \LogicException('the library is not loaded');
        }
        $length = $library->new('size_t');
        $answer = $library->nnopen_ask($question, strlen($question), \FFI::addr($length));
        $bytes = \FFI::string($answer, $length->cdata);
        $library->nnopen_free($answer, $length->cdata);

        return $bytes;
    }

    /** What was called, driven to a step. @return array<string, mixed> */
    public static function step(#[\SensitiveParameter] string ...$parts): array
    {
        $told = self::ask(...$parts);
        switch ($told[0]) {
            case 'send':
                return ['send' => ['head' => $told[1], 'body' => $told[3], 'preview' => $told[2]]];
            case 'wait':
                return ['wait' => (int) $told[1]];
            case 'swap':
                return ['swap' => ['version' => (int) $told[1], 'bytes' => $told[2]]];
            default:
                return [$told[0] => $told[1] ?? true];
        }
    }

    private const JSON = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_LINE_TERMINATORS | JSON_THROW_ON_ERROR;

    /** Params as JSON in which a mark stands for what has none. */
    public static function params(mixed $params): string
    {
        if (is_array($params) && $params !== [] && Params::simple($params)) {
            try {
                return json_encode($params, self::JSON);
            } catch (\JsonException) {
                // A text that is not UTF-8: it gets its mark.
            }
        }
        $plain = Params::plain($params);

        return json_encode($plain === [] ? new \stdClass() : self::marked($plain, 0), self::JSON);
    }

    private static function marked(mixed $value, int $depth): mixed
    {
        if (is_array($value)) {
            $marked = [];
            // Deeper than this the core has said no already.
            foreach ($depth > 100 ? [] : $value as $name => $item) {
                if (is_string($name) && preg_match('//u', $name) !== 1) {
                    $marked["\u{fffd}"] = self::mark('member whose name is not UTF-8');
                } else {
                    $marked[$name] = self::marked($item, $depth + 1);
                }
            }

            return $marked;
        }

        return match (true) {
            is_string($value) => preg_match('//u', $value) === 1 ? $value : self::mark('string that is not UTF-8'),
            is_float($value) => self::mark('float'),
            $value === null, is_int($value), is_bool($value), $value instanceof \stdClass => $value,
            $value instanceof \Nnopen\Cycle => self::mark('array that contains itself'),
            is_object($value) => self::mark('object'),
            default => self::mark('resource'),
        };
    }

    /** @return array<string, string> */
    private static function mark(string $what): array
    {
        return ["\0" => $what];
    }

    private static function load(): \FFI|string
    {
        if (!extension_loaded('ffi')) {
            return 'PHP has no FFI';
        }
        try {
            // Preloaded by the administrator: allowed with ffi.enable=preload too.
            return \FFI::scope('NNOPEN');
        } catch (\Throwable) {
        }
        $named = getenv('NNOPEN_LIBRARY');
        $name = PHP_OS_FAMILY === 'Darwin' ? 'libnnopen_c.dylib' : 'libnnopen_c.so';
        $file = $named !== false && $named !== '' ? $named : dirname(__DIR__, 2) . "/lib/{$name}";
        if (!is_file($file)) {
            return "there is no {$file}";
        }
        try {
            return \FFI::cdef(self::HEADER, $file);
        } catch (\Throwable $refused) {
            return "FFI says: {$refused->getMessage()}";
        }
    }
}
