<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use Nnopen\Batch;
use Nnopen\Call;
use Nnopen\Config;
use Nnopen\NnopenException;
use Nnopen\Request;
use Nnopen\Secret;
use Nnopen\Session;
use Nnopen\Step;

/** Plays a conversation, comparing it step by step. */
final class Player
{
    /** @var list<Session> */
    private array $sessions;

    /** What the sessions share: version and bytes. @var array{int, string} */
    private array $store = [0, ''];

    /** The swap that each call has asked for. @var array<int, Step\Swap> */
    private array $swapping = [];

    /** @var list<Call<mixed>|null> */
    private array $calls;

    /** @param bool $arrays whether params cross as arrays of PHP, or as JSON text */
    public function __construct(private readonly bool $arrays)
    {
    }

    /** @throws Mismatch */
    public function play(Exact $vector): void
    {
        $expected = $vector->get('start_error');
        try {
            $sessions = $vector->get('sessions')?->items() ?? [$vector->get('session')];
            $this->sessions = array_map(self::open(...), $sessions);
            if ($vector->get('snapshot') !== null) {
                $this->sessions[0]->restore(new Secret((string) $vector->get('snapshot')));
            }
            $this->calls = array_map($this->start(...), $vector->get('calls')?->items() ?? []);
        } catch (NnopenException $error) {
            if ($expected === null) {
                throw new Mismatch("could not be begun: {$error->getMessage()}");
            }
            self::sameError($expected, $error);

            return;
        }
        if ($expected !== null) {
            throw new Mismatch("begun, though {$expected} must come");
        }
        $script = $vector->get('script')?->items() ?? [];
        if ($script === []) {
            throw new Mismatch('the script is empty');
        }
        $store = $vector->get('store');
        if ($store !== null) {
            $record = $store->get('record');
            $this->store = [$store->number('version') ?? 0, $record?->kind === 'text' ? $record->value : (string) $record];
        }
        foreach ($script as $at => $line) {
            try {
                $this->line($at, $line);
            } catch (Mismatch $mismatch) {
                throw new Mismatch("line {$at}: {$mismatch->getMessage()}");
            }
        }
    }

    private static function open(Exact $session): Session
    {
        return new Session(self::config($session), (string) $session->get('shared') === 'true');
    }

    public static function config(Exact $session): Config
    {
        return new Config(
            $session->said('app_key'),
            $session->said('app_secret'),
            $session->said('tax_num'),
            $session->said('environment'),
            $session->said('role') === 'service_provider',
            $session->get('permanent_token')?->token(),
            $session->get('service_url')?->token(),
            $session->get('token_url')?->token(),
        );
    }

    /** @return Call<mixed> */
    private function start(Exact $call): Call
    {
        $session = $this->sessions[$call->number('session') ?? 0] ?? throw new Mismatch('there is no such session');
        [$word, $method] = $call->members()[0] ?? ['', Exact::null()];
        $name = $method->token() ?? '';
        $modes = ['call' => 'call', 'poll' => 'poll', 'settle' => 'settle', 'resume' => 'settle_again'];
        if (isset($modes[$word])) {
            return $session->start($modes[$word], $name, $this->params($call->get('params') ?? Exact::null()));
        }
        if ($word === 'raw') {
            return $session->raw($name, $call->said('body'));
        }
        $given = $method->get('authorization_code');
        if ($given !== null) {
            return $session->signInWith($given->said('code'), $given->said('tax_num'), $given->said('redirect_uri'));
        }

        return $name === 'refresh' ? $session->refresh() : $session->signIn();
    }

    private function params(Exact $params): array|string
    {
        // Params that no JSON value can be (a repeated member, half a surrogate pair) are told as text.
        if ($params->kind === 'text') {
            return $params->value;
        }
        if ($this->arrays && $params->kind !== 'null') {
            try {
                return (array) $params->php();
            } catch (\RangeException) {
                // PHP has no such value: as text.
            }
        }

        return (string) $params;
    }

    private function line(int $at, Exact $line): void
    {
        $expected = $line->get('snapshot');
        if ($expected !== null) {
            $session = $this->sessions[$line->number('session') ?? 0] ?? throw new Mismatch('there is no such session');
            self::sameMembers($expected, Exact::parse($session->snapshot()->expose()), 'snapshot');

            return;
        }
        $expected = $line->get('store');
        if ($expected !== null) {
            Mismatch::unlessSame('the version', (string) $expected->get('version'), (string) $this->store[0]);
            self::sameMembers($expected->get('record') ?? Exact::null(), Exact::parse($this->store[1]), 'store');

            return;
        }
        $index = $line->number('call') ?? 0;
        if (!array_key_exists($index, $this->calls)) {
            throw new Mismatch('there is no such call');
        }
        $now = $line->number('now') ?? throw new Mismatch('the line has no now');
        if ($line->get('drop') !== null) {
            $this->calls[$index] = null;

            return;
        }
        $call = $this->calls[$index] ?? throw new Mismatch('the call was dropped');
        $expected = $line->get('step');
        if ($expected !== null) {
            try {
                $this->sameStep($expected, $call->step($now, self::entropy($line, $at)), $index);
            } catch (NnopenException $error) {
                self::sameError(self::only($expected, 'error', $error->getMessage()), $error);
            }

            return;
        }
        $expected = $line->get('error');
        try {
            $this->tell($call, $line, $now, $index);
        } catch (NnopenException $error) {
            self::sameError($expected ?? throw new Mismatch("{$error->getMessage()} came"), $error);

            return;
        }
        if ($expected !== null) {
            throw new Mismatch("{$expected} must come, nothing came");
        }
    }

    /** @param Call<mixed> $call */
    private function tell(Call $call, Exact $line, int $now, int $index): void
    {
        if ($line->get('loaded') !== null) {
            $call->loaded($this->store[0], $this->store[1], $now);

            return;
        }
        if ($line->get('load_failed') !== null) {
            $call->storeFailed('no answer', $now);

            return;
        }
        $swapped = $line->get('swapped');
        if ($swapped !== null) {
            if ($swapped->kind === 'bool') {
                Mismatch::unlessSame('what the store says', (string) $swapped, $this->swap($index) ? 'true' : 'false');
                $call->swapped($swapped->value, $now);
            } else {
                $swapped->value === 'lost_after' && $this->swap($index);
                unset($this->swapping[$index]);
                $call->storeFailed('no answer', $now);
            }

            return;
        }
        self::answer($call, $line, $now);
    }

    /** An answer, or that there is none. */
    public static function answer(Call|Batch $driven, Exact $line, int $now): void
    {
        $answer = $line->get('receive');
        if ($answer !== null) {
            $body = $answer->get('body');
            $text = $body === null ? '' : ($body->kind === 'text' ? $body->value : (string) $body);
            $driven->receive($answer->number('status') ?? throw new Mismatch('the answer has no status'), $text, $now);

            return;
        }
        match ($line->said('fail')) {
            'not_sent' => $driven->fail(true, 'no answer', $now),
            'maybe_sent' => $driven->fail(false, 'no answer', $now),
            default => throw new Mismatch('the line says nothing'),
        };
    }

    private function swap(int $index): bool
    {
        $swap = $this->swapping[$index] ?? throw new Mismatch('no swap was asked for');
        unset($this->swapping[$index]);
        if ($swap->version !== $this->store[0]) {
            return false;
        }
        $this->store = [$swap->version + 1, $swap->bytes->expose()];

        return true;
    }

    /** The stamp of line `at` is twenty bytes of `at + 1`, unless the line says otherwise. */
    public static function entropy(Exact $line, int $at): string
    {
        $hex = $line->get('entropy')?->token();

        return $hex === null ? str_repeat(chr($at % 255 + 1), 20) : hex2bin($hex);
    }

    public static function only(Exact $expected, string $word, string $came): Exact
    {
        $members = $expected->members();
        if (count($members) !== 1 || $members[0][0] !== $word) {
            throw new Mismatch("{$expected} must come, {$came} came");
        }

        return $members[0][1];
    }

    private function sameStep(Exact $expected, Step $step, int $index): void
    {
        if ($step instanceof Step\Load) {
            self::only($expected, 'load', 'a load');
        } elseif ($step instanceof Step\Swap) {
            $theirs = self::only($expected, 'swap', 'a swap');
            Mismatch::unlessSame('the version', (string) $theirs->get('version'), (string) $step->version);
            $this->swapping[$index] = $step;
            self::sameMembers($theirs->get('record') ?? Exact::null(), Exact::parse($step->bytes->expose()), 'swap');
        } elseif ($step instanceof Step\Wait) {
            Mismatch::unlessSame('wait', self::only($expected, 'wait', 'a wait')->token(), (string) $step->until);
        } elseif ($step instanceof Step\Done) {
            $theirs = self::only($expected, 'done', $step->json);
            Mismatch::unlessSame('done', (string) $theirs, (string) Exact::parse($step->json));
            Mismatch::unlessSame('the result', serialize(self::plain($theirs)), serialize($step->result()));
        } else {
            assert($step instanceof Step\Send);
            self::sameRequest(self::only($expected, 'send', 'a send'), $step->request);
        }
    }

    public static function sameRequest(Exact $expected, Request $request): void
    {
        $headers = [];
        foreach ($request->headers() as $name => $value) {
            $headers[] = [$name, $value];
        }
        if (count($expected->members()) !== 3) {
            throw new Mismatch('a send must tell url, headers and body');
        }
        Mismatch::unlessSame('url', $expected->get('url')?->token(), $request->url);
        Mismatch::unlessSame('body', $expected->get('body')?->token(), $request->body());
        $ours = json_encode($headers, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR);
        Mismatch::unlessSame('headers', (string) $expected->get('headers'), $ours);
    }

    /** What a result must be in PHP: numbers are strings. */
    public static function plain(Exact $json): mixed
    {
        return match ($json->kind) {
            'list' => array_map(self::plain(...), $json->value),
            'object' => array_combine(array_column($json->value, 0), array_map(self::plain(...), array_column($json->value, 1))),
            default => $json->value,
        };
    }

    public static function sameError(Exact $expected, NnopenException $error): void
    {
        $failure = $error->failure();
        Mismatch::unlessSame('the kind', $expected->said('kind'), $failure->kind->value);
        if ($expected->get('code') !== null) {
            Mismatch::unlessSame('the code', $expected->get('code')->token(), $failure->code);
        }
        if ($expected->get('describe') !== null) {
            Mismatch::unlessSame('describe', $expected->get('describe')->token(), $failure->describe);
        }
        if ($expected->get('retry_at') !== null) {
            $ours = $failure->retryAt === null ? null : (string) $failure->retryAt;
            Mismatch::unlessSame('retry_at', $expected->get('retry_at')->token(), $ours);
        }
        if ($expected->get('paths') !== null) {
            $theirs = array_map(static fn (Exact $path) => $path->token(), $expected->get('paths')->items());
            $errors = array_filter($failure->violations, static fn ($violation) => $violation->isError);
            $ours = array_map(static fn ($violation) => $violation->path, array_values($errors));
            Mismatch::unlessSame('the paths', implode(' ', $theirs), implode(' ', $ours));
        }
        foreach ($expected->get('without')?->items() ?? [] as $secret) {
            $texts = "{$error}" . var_export($failure, true);
            if (str_contains($texts, $secret->value)) {
                throw new Mismatch("{$secret} stands in the error");
            }
        }
    }

    /** Everything that stands in `expected` must be in `ours`. */
    public static function sameMembers(Exact $expected, Exact $ours, string $path): void
    {
        if ($expected->kind !== 'object') {
            Mismatch::unlessSame($path, (string) $expected, (string) $ours);

            return;
        }
        foreach ($expected->members() as [$name, $value]) {
            self::sameMembers($value, $ours->get($name) ?? throw new Mismatch("{$path}.{$name} is missing"), "{$path}.{$name}");
        }
    }
}
