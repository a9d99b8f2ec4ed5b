<?php

declare(strict_types=1);

namespace Nnopen\Legacy;

/**
 * 共用令牌的记录（docs/token-store.md）：自用应用怎样取令牌；PHP 7.2 起 · The record of a shared token, for self-use.
 *
 * No clock and no network here: a record and a time go in, what to do or a new record comes out. The core does the same;
 * the vectors for stores hold both to it. Times are milliseconds. PHP 7.2 or later.
 *
 * @internal
 */
final class TokenRecord
{
    /** A token is replaced so long before its end. */
    const SOON = 300000;
    const LEASE = 90000;
    /** A lease that is over by our clock is watched so long; one that is over by SKEW is dead. */
    const OVERDUE = 10000;
    const SKEW = 600000;
    const DAY = 86400000;
    const HOUR = 3600000;
    /** 30 days, and a quarter of an hour for clocks that differ. */
    const WINDOW = 2592000000;
    const SLACK = 900000;
    const QUOTA = 50;
    const REPAIRS_AN_HOUR = 3;
    const NO_TOKEN = ['access' => null, 'refresh' => null, 'userId' => null, 'taxNum' => null, 'expiresAt' => null];

    public static function key(string $environment, string $appKey, string $taxNum): string
    {
        return sha1("{$environment}\n{$appKey}\n{$taxNum}");
    }

    /**
     * 读记录；不是自己的、读不懂的一概不动 · Reads a record; what is another's or can't be read is left alone.
     *
     * @return array<string, mixed>
     */
    public static function read(string $text, string $environment, string $appKey, string $taxNum): array
    {
        $whose = ['version' => 1, 'environment' => $environment, 'appKey' => $appKey, 'taxNum' => $taxNum];
        if ($text === '') {
            return $whose + ['token' => null, 'again' => null, 'fetched' => [], 'pause' => null, 'fence' => 0, 'lease' => null];
        }
        $record = json_decode($text, true);
        $whole = is_array($record) && self::isOf($record, $whose)
            && is_array(self::member($record, 'fetched', [])) && is_int(self::member($record, 'fence', null))
            && in_array(self::member($record, 'again', null), [null, 'first', 'second'], true);
        foreach ($whole ? ['token', 'pause', 'lease'] : [] as $name) {
            $value = self::member($record, $name, null);
            $whole = $whole && ($value === null || is_array($value));
        }
        $lease = $whole ? self::member($record, 'lease', null) : null;
        $whole = $whole && ($lease === null || isset($lease['holder'], $lease['since'], $lease['until']));
        $whole = $whole && array_filter($record['fetched'], 'is_int') === $record['fetched'];
        if (!$whole) {
            throw new \RuntimeException('the record of the shared token can not be read, or is another application\'s: it is left alone');
        }

        return $record + ['token' => null, 'again' => null, 'pause' => null, 'lease' => null];
    }

    /** @param array<string, mixed> $record */
    public static function text(array $record): string
    {
        return (string) json_encode($record, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
    }

    /**
     * 现在该做什么 · What to do now: `['use', token, its end]`, `['wait', until]`, `['pause', pause]`, `['quota', until]`
     * or `['fetch']`.
     *
     * @param array<string, mixed> $record
     * @param int                  $seen   何时首次看到现在的租约 · when this process saw the lease first
     *
     * @return array{string, mixed, mixed}
     */
    public static function next(array $record, int $now, int $seen): array
    {
        $token = self::usable($record, $now);
        $end = $token === null ? null : self::member($token, 'expiresAt', null);
        $use = ['use', $token === null ? null : $token['access'], $end];
        if ($token !== null && $record['again'] === null && ($end === null || $now < $end - self::SOON)) {
            return $use;
        }
        // What there is serves to its end while no other can be had.
        $else = static function (string $what, $more) use ($token, $use) {
            return $token === null ? [$what, $more, null] : $use;
        };
        $lease = $record['lease'];
        if ($lease !== null) {
            $over = $now - $lease['until'];
            $dies = $seen + ($over >= self::SKEW ? 0 : ($over >= 0 ? self::OVERDUE : self::LEASE));
            if ($now < $dies) {
                return $else('wait', $dies);
            }
        }
        if ($record['pause'] !== null && $now < (int) self::member($record['pause'], 'until', 0)) {
            return $else('pause', $record['pause']);
        }
        $until = self::quota($record, $now);

        return $until === null ? ['fetch', null, null] : $else('quota', $until);
    }

    /**
     * 取之前写下：账本、租约；也说明取的人一去不回时剩什么 · What is put down before the request leaves.
     *
     * @param array<string, mixed> $record
     *
     * @return array<string, mixed>
     */
    public static function claimed(array $record, int $now, string $holder): array
    {
        $fetched = array_values(array_filter($record['fetched'], static function ($at) use ($now) {
            return $now - $at < 2 * self::WINDOW;
        }));
        sort($fetched);
        $last = $fetched === [] ? $now : (int) end($fetched);
        $entry = $last - $now < self::DAY ? max($now, $last) : $now;
        while (in_array($entry, $fetched, true)) {
            ++$entry;
        }
        $fetched[] = $entry;
        sort($fetched);
        $lease = ['holder' => $holder, 'since' => $entry, 'until' => $now + self::LEASE];

        return array_merge($record, [
            'token' => $record['token'] === null ? self::NO_TOKEN : $record['token'],
            'again' => 'first', 'fetched' => $fetched, 'pause' => null, 'fence' => $record['fence'] + 1, 'lease' => $lease,
        ]);
    }

    /**
     * 取到了 · A token came.
     *
     * @param array<string, mixed> $claimed
     * @param array<string, mixed> $answer
     *
     * @return array<string, mixed>
     */
    public static function granted(array $claimed, array $answer, int $now): array
    {
        $lasts = self::member($answer, 'expires_in', null);
        $lasts = is_numeric($lasts) && $lasts > 0 && $lasts <= 3650 * 86400 ? (int) $lasts : null;
        $token = ['access' => (string) $answer['access_token'], 'expiresAt' => $lasts === null ? null : $now + $lasts * 1000];

        return ['token' => array_merge(self::NO_TOKEN, $token), 'again' => null, 'lease' => null] + $claimed;
    }

    /**
     * 被拒绝：大家都停十分钟 · It was refused: a pause for everybody.
     *
     * @param array<string, mixed> $claimed
     * @param array<string, mixed> $answer
     *
     * @return array<string, mixed>
     */
    public static function denied(array $claimed, array $answer, int $now): array
    {
        $code = self::member($answer, 'error', self::member($answer, 'code', null));
        $code = is_scalar($code) ? (string) $code : null;
        $describe = self::member($answer, 'error_description', self::member($answer, 'describe', ''));
        $until = $now + ($code === '070306' ? self::DAY : self::SKEW);
        $pause = ['until' => $until, 'kind' => 'auth', 'code' => $code, 'describe' => is_scalar($describe) ? (string) $describe : ''];

        // One that is good to its end is kept.
        return ['token' => self::usable($claimed, $now), 'again' => null, 'pause' => $pause, 'lease' => null] + $claimed;
    }

    /**
     * 应答丢了：可能已经算数 · No answer: it may have counted.
     *
     * @param array<string, mixed> $claimed
     *
     * @return array<string, mixed>
     */
    public static function lost(array $claimed, int $now): array
    {
        $pause = ['until' => $now + 60000, 'kind' => 'auth', 'code' => null, 'describe' => 'the answer to a token request was lost'];

        return ['pause' => $pause, 'lease' => null] + $claimed;
    }

    /**
     * 确实没有发出：如同没有取过 · It surely did not leave: all is as before.
     *
     * @param array<string, mixed> $before
     * @param array<string, mixed> $claimed
     *
     * @return array<string, mixed>
     */
    public static function unsent(array $before, array $claimed, int $now): array
    {
        $entry = $claimed['lease']['since'];
        $fetched = array_values(array_filter($claimed['fetched'], static function ($at) use ($entry) {
            return $at !== $entry;
        }));
        $describe = 'the token request could not be sent';
        $pause = ['until' => $now + 60000, 'kind' => 'transport', 'code' => null, 'describe' => $describe];
        $pause = self::usable($before, $now) === null ? null : $pause;
        // What a dead holder left is no more a lease.
        $left = ['fetched' => $fetched, 'pause' => $pause, 'lease' => null, 'token' => $before['token'], 'again' => $before['again']];

        return $left + $claimed;
    }

    /**
     * 平台不认这个令牌 · The service refused the token; null if it is another one than the record's.
     *
     * @param array<string, mixed> $record
     *
     * @return array<string, mixed>|null
     */
    public static function rejected(array $record, string $access): ?array
    {
        $held = $record['token'] === null ? null : self::member($record['token'], 'access', null);

        return $held === $access ? ['token' => self::NO_TOKEN, 'again' => 'first'] + $record : null;
    }

    private static function isOf(array $record, array $whose): bool
    {
        foreach ($whose as $name => $value) {
            if (self::member($record, $name, null) !== $value) {
                return false;
            }
        }

        return true;
    }

    /** When the quota, or what must be left of it for the days to come, takes one more call; null if now. */
    private static function quota(array $record, int $now): ?int
    {
        $window = self::WINDOW + self::SLACK;
        $recent = self::recent($record['fetched'], $now, $window);
        if (count($recent) >= self::QUOTA) {
            return $recent[count($recent) - self::QUOTA] + $window;
        }
        if ($record['again'] === null) {
            return null;
        }
        $hour = self::recent($record['fetched'], $now, self::HOUR);
        if (count($hour) >= self::REPAIRS_AN_HOUR) {
            return $hour[count($hour) - self::REPAIRS_AN_HOUR] + self::HOUR;
        }
        $left = $recent === [] ? self::WINDOW : $recent[0] + self::WINDOW - $now;
        $days = intdiv(min(max($left, 0), self::WINDOW) + self::DAY - 1, self::DAY);
        $spare = self::QUOTA - count($recent) - 1 - $days;

        return $spare >= 0 ? null : min($now - $spare * self::DAY, $recent === [] ? $now : $recent[0] + $window);
    }

    /** @return list<int> calls of the last `$window`, those of the future too */
    private static function recent(array $fetched, int $now, int $window): array
    {
        sort($fetched);

        return array_values(array_filter($fetched, static function ($at) use ($now, $window) {
            return $now - $at < $window;
        }));
    }

    /** @return array<string, mixed>|null */
    private static function usable(array $record, int $now): ?array
    {
        $token = $record['token'];
        $access = $token === null ? null : self::member($token, 'access', null);
        $end = $token === null ? null : self::member($token, 'expiresAt', null);

        return is_string($access) && $access !== '' && ($end === null || $now < $end) ? $token : null;
    }

    /** @return mixed */
    private static function member(array $array, string $name, $else)
    {
        return array_key_exists($name, $array) && $array[$name] !== null ? $array[$name] : $else;
    }
}
