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
