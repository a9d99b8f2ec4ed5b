<?php

declare(strict_types=1);

namespace Nnopen\Native;

/** @internal */
final class Core
{
    public static function check(string $method, mixed $params): array
    {
        return Library::one('check', $method, Library::params($params));
    }

    public static function checkText(string $method, string $params): array
    {
        return Library::one('check_text', $method, $params);
    }

    public static function read(string $method, int $status, #[\SensitiveParameter] string $body): array
    {
        return Library::one('read', $method, (string) $status, $body);
    }

    public static function readPush(string $kind, string $body): array
    {
        return Library::one('read_push', $kind, $body);
    }

    public static function acceptPush(): string
    {
        return (string) (Library::one('push_accepted')['ok'] ?? '');
    }

    public static function refusePush(string $reason): string
    {
        return (string) (Library::one('push_refused', $reason)['ok'] ?? '');
    }

    public static function documents(mixed $invoice): array
    {
        return Library::one('documents', Library::params($invoice));
    }

    public static function explain(string $code): string
    {
        return (string) (Library::one('explain', $code)['ok'] ?? '[]');
    }

    public static function sign(#[\SensitiveParameter] array $parts): array
    {
        $names = ['secret', 'path', 'app_key', 'senid', 'nonce', 'timestamp', 'body'];

        return self::all('sign', ...array_map(static fn (string $name) => (string) ($parts[$name] ?? ''), $names));
    }

    public static function amounts(mixed $line): array
    {
        return self::all('amounts', Library::params($line));
    }

    public static function totals(mixed $order): array
    {
        return self::all('totals', Library::params($order));
    }

    public static function fill(mixed $order): array
    {
        return Library::one('fill', Library::params($order));
    }

    public static function split(mixed $order, string $limit): array
    {
        return Library::one('split', Library::params($order), $limit);
    }

    public static function red(mixed $blue, string $number, string $date, string $reason): array
    {
        return Library::one('red', Library::params($blue), $number, $date, $reason);
    }

    public static function methods(): array
    {
        return array_slice(Library::ask('methods'), 1);
    }

    private static function all(#[\SensitiveParameter] string ...$question): array
    {
        $told = Library::ask(...$question);

        return $told[0] === 'ok' ? ['ok' => array_slice($told, 1)] : ['failure' => $told[1]];
    }
}
