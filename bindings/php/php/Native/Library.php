<?php

declare(strict_types=1);

namespace Nnopen\Native;

use Nnopen\Params;

/**
 * C 库：扩展里的，没有就是由 FFI 装入的 libnnopen_c · The C library: that of the extension, else the one that FFI loads.
 *
 * One function, by which the core is asked everything.
 *
 * @internal
 */
final class Library
{
    private const HEADER = <<<'C'
        unsigned char *nnopen_ask(const char *question, size_t length, size_t *answer_length);
        void nnopen_free(unsigned char *answer, size_t length);
        C;

    private static ?bool $built = null;

    /** Where the library tells how long its answer is. */
    private static ?\FFI\CData $length = null;

    private static \FFI|string|null $library = null;

    /** 扩展在不在 · Whether the extension is loaded. */
    public static function built(): bool
    {
        return self::$built ??= \function_exists(__NAMESPACE__ . '\\ask');
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

    /**
     * 一个词和它的参数 · A word and its arguments.
     *
     * The answer: null, a text, several texts, something held (over FFI its number), which is also the step `send`; the other
     * steps and a failure are lists that begin with a word. Nothing throws here but what a program's own objects throw when they are made texts.
     *
     * @param string|int|bool|array<array-key, mixed>|Held|Handle ...$parts an array is params
     */
    public static function ask(#[\SensitiveParameter] mixed ...$parts): mixed
    {
        if (self::$built ?? self::built()) {
            $told = ask($parts, false);

            return $told === false ? self::plain(...$parts) : $told;
        }
        $question = '';
        foreach ($parts as $part) {
            $text = match (true) {
                \is_string($part) => $part,
                \is_array($part) => self::params($part),
                $part instanceof Handle => $part->number,
                default => (string) $part,
            };
            $question .= \pack('J', \strlen($text)) . $text;
        }
        $bytes = self::answer($question);
        $told = [];
        for ($at = 0, $end = \strlen($bytes); $at < $end; $at += 8 + $size) {
            $size = \unpack('J', $bytes, $at)[1];
            $told[] = \substr($bytes, $at + 8, $size);
        }

        return match ($told[0] ?? null) {
            'ok' => \count($told) > 2 ? \array_slice($told, 1) : $told[1] ?? null,
            'send' => new Sent(...\array_slice($told, 1)),
            'done' => ['done', new Result($told[1])],
            // No answer at all is a fault of the core's own.
            null => ['failure', ''],
            default => $told,
        };
    }

    /**
     * 扩展看不懂的对象先变成数组与文本 · The same by the extension, where params hold what only PHP can make a text of.
     *
     * @param string|int|bool|array<array-key, mixed>|Held ...$parts
     */
    public static function plain(#[\SensitiveParameter] mixed ...$parts): mixed
    {
        return ask(\array_map(static fn ($part) => \is_array($part) ? Params::plain($part) : $part, $parts), true);
    }

    /** By FFI: a question's answer, as bytes. */
    public static function answer(#[\SensitiveParameter] string $question): string
    {
        $library = self::$library;
        if (!$library instanceof \FFI) {
            throw new \LogicException('the library is not loaded');
        }
        self::$length ??= $library->new('size_t');
        $answer = $library->nnopen_ask($question, \strlen($question), \FFI::addr(self::$length));
        $length = self::$length->cdata;
        $bytes = \FFI::string($answer, $length);
        $library->nnopen_free($answer, $length);

        return $bytes;
    }

    private const JSON = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_LINE_TERMINATORS | JSON_THROW_ON_ERROR;

    /**
     * Params as JSON; a mark stands for what has none, and a zero byte before it all tells that there may be marks.
     *
     * @param array<array-key, mixed> $params
     */
    private static function params(array $params): string
    {
        if ($params !== [] && Params::simple($params)) {
            try {
                return json_encode($params, self::JSON);
            } catch (\JsonException) {
                // A text that is not UTF-8: it gets its mark.
            }
        }
        $plain = Params::plain($params);

        return "\0" . json_encode($plain === [] ? new \stdClass() : self::marked($plain, 0), self::JSON);
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
