<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use Nnopen\Legacy\TokenRecord;

/** Plays what of a conversation is about tokens, and the requests that are sent, by the code that needs no core. */
final class LegacyPlayer
{
    /** @var array<string, mixed> */
    private array $record;
    /** @var array{int, string} */
    private array $store = [0, ''];
    /** @var array<string, mixed>|null what was swapped in before the request, and what stood there before that */
    private ?array $claimed = null;
    private array $before = [];
    /** The record after the answer, where there is a store: still to be swapped in. */
    private ?array $outcome = null;
    private ?string $holder = null;
    private int $seen = 0;
    private array $whose;

    public function play(Exact $vector): int
    {
        $session = $vector->get('sessions')?->items()[0] ?? $vector->get('session');
        $config = Player::config($session);
        $environment = $config->serviceUrl ?? $config->environment;
        $this->whose = [$environment, $config->appKey, $config->taxNum];
        $this->record = TokenRecord::read('', ...$this->whose);
        $store = $vector->get('store');
        if ($store !== null) {
            $record = $store->get('record');
            $this->store = [$store->number('version') ?? 0, $record?->kind === 'text' ? $record->value : (string) $record];
        }
        $snapshot = $vector->get('snapshot');
        if ($snapshot !== null) {
            $kept = json_decode((string) $snapshot, true, 64, JSON_THROW_ON_ERROR);
            $this->record = array_intersect_key($kept, ['token' => 1, 'again' => 1, 'fetched' => 1, 'pause' => 1]) + $this->record;
        }
        $compared = 0;
        foreach ($vector->get('script')->items() as $at => $line) {
            try {
                $compared += $this->line($line, $line->number('now') ?? 0, $at, $session, $config);
            } catch (Mismatch $mismatch) {
                throw new Mismatch("line {$at}: {$mismatch->getMessage()}");
            }
        }

        return $compared;
    }

    private function line(Exact $line, int $now, int $at, Exact $session, \Nnopen\Config $config): int
    {
        $step = $line->get('step');
        if ($line->get('loaded') !== null) {
            try {
                $this->record = TokenRecord::read($this->store[1], ...$this->whose);
            } catch (\RuntimeException) {
                $this->record = [];
            }
            $lease = $this->record['lease']['holder'] ?? null;
            [$this->holder, $this->seen] = $lease === $this->holder ? [$this->holder, $this->seen] : [$lease, $now];
        } elseif ($line->get('swapped') !== null) {
            $this->store = [$this->store[0] + 1, TokenRecord::text($this->outcome ?? $this->claimed)];
            [$this->record, $this->outcome] = [$this->outcome ?? $this->claimed, null];
        } elseif ($line->get('receive') !== null) {
            if ($this->claimed !== null) {
                $this->answered($line->get('receive'), $now);
            }
        } elseif ($line->get('fail') !== null) {
            $this->ended($line->said('fail') === 'not_sent'
                ? TokenRecord::unsent($this->before, $this->claimed, $now)
                : TokenRecord::lost($this->claimed, $now));
        } elseif ($line->get('snapshot') !== null || $line->get('store') !== null) {
            $theirs = $line->get('snapshot') ?? $line->get('store')->get('record');

            return $this->same($theirs, $this->record);
        } elseif ($step?->get('swap') !== null) {
            if ($this->outcome === null) {
                $this->claim($now, bin2hex(str_repeat(chr($at + 1), 16)));
            }

            return $this->same($step->get('swap')->get('record'), $this->outcome ?? $this->claimed);
        } elseif ($step?->get('send') !== null) {
            return $this->sent($step->get('send'), $now, $at, $session, $config);
        } elseif ($step?->get('error') !== null) {
            return $this->refused($step->get('error'), $now);
        } elseif ($step?->get('wait') !== null) {
            Mismatch::unlessSame('what is to be done', 'wait', TokenRecord::next($this->record, $now, $this->seen)[0]);

            return 1;
        }

        return 0;
    }

    private function claim(int $now, string $holder): void
    {
        Mismatch::unlessSame('what is to be done', 'fetch', TokenRecord::next($this->record, $now, $this->seen)[0]);
        $this->before = $this->record;
        $this->claimed = TokenRecord::claimed($this->record, $now, $holder);
    }

    private function answered(Exact $answer, int $now): void
    {
        $told = json_decode((string) $answer->get('body'), true);
        $this->ended(isset($told['access_token'])
            ? TokenRecord::granted($this->claimed, $told, $now)
            : TokenRecord::denied($this->claimed, $told, $now));
    }

    private function ended(array $outcome): void
    {
        $this->outcome = $outcome;
        $this->record = $outcome;
        $this->claimed = null;
    }

    private function sent(Exact $send, int $now, int $at, Exact $session, \Nnopen\Config $config): int
    {
        $headers = array_map(static fn (Exact $pair) => $pair->items()[0]->token() . ': ' . $pair->items()[1]->token(), $send->get('headers')->items());
        $secret = $session->said('app_secret');
        if (count($headers) === 1) {
            $this->claimed === null && $this->claim($now, 'x');
            $form = ['client_id' => $config->appKey, 'client_secret' => $secret, 'grant_type' => 'client_credentials'];
            Mismatch::unlessSame('the token request', $send->said('body'), \Utils::form($form));
            Mismatch::unlessSame('its header', $headers[0], \Api::FORM);
            Mismatch::unlessSame('where it goes', $send->said('url'), $config->tokenUrl ?? \Api::$AUTH_URL);

            return 1;
        }
        [$what, $token] = TokenRecord::next($this->record, $now, $this->seen);
        Mismatch::unlessSame('what is to be done', 'use', $what);
        [$url, $query] = explode('?', $send->said('url'));
        parse_str($query, $stamp);
        $entropy = str_repeat(chr($at + 1), 20);
        Mismatch::unlessSame('the query', $query, \Utils::form([
            'senid' => bin2hex(substr($entropy, 0, 16)),
            'nonce' => 10_000_000 + unpack('N', $entropy, 16)[1] % 90_000_000,
            'timestamp' => intdiv($now, 1000),
            'appkey' => $config->appKey,
        ]));
        $sign = \Utils::makeSign(parse_url($url, PHP_URL_PATH), $secret, $config->appKey, $stamp['senid'], $stamp['nonce'], $send->said('body'), $stamp['timestamp']);
        $method = substr(end($headers), strlen('method: '));
        $ours = \Utils::headers($sign, $token, $config->taxNum, $method);
        Mismatch::unlessSame('the headers', implode("\n", $headers), str_replace('userTax;', 'userTax: ', implode("\n", $ours)));

        return 1;
    }

    /** A pause, the quota, or a record that is not ours: when trying again can help. */
    private function refused(Exact $expected, int $now): int
    {
        if ($expected->said('kind') === 'input') {
            Mismatch::unlessSame('the record', 'not read', $this->record === [] ? 'not read' : 'read');

            return 1;
        }
        if ($expected->said('kind') === 'transport') {
            // It did not leave: the next one may fetch at once.
            Mismatch::unlessSame('what is to be done', 'fetch', TokenRecord::next($this->record, $now, $this->seen)[0]);

            return 1;
        }
        [$what, $told] = TokenRecord::next($this->record, $now, $this->seen);
        $at = is_array($told) ? $told['until'] : $told;
        Mismatch::unlessSame('retry_at', (string) $expected->get('retry_at'), (string) $at);
        $code = $what === 'pause' ? $told['code'] : '070306';
        Mismatch::unlessSame('the code', $expected->get('code')?->token(), $code);

        return 1;
    }

    /** Everything that stands in `$expected` must be in `$ours`. */
    private function same(Exact $expected, array $ours): int
    {
        $compared = 0;
        foreach ($expected->members() as [$name, $theirs]) {
            $mine = json_encode($ours[$name] ?? null, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
            if ($theirs->kind === 'object' && is_array($ours[$name] ?? null)) {
                $compared += $this->same($theirs, $ours[$name]);
            } elseif ($theirs->kind === 'object' && array_filter($theirs->members(), static fn (array $member) => $member[1]->kind !== 'null') === []) {
                ++$compared;
            } else {
                Mismatch::unlessSame($name, (string) $theirs, $mine);
                ++$compared;
            }
        }

        return $compared;
    }
}
