<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use Nnopen\Clock;
use Nnopen\Config;

/** `nnopen simulate`, from the environment's NNOPEN_BIN; its clock runs on when a client sleeps. */
final class Simulator implements Clock
{
    public const SECRET = 'SD00000000000001';

    /** @var resource */
    private $process;
    public readonly string $url;
    private int $ahead = 0;

    /** @param list<string> $options */
    public function __construct(array $options = [])
    {
        $binary = getenv('NNOPEN_BIN');
        if ($binary === false || !is_executable($binary)) {
            throw new \RuntimeException('NNOPEN_BIN must name the program nnopen');
        }
        $pipes = [];
        $process = proc_open(
            [$binary, 'simulate', '--port', '0', ...$options],
            [['file', '/dev/null', 'r'], ['pipe', 'w'], ['file', '/dev/null', 'w']],
            $pipes,
        );
        $this->process = is_resource($process) ? $process : throw new \RuntimeException("{$binary} did not start");
        $this->url = trim((string) fgets($pipes[1]));
    }

    public function __destruct()
    {
        proc_terminate($this->process);
        proc_close($this->process);
    }

    public function config(string $secret = self::SECRET): Config
    {
        return new Config(
            'SD00000001',
            $secret,
            '339901999999142',
            '',
            serviceUrl: "{$this->url}/open/v1/services",
            tokenUrl: "{$this->url}/accessToken",
        );
    }

    public function now(): int
    {
        return (int) floor(microtime(true) * 1000) + $this->ahead;
    }

    public function sleep(int $millis): void
    {
        $this->ahead += $millis;
        $this->admin('clock', ['advance' => $millis]);
    }

    /** @param array<string, mixed>|null $what */
    public function admin(string $path, ?array $what = null): mixed
    {
        $handle = curl_init("{$this->url}/_simulator/{$path}");
        curl_setopt_array($handle, [CURLOPT_RETURNTRANSFER => true, CURLOPT_CAINFO => null]);
        if ($what !== null) {
            curl_setopt($handle, CURLOPT_POSTFIELDS, json_encode($what, JSON_THROW_ON_ERROR));
        }

        return json_decode((string) curl_exec($handle), true, 64, JSON_THROW_ON_ERROR);
    }

    public function lose(string $method): void
    {
        $this->admin('faults', ['fault' => 'lost_after', 'method' => $method]);
    }

    /** How many invoices an order number has. */
    public function invoices(string $orderNo): int
    {
        $rows = array_filter($this->admin('orders'), static fn (array $row) => $row['orderNo'] === $orderNo);

        return array_sum(array_map(static fn (array $row) => count($row['invoices']), $rows));
    }

    /** How many requests came for the token, or for a method. */
    public function count(string $what): int
    {
        $said = json_encode($this->admin('requests'), JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);

        return count(array_filter(
            json_decode($said, true, 64, JSON_THROW_ON_ERROR),
            static fn (array $request) => str_contains(json_encode($request, JSON_UNESCAPED_SLASHES), $what),
        ));
    }
}
