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
        self::assertSame(array_fill(0, 4, 'failure'), array_column($ffi['answers'], 0));
    }

    public function testAFatalErrorLeavesNoSessionBehind(): void
    {
        $pipes = [];
        $command = [PHP_BINARY, ...Door::options(), __DIR__ . '/programs/fatal.php'];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
        $told = (string) stream_get_contents($pipes[1]);
        self::assertSame(255, proc_close($process));
        self::assertSame("ok\n\nfailure\n", $told);
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
