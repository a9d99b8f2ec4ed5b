<?php

declare(strict_types=1);

namespace Nnopen\Native;

/** @internal */
final class Session
{
    public function __construct(private readonly Handle $handle)
    {
    }

    public static function open(#[\SensitiveParameter] array $config): array
    {
        $text = static fn (string $name): string => (string) ($config[$name] ?? '');
        $yes = static fn (string $name): string => ($config[$name] ?? false) === true ? '1' : '';

        $optional = static fn (string $name): string => isset($config[$name]) ? "={$config[$name]}" : '';

        return Handle::of(
            self::class,
            'open',
            $text('environment'),
            $optional('service_url'),
            $optional('token_url'),
            ...array_map($text, ['app_key', 'app_secret', 'tax_num']),
            ...[$yes('service_provider'), $optional('permanent_token'), $yes('shared')],
        );
    }

    public function start(string $mode, string $method, mixed $params): array
    {
        return Handle::of(Call::class, 'start', $this->handle->number, $mode, $method, Library::params($params));
    }

    public function startText(string $mode, string $method, string $params): array
    {
        return Handle::of(Call::class, 'start_text', $this->handle->number, $mode, $method, $params);
    }

    public function startRaw(string $method, string $body): array
    {
        return Handle::of(Call::class, 'start_raw', $this->handle->number, $method, $body);
    }

    public function resume(string $snapshot): array
    {
        return Handle::of(Call::class, 'resume', $this->handle->number, $snapshot);
    }

    public function signIn(#[\SensitiveParameter] array $grant): array
    {
        $part = static fn (string $name): string => (string) ($grant[$name] ?? '');
        $parts = array_map($part, ['grant', 'code', 'tax_num', 'redirect_uri']);

        return Handle::of(Call::class, 'sign_in', $this->handle->number, ...$parts);
    }

    public function follow(string $method, array $rules): array
    {
        $parts = array_map(static fn (string $name) => (string) $rules[$name], ['by', 'rate', 'slowest', 'give_up', 'with']);

        return Handle::of(Batch::class, 'follow', $this->handle->number, $method, ...$parts);
    }

    public function snapshot(): array
    {
        return Library::one('snapshot', $this->handle->number);
    }

    public function restore(#[\SensitiveParameter] string $snapshot): array
    {
        return Library::one('restore', $this->handle->number, $snapshot);
    }

    public function revision(): int
    {
        return (int) (Library::one('revision', $this->handle->number)['ok'] ?? 0);
    }

    public function storeKey(): string
    {
        return (string) (Library::one('store_key', $this->handle->number)['ok'] ?? '');
    }

    public function warnings(): string
    {
        return (string) (Library::one('warnings', $this->handle->number)['ok'] ?? '[]');
    }

    public function authorizeUrl(string $page, string $state): array
    {
        return Library::one('authorize_url', $this->handle->number, $page, $state);
    }

    public function readReturn(#[\SensitiveParameter] string $url, string $state): array
    {
        return Library::one('read_return', $this->handle->number, $url, $state);
    }
}
