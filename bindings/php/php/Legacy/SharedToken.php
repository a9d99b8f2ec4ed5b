<?php

declare(strict_types=1);

namespace Nnopen\Legacy;

/**
 * 自用应用的共用令牌，不需要扩展；PHP 7.2 起 · The shared token of a self-use application, without the core.
 *
 * One process fetches, the others wait for it; what it put down counts for every language that uses the same folder.
 *
 * @internal
 */
final class SharedToken
{
    /** @var TokenFile */
    private $file;
    /** @var array{string, string, string} environment, app key, tax number */
    private $whose;
    /** @var string */
    private $key;

    public function __construct(TokenFile $file, string $environment, string $appKey, string $taxNum)
    {
        $this->file = $file;
        $this->whose = [$environment, $appKey, $taxNum];
        $this->key = TokenRecord::key($environment, $appKey, $taxNum);
    }

    /**
     * 令牌与到期时间（毫秒；不知道则为 null）· The token and when it ends; or what the platform answered instead.
     *
     * @param callable(): array{int, string} $fetch   发出取令牌的请求 · sends the token request; throws Unanswered
     * @param int                            $patience 最多等别的进程几秒 · seconds to wait for another process
     *
     * @return array{token: string|null, end: int|null, answer: string|null} `answer` 是这次的原始应答 · the answer, if it was fetched now
     */
    public function get(callable $fetch, int $patience): array
    {
        $begun = self::now();
        $seen = $begun;
        $holder = null;
        while (true) {
            list($version, $record) = $this->load();
            $now = self::now();
            $lease = $record['lease'] === null ? null : $record['lease']['holder'];
            if ($lease !== $holder) {
                list($holder, $seen) = [$lease, $now];
            }
            list($what, $told, $end) = TokenRecord::next($record, $now, $seen);
            if ($what === 'use') {
                return ['token' => $told, 'end' => $end, 'answer' => null];
            }
            if ($what === 'pause') {
                $answer = ['error' => $told['code'], 'error_description' => $told['describe']];
                if ($told['code'] === null) {
                    throw new Unanswered((string) $told['describe'], true);
                }

                return ['token' => null, 'end' => null, 'answer' => TokenRecord::text($answer)];
            }
            if ($what === 'quota') {
                $when = date('Y-m-d H:i:s', intdiv($told, 1000));
                throw new Unanswered("取令牌的次数已用完（30 天 50 次），{$when} 之后才能再取", true);
            }
            if ($what === 'fetch') {
                $claimed = TokenRecord::claimed($record, $now, bin2hex(random_bytes(16)));
                if ($this->file->swap($this->key, $version, TokenRecord::text($claimed))) {
                    return $this->fetch($fetch, $version + 1, $record, $claimed);
                }
                continue;
            }
            if ($now - $begun > $patience * 1000) {
                throw new Unanswered('另一个进程正在取令牌，还没有结果', true);
            }
            usleep(100000);
        }
    }

    /** 平台不认这个令牌：去掉它，下一次取新的 · The service refused the token: it is not answered again. */
    public function reject(string $access): void
    {
        for ($tries = 0; $tries < 10; ++$tries) {
            list($version, $record) = $this->load();
            $rejected = TokenRecord::rejected($record, $access);
            if ($rejected === null || $this->file->swap($this->key, $version, TokenRecord::text($rejected))) {
                return;
            }
        }
    }

    /** @return array{token: string|null, end: int|null, answer: string} */
    private function fetch(callable $fetch, int $version, array $before, array $claimed): array
    {
        try {
            list($status, $answer) = $fetch();
        } catch (Unanswered $lost) {
            $now = self::now();
            $this->keep($version, $lost->notSent ? TokenRecord::unsent($before, $claimed, $now) : TokenRecord::lost($claimed, $now));
            throw $lost;
        }
        $now = self::now();
        $told = json_decode($answer, true);
        if (is_array($told) && isset($told['access_token']) && is_string($told['access_token']) && $told['access_token'] !== '') {
            $record = TokenRecord::granted($claimed, $told, $now);
            $this->keep($version, $record);

            return ['token' => $record['token']['access'], 'end' => $record['token']['expiresAt'], 'answer' => $answer];
        }
        $denied = is_array($told) && ($status < 500 || isset($told['error']) || isset($told['code']));
        $this->keep($version, $denied ? TokenRecord::denied($claimed, $told, $now) : TokenRecord::lost($claimed, $now));

        return ['token' => null, 'end' => null, 'answer' => $answer];
    }

    /** What can't be put down is told all the same: a lease that stays ends by itself. */
    private function keep(int $version, array $record): void
    {
        try {
            $this->file->swap($this->key, $version, TokenRecord::text($record));
        } catch (\RuntimeException $broken) {
        }
    }

    /** @return array{int, array<string, mixed>} */
    private function load(): array
    {
        list($version, $text) = $this->file->load($this->key);
        list($environment, $appKey, $taxNum) = $this->whose;

        return [$version, TokenRecord::read($text, $environment, $appKey, $taxNum)];
    }

    private static function now(): int
    {
        return (int) floor(microtime(true) * 1000);
    }
}
