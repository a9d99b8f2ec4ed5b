<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use PHPUnit\Framework\TestCase;

/** Every vector of tests/vectors, each a test. */
final class ConformanceTest extends TestCase
{
    private const VECTORS = __DIR__ . '/../../../tests/vectors';

    /** @dataProvider signatures */
    public function testSignature(string $file): void
    {
        Readers::sign(self::read($file));
        $this->addToAssertionCount(1);
    }

    /** @dataProvider calls */
    public function testCall(string $file): void
    {
        (new Player(false))->play(self::read($file));
        $this->addToAssertionCount(1);
    }

    /** @dataProvider calls */
    public function testCallWithArrays(string $file): void
    {
        (new Player(true))->play(self::read($file));
        $this->addToAssertionCount(1);
    }

    /** @dataProvider stores */
    public function testStore(string $file): void
    {
        (new Player(true))->play(self::read($file));
        $this->addToAssertionCount(1);
    }

    /** @dataProvider checks */
    public function testCheck(string $file): void
    {
        Readers::check(self::read($file));
        $this->addToAssertionCount(1);
    }

    /** @dataProvider replies */
    public function testReply(string $file): void
    {
        Readers::reply(self::read($file));
        $this->addToAssertionCount(1);
    }

    /** @dataProvider orders */
    public function testOrder(string $file): void
    {
        Readers::check(self::read($file), true);
        $this->addToAssertionCount(1);
    }

    /** @dataProvider amounts */
    public function testAmounts(string $file): void
    {
        Readers::amounts(self::read($file));
        $this->addToAssertionCount(1);
    }

    /** Every folder of vectors is played; one that is new must be played too. */
    public function testNoFolderIsLeftOut(): void
    {
        $folders = array_map('basename', glob(self::VECTORS . '/*', GLOB_ONLYDIR) ?: []);
        self::assertSame(['amounts', 'broken', 'calls', 'checks', 'documents', 'orders', 'pushes', 'replies', 'sign', 'stores'], $folders);
    }

    /** @dataProvider documents */
    public function testDocuments(string $file): void
    {
        Readers::documents(self::read($file));
        $this->addToAssertionCount(1);
    }

    /** @dataProvider pushes */
    public function testPush(string $file): void
    {
        Readers::push(self::read($file));
        $this->addToAssertionCount(1);
    }

    /** @dataProvider broken */
    public function testBrokenVectorFails(string $file): void
    {
        $this->expectException(Mismatch::class);
        (new Player(true))->play(self::read($file));
    }

    public function testAnEmptyFolderIsAFailure(): void
    {
        $folder = sys_get_temp_dir() . '/nnopen-empty-' . bin2hex(random_bytes(4));
        mkdir($folder);
        try {
            $this->expectExceptionMessage('holds no vectors');
            self::files($folder);
        } finally {
            rmdir($folder);
        }
    }

    public function testAMissingFolderIsAFailure(): void
    {
        $this->expectExceptionMessage('holds no vectors');
        self::files(self::VECTORS . '/no-such-folder');
    }

    /** @return array<string, array{string}> */
    public static function signatures(): array
    {
        return self::files(self::VECTORS . '/sign');
    }

    /** @return array<string, array{string}> */
    public static function calls(): array
    {
        return self::files(self::VECTORS . '/calls');
    }

    /** @return array<string, array{string}> */
    public static function stores(): array
    {
        return self::files(self::VECTORS . '/stores');
    }

    /** @return array<string, array{string}> */
    public static function checks(): array
    {
        return self::files(self::VECTORS . '/checks');
    }

    /** @return array<string, array{string}> */
    public static function replies(): array
    {
        return self::files(self::VECTORS . '/replies');
    }

    /** @return array<string, array{string}> */
    public static function orders(): array
    {
        return self::files(self::VECTORS . '/orders');
    }

    /** @return array<string, array{string}> */
    public static function amounts(): array
    {
        return self::files(self::VECTORS . '/amounts');
    }

    /** @return array<string, array{string}> */
    public static function documents(): array
    {
        return self::files(self::VECTORS . '/documents');
    }

    /** @return array<string, array{string}> */
    public static function pushes(): array
    {
        return self::files(self::VECTORS . '/pushes');
    }

    /** @return array<string, array{string}> */
    public static function broken(): array
    {
        return self::files(self::VECTORS . '/broken');
    }

    /** @return array<string, array{string}> */
    private static function files(string $folder): array
    {
        $files = glob("{$folder}/*.json");
        if ($files === false || $files === []) {
            throw new \RuntimeException("{$folder} holds no vectors");
        }

        return array_combine(array_map('basename', $files), array_map(static fn (string $file) => [$file], $files));
    }

    private static function read(string $file): Exact
    {
        return Exact::parse(file_get_contents($file));
    }
}
