<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use PHPUnit\Framework\TestCase;

/** The two doors to the core, the extension and FFI, and no door at all. */
final class DoorTest extends TestCase
{
    public function testBothDoorsGiveTheSameAnswers(): void
    {
        $extension = self::face(['-d', 'extension=' . getenv('NNOPEN_EXTENSION')]);
        $ffi = self::face(['-d', 'ffi.enable=1']);
        self::assertSame(['extension', 'ffi'], [$extension['door'], $ffi['door']]);
        self::assertSame([array_fill(0, 2, 'failure'), array_fill(0, 6, 'failure')], [$extension['lies'], $ffi['lies']]);
        unset($extension['door'], $ffi['door'], $extension['lies'], $ffi['lies']);
        foreach ($ffi['odd'] as $name => $told) {
            self::assertSame($told, $extension['odd'][$name], $name);
        }
        self::assertSame($extension, $ffi);
        self::assertContains('nuonuo.OpeMplatform.queryInvoiceResult', $ffi['methods']);
        self::assertSame([serialize('5'), true, '5', '5', false], $ffi['read'][5]);
        self::assertSame(array_fill(0, 4, 'failure'), array_column($ffi['answers'], 0));
    }

    public function testFatalErrorsLeaveNothingBehind(): void
    {
        is_readable('/proc/self/status') || self::markTestSkipped('needs /proc');
        $pipes = [];
        $command = [PHP_BINARY, ...Door::options(), '-S', '127.0.0.1:0', __DIR__ . '/programs/fatal.php'];
        $server = proc_open($command, [1 => ['file', '/dev/null', 'w'], 2 => ['pipe', 'w']], $pipes);
        try {
            preg_match('~http://[0-9.:]+~', (string) fgets($pipes[2]), $url);
            $context = stream_context_create(['http' => ['ignore_errors' => true]]);
            $memory = static fn () => (int) file_get_contents("{$url[0]}/?how", false, $context);
            for ($at = 0; $at < 61; ++$at) {
                file_get_contents("{$url[0]}/", false, $context);
                self::assertStringContainsString(' 500 ', $http_response_header[0]);
                self::assertContains('Call: open', $http_response_header);
                $first ??= $memory();
            }
            self::assertGreaterThan(0, $first);
            self::assertLessThan($first + 30_000, $memory(), 'sixty calls of a megabyte');
        } finally {
            proc_terminate($server);
            proc_close($server);
        }
    }

    public function testWithoutADoorItIsToldWhatToInstall(): void
    {
        foreach (['ffi.enable=0', 'ffi.enable=1'] as $at => $option) {
            $face = self::face(['-d', $option], $at === 0 ? [] : ['NNOPEN_LIBRARY' => '/no/such/library.so']);
            self::assertNull($face['door']);
            self::assertStringContainsString('extension=nnopen', $face['refused']);
        }
        self::assertStringContainsString('/no/such/library.so', $face['refused']);
    }

    /**
     * @param list<string>          $options
     * @param array<string, string> $environment
     *
     * @return array<string, mixed>
     */
    private static function face(array $options, array $environment = []): array
    {
        $pipes = [];
        $process = proc_open(
            [PHP_BINARY, ...$options, __DIR__ . '/programs/face.php'],
            [1 => ['pipe', 'w'], 2 => ['redirect', 1]],
            $pipes,
            null,
            $environment + getenv(),
        );
        $told = (string) stream_get_contents($pipes[1]);
        self::assertSame(0, proc_close($process), $told);

        return json_decode($told, true, 64, JSON_THROW_ON_ERROR);
    }
}
