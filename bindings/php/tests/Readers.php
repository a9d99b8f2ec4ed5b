<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use Nnopen\Config;
use Nnopen\Core;
use Nnopen\NnopenException;
use Nnopen\Order;
use Nnopen\Push;
use Nnopen\Session;
use Nnopen\Step;

/** Plays the vectors of what has no conversation: signatures, checks, answers. */
final class Readers
{
    public static function sign(Exact $vector): void
    {
        $parts = self::parts($vector);
        $signed = Core::sign(...$parts);
        Mismatch::unlessSame('canonical', self::whole($vector->get('canonical')), $signed['canonical']);
        Mismatch::unlessSame('signature', self::whole($vector->get('signature')), $signed['signature']);
    }

    /** By Api.php, without the core. */
    public static function signInPhp(Exact $vector): void
    {
        [$secret, $path, $key, $senid, $nonce, $timestamp, $body] = self::parts($vector);
        $text = \Utils::textToSign($path, $key, $senid, $nonce, $body, $timestamp);
        Mismatch::unlessSame('canonical', self::whole($vector->get('canonical')), $text);
        $signature = \Utils::makeSign($path, $secret, $key, $senid, $nonce, $body, $timestamp);
        Mismatch::unlessSame('signature', self::whole($vector->get('signature')), $signature);
    }

    /** @return list<string> */
    private static function parts(Exact $vector): array
    {
        $text = static fn (string $name): string => self::whole($vector->get($name) ?? Exact::text(''));
        $path = $vector->get('path');
        $path = $path?->kind === 'list'
            ? implode('', array_map(static fn (Exact $piece) => '/' . self::whole($piece), $path->items()))
            : $text('path');

        return [$text('app_secret'), $path, $text('app_key'), $text('senid'), $text('nonce'), $text('timestamp'), $text('body')];
    }

    public static function amounts(Exact $vector): void
    {
        $cases = $vector->get('cases')?->items() ?? [];
        $cases !== [] || throw new Mismatch('there are no cases');
        foreach ($cases as $case) {
            try {
                $ours = self::json(array_values(Order::amounts(self::line($case->get('line')))));
            } catch (NnopenException $refused) {
                $errors = array_filter($refused->failure()->violations, static fn ($row) => $row->isError);
                $ours = self::json(array_values(array_map(static fn ($row) => $row->path, $errors))[0] ?? '');
            }
            $theirs = $case->get('amounts') ?? $case->get('fault') ?? throw new Mismatch('nothing is expected');
            Mismatch::unlessSame("the amounts of {$case->get('line')}", (string) $theirs, $ours);
        }
    }

    public static function documents(Exact $vector): void
    {
        $theirs = $vector->get('documents') ?? throw new Mismatch('nothing is expected');
        $ours = array_map(static fn ($document) => (array) $document, Core::documents(self::line($vector->get('invoice'))));
        Mismatch::unlessSame('documents', (string) $theirs, self::json($ours));
    }

    /** A line as PHP writes it: whole numbers are integers, decimals are texts. @return array<string, mixed> */
    private static function line(Exact $line): array
    {
        $values = [];
        foreach ($line->members() as [$name, $value]) {
            $whole = $value->kind === 'number' && (string) (int) $value->value === $value->value;
            $values[$name] = $whole ? (int) $value->value : $value->value;
        }

        return $values;
    }

    public static function check(Exact $vector, bool $codes = false): void
    {
        $params = $vector->get('params') ?? Exact::null();
        $told = $params->kind === 'text' || $params->get('times') !== null;
        $text = $told ? self::whole($params) : (string) $params;
        $found = Core::check($vector->said('method'), $text);
        if (!$told) {
            // The same through PHP's own values, where they can hold the params.
            try {
                $arrays = Core::check($vector->said('method'), (array) $params->php());
                Mismatch::unlessSame('what arrays tell', serialize($found), serialize($arrays));
            } catch (\RangeException) {
            }
        }
        $expected = $vector->get('violations');
        if ($expected !== null) {
            $theirs = array_map(
                static fn (Exact $row) => "{$row->said('severity')} {$row->said('rule')} at {$row->said('path')}"
                    . ($codes ? " {$row->said('code')}" : ''),
                $expected->items(),
            );
            $ours = array_map(
                static fn ($row) => ($row->isError ? 'error' : 'warning') . " {$row->rule} at {$row->path}"
                    . ($codes ? " {$row->code}" : ''),
                $found,
            );
            sort($theirs);
            sort($ours);
            Mismatch::unlessSame('violations', implode("\n", $theirs), implode("\n", $ours));
        }
        $ok = $vector->get('ok');
        if ($ok !== null) {
            $errors = array_filter($found, static fn ($row) => $row->isError);
            Mismatch::unlessSame('ok', (string) $ok, $errors === [] ? 'true' : 'false');
        }
        if ($ok === null && $expected === null) {
            throw new Mismatch('nothing is expected');
        }
    }

    public static function reply(Exact $vector): void
    {
        $body = $vector->get('body') ?? Exact::text('');
        $body = $body->kind === 'text' ? $body->value : (string) $body;
        $status = $vector->number('status') ?? 200;
        $ours = match ($vector->said('method')) {
            'accessToken' => self::token($vector, $status, $body),
            'authorize' => self::authorize($vector, $body),
            default => self::answer($vector->said('method'), $status, $body),
        };
        self::compare($vector, $ours);
    }

    public static function push(Exact $vector): void
    {
        $hex = $vector->get('body_hex')?->token();
        $body = $vector->get('body') ?? Exact::text('');
        $body = $hex !== null ? hex2bin($hex) : ($body->kind === 'text' ? $body->value : (string) $body);
        self::compare($vector, self::pushed($vector->said('content_type'), $body));
    }

    /** @param array<string, string> $ours */
    private static function compare(Exact $vector, array $ours): void
    {
        $expect = $vector->get('expect') ?? throw new Mismatch('nothing is expected');
        foreach ($expect->members() as [$name, $theirs]) {
            if ($name === 'without') {
                foreach ($theirs->items() as $secret) {
                    if (str_contains(implode(' ', $ours), $secret->value)) {
                        throw new Mismatch("{$secret} stands in the outcome");
                    }
                }
            } else {
                Mismatch::unlessSame($name, (string) $theirs, $ours[$name] ?? throw new Mismatch("{$name} is not told"));
            }
        }
    }

    /** @return array<string, string> each as JSON text */
    private static function answer(string $method, int $status, string $body): array
    {
        $answer = Core::read($method, $status, $body);

        return [
            'ok' => self::json($answer->ok()),
            'kind' => self::json($answer->failure?->kind->value),
            'code' => self::json($answer->code),
            // As in the other players: of an answer that can't be read at all, nothing is told.
            'describe' => self::json($answer->code === null ? null : $answer->describe),
            'result' => (string) Exact::parse($answer->json),
        ];
    }

    /** @return array<string, string> */
    private static function token(Exact $vector, int $status, string $body): array
    {
        $now = 1_700_000_000_000;
        $session = self::session($vector);
        try {
            $call = $session->signInWith('C1-secret', '339901999999142', 'https://example.com');
            $call->step($now, str_repeat("\1", 20));
            $call->receive($status, $body, $now);
            $step = $call->step($now, str_repeat("\2", 20));
            assert($step instanceof Step\Done);
        } catch (NnopenException $error) {
            return self::refused($error);
        }
        // The token itself stays in the session: its snapshot tells it.
        $held = Exact::parse($session->snapshot()->expose())->get('token');
        $end = $held->get('expiresAt')?->token();

        return ['ok' => 'true', 'kind' => 'null', 'code' => 'null', 'result' => '{' . implode(',', [
            '"access":' . $held->get('access'),
            '"refresh":' . ($held->get('refresh') ?? 'null'),
            '"userId":' . ($held->get('userId') ?? 'null'),
            '"taxNum":' . ($held->get('taxNum') ?? 'null'),
            '"expiresIn":' . ($end === null ? 'null' : intdiv((int) $end - $now, 1000)),
        ]) . '}'];
    }

    /** @return array<string, string> */
    private static function authorize(Exact $vector, string $url): array
    {
        try {
            $returned = self::session($vector)->readReturn($url, $vector->said('state'));
        } catch (NnopenException $error) {
            return self::refused($error) + ['stateless' => 'false'];
        }
        $matched = $returned['stateMatched'];

        return [
            'ok' => self::json($matched),
            'kind' => $matched ? 'null' : '"auth"',
            'result' => '{"code":' . self::json($returned['code']->expose()) . ',"taxNum":' . self::json($returned['taxNum']) . '}',
            'stateless' => self::json(!$matched),
        ];
    }

    /** @return array<string, string> */
    private static function pushed(string $contentType, string $body): array
    {
        try {
            $push = Push::read($body, $contentType);
        } catch (NnopenException $error) {
            return array_diff_key(self::refused($error), ['result' => '']);
        }
        $confirm = $push->confirmMethod === null ? 'null' : '{"method":' . self::json($push->confirmMethod)
            . ',"params":' . Exact::parse($push->confirmParams) . '}';

        return [
            'ok' => 'true',
            'operater' => self::json($push->operater),
            'known' => self::json($push->known),
            'orderNo' => self::json($push->orderNo),
            'serialNo' => self::json($push->serialNo),
            'billNo' => self::json($push->billNo),
            'status' => self::json($push->status),
            'statusCode' => self::json($push->statusCode),
            'content' => (string) Exact::parse($push->contentJson),
            'raw' => (string) Exact::parse($push->rawJson),
            'confirm' => $confirm,
        ];
    }

    /** @return array<string, string> */
    private static function refused(NnopenException $error): array
    {
        $failure = $error->failure();

        return [
            'ok' => 'false',
            'kind' => self::json($failure->kind->value),
            'code' => self::json($failure->code),
            'describe' => self::json($failure->describe),
            'result' => 'null',
        ];
    }

    private static function session(Exact $vector): Session
    {
        $secret = $vector->get('app_secret')?->token() ?? 'SD00000000000001';

        return new Session(new Config('SD00000001', $secret, '339901999999142', 'sandbox', true));
    }

    private static function json(mixed $value): string
    {
        return json_encode($value, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
    }

    /** A text, or one that is told as prefix, a part repeated, and suffix. */
    private static function whole(Exact $json): string
    {
        return $json->token()
            ?? $json->said('prefix') . str_repeat($json->said('repeat'), $json->number('times') ?? 0) . $json->said('suffix');
    }
}
