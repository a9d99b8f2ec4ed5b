<?php

declare(strict_types=1);

namespace Nnopen\Tests;

/** A JSON value that keeps each number's text, the members' order and repeated names; no code of the package. */
final class Exact
{
    /** @param list<array{string, self}>|list<self>|string|bool|null $value */
    private function __construct(public readonly string $kind, public readonly array|string|bool|null $value)
    {
    }

    public static function parse(string $text): self
    {
        $at = 0;
        $value = self::value($text, $at);
        self::blank($text, $at);
        if ($at !== strlen($text)) {
            throw new \RuntimeException("something stands after the JSON at {$at}");
        }

        return $value;
    }

    public static function text(string $text): self
    {
        return new self('text', $text);
    }

    public static function null(): self
    {
        return new self('null', null);
    }

    public function get(string $name): ?self
    {
        foreach ($this->members() as [$member, $value]) {
            if ($member === $name) {
                return $value;
            }
        }

        return null;
    }

    /** @return list<array{string, self}> */
    public function members(): array
    {
        return $this->kind === 'object' ? $this->value : [];
    }

    /** @return list<self> */
    public function items(): array
    {
        return $this->kind === 'list' ? $this->value : [];
    }

    /** A text's text, a number's token. */
    public function token(): ?string
    {
        return $this->kind === 'text' || $this->kind === 'number' ? $this->value : null;
    }

    /** The text of a member, empty if there is none. */
    public function said(string $name): string
    {
        return $this->get($name)?->token() ?? '';
    }

    public function number(string $name): ?int
    {
        $token = $this->get($name)?->token();

        return $token === null ? null : (int) $token;
    }

    public function same(self $other): bool
    {
        return (string) $this === (string) $other;
    }

    public function __toString(): string
    {
        $quoted = static fn (string $text) => json_encode(
            $text,
            JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_LINE_TERMINATORS | JSON_THROW_ON_ERROR,
        );

        return match ($this->kind) {
            'text' => $quoted($this->value),
            'number' => $this->value,
            'bool' => $this->value ? 'true' : 'false',
            'null' => 'null',
            'list' => '[' . implode(',', array_map('strval', $this->value)) . ']',
            default => '{' . implode(',', array_map(
                static fn (array $member) => $quoted($member[0]) . ':' . $member[1],
                $this->value,
            )) . '}',
        };
    }

    /** As PHP's own values, where they can hold it exactly. */
    public function php(): mixed
    {
        switch ($this->kind) {
            case 'number':
                if ((string) (int) $this->value !== $this->value) {
                    throw new \RangeException("{$this->value} is no integer of PHP");
                }

                return (int) $this->value;
            case 'list':
                return array_map(static fn (self $item) => $item->php(), $this->value);
            case 'object':
                $array = [];
                foreach ($this->value as [$name, $value]) {
                    if (array_key_exists($name, $array)) {
                        throw new \RangeException("{$name} is repeated");
                    }
                    $array[$name] = $value->php();
                }
                if ($array !== [] && array_is_list($array)) {
                    throw new \RangeException('an array would be a list');
                }

                return $array === [] ? new \stdClass() : $array;
            default:
                return $this->value;
        }
    }

    private static function blank(string $text, int &$at): void
    {
        $at += strspn($text, " \t\r\n", $at);
    }

    private static function value(string $text, int &$at): self
    {
        self::blank($text, $at);
        switch ($text[$at] ?? '') {
            case '{':
                return new self('object', self::parts($text, $at, '}', static function () use ($text, &$at): array {
                    $name = self::string($text, $at);
                    self::blank($text, $at);
                    self::take($text, $at, ':');

                    return [$name, self::value($text, $at)];
                }));
            case '[':
                return new self('list', self::parts($text, $at, ']', static function () use ($text, &$at): self {
                    return self::value($text, $at);
                }));
            case '"':
                return new self('text', self::string($text, $at));
        }
        if (preg_match('/\G(?:true|false|null)/A', $text, $match, 0, $at) === 1) {
            $at += strlen($match[0]);

            return $match[0] === 'null' ? self::null() : new self('bool', $match[0] === 'true');
        }
        if (preg_match('/\G-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/A', $text, $match, 0, $at) === 1) {
            $at += strlen($match[0]);

            return new self('number', $match[0]);
        }
        throw new \RuntimeException("no JSON at {$at}");
    }

    /** @return list<mixed> */
    private static function parts(string $text, int &$at, string $end, \Closure $part): array
    {
        $parts = [];
        ++$at;
        self::blank($text, $at);
        while (($text[$at] ?? '') !== $end) {
            if ($parts !== []) {
                self::take($text, $at, ',');
                self::blank($text, $at);
            }
            $parts[] = $part();
            self::blank($text, $at);
        }
        ++$at;

        return $parts;
    }

    private static function string(string $text, int &$at): string
    {
        if (preg_match('/\G"(?:[^"\\\\]++|\\\\.)*+"/As', $text, $match, 0, $at) !== 1) {
            throw new \RuntimeException("no text at {$at}");
        }
        $at += strlen($match[0]);

        return json_decode($match[0], false, 2, JSON_THROW_ON_ERROR);
    }

    private static function take(string $text, int &$at, string $char): void
    {
        if (($text[$at] ?? '') !== $char) {
            throw new \RuntimeException("{$char} must stand at {$at}");
        }
        ++$at;
    }
}
