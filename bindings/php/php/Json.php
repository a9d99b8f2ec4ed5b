<?php

declare(strict_types=1);

namespace Nnopen;

/**
 * 结果的读法 · How results are read.
 *
 * PHP's json_decode makes 0.00 of `0.0` and 2.0190801120207972E+19 of a long number. Here every number stays the text
 * that came: all numbers in results are strings.
 *
 * @internal
 */
final class Json
{
    private const NUMBERS = '/"(?:[^"\\\\]++|\\\\.)*+"(*SKIP)(*FAIL)|-?[0-9][-+.0-9eE]*+/s';

    public static function read(string $text): mixed
    {
        $quoted = preg_replace(self::NUMBERS, '"$0"', $text);
        if ($quoted === null) {
            throw (new Failure(Kind::Usage, null, 'pcre: ' . preg_last_error_msg()))->exception();
        }

        return json_decode($quoted, true, 1024, JSON_THROW_ON_ERROR);
    }
}
