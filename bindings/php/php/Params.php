<?php

declare(strict_types=1);

namespace Nnopen;

/**
 * 参数里的对象变成数组与文本 · Objects among params become arrays and texts.
 *
 * The core takes arrays, strings, integers, booleans and null; floats it refuses by their path.
 *
 * @internal
 */
final class Params
{
    private const DEEPEST = 64;

    /**
     * 只有数组、文本、整数、布尔与 null · Whether there is nothing but what JSON has a form for.
     *
     * An array that contains itself is too deep, as the first way down shows.
     *
     * @param array<array-key, mixed> $params
     */
    public static function simple(array $params, int $depth = 0): bool
    {
        foreach ($params as $item) {
            // Fully qualified, these are instructions and no calls.
            if (\is_string($item)) {
                continue;
            }
            $fits = \is_array($item)
                ? $depth < self::DEEPEST && self::simple($item, $depth + 1)
                : $item === null || \is_int($item) || \is_bool($item);
            if (!$fits) {
                return false;
            }
        }

        return true;
    }

    /** @param array<array-key, true> $above which references and objects hold this value */
    public static function plain(mixed $value, array $above = [], int $depth = 0): mixed
    {
        if (is_array($value)) {
            // A new array: writing into this one could write through a reference into the caller's.
            $plain = [];
            foreach ($value as $name => $item) {
                if ($depth < self::DEEPEST && (is_array($item) || is_object($item))) {
                    $id = is_object($item)
                        ? spl_object_id($item)
                        : \ReflectionReference::fromArrayElement($value, $name)?->getId();
                    $item = isset($id, $above[$id])
                        ? new Cycle()
                        : self::plain($item, isset($id) ? $above + [$id => true] : $above, $depth + 1);
                }
                $plain[$name] = $item;
            }

            return $plain;
        }

        return match (true) {
            $value instanceof \BackedEnum => $value->value,
            $value instanceof \stdClass => (array) $value === [] ? $value : self::plain((array) $value, $above, $depth + 1),
            $value instanceof \Stringable => (string) $value,
            default => $value,
        };
    }
}
