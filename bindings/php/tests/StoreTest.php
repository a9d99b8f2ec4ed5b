<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use Nnopen\Store\FileStore;
use Nnopen\Store\MemoryStore;
use Nnopen\Store\Psr16Store;
use Nnopen\Store\RedisStore;
use Nnopen\TokenStore;
use PHPUnit\Framework\TestCase;

/** What every store must do. */
final class StoreTest extends TestCase
{
    private static ?string $folder = null;

    /** @var resource|null */
    private static $server = null;

    private static function folder(): string
    {
        return self::$folder ??= sys_get_temp_dir() . '/nnopen-stores-' . bin2hex(random_bytes(6));
    }

    private static function redis(): \Redis
    {
        is_dir(self::folder()) || mkdir(self::folder(), 0o700);
        $socket = self::folder() . '/redis.sock';
        $pipes = [];
        $command = ['/usr/bin/redis-server', '--port', '0', '--unixsocket', $socket, '--save', '', '--dir', self::folder()];
        self::$server = proc_open($command, [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
        for ($at = 0; $at < 100 && !file_exists($socket); ++$at) {
            usleep(50_000);
        }
        $redis = new \Redis();
        $redis->connect($socket);

        return $redis;
    }

    public static function tearDownAfterClass(): void
    {
        if (self::$server !== null) {
            proc_terminate(self::$server);
            proc_close(self::$server);
            self::$server = null;
        }
        $folder = self::folder();
        array_map('unlink', glob("{$folder}/*") ?: []);
        is_dir($folder) && rmdir($folder);
    }

    /** @return array<string, array{\Closure(): TokenStore}> */
    public static function stores(): array
    {
        return [
            'file' => [static fn () => new FileStore(self::folder())],
            'memory' => [static fn () => new MemoryStore()],
            'PSR-16' => [static function () {
                class_exists(\Symfony\Component\Cache\Psr16Cache::class) || self::markTestSkipped('needs Symfony Cache');
                $cache = new \Symfony\Component\Cache\Psr16Cache(new \Symfony\Component\Cache\Adapter\ArrayAdapter());

                return new Psr16Store($cache, lockFolder: self::folder());
            }],
            'Redis' => [static function () {
                (class_exists(\Redis::class) && is_executable('/usr/bin/redis-server'))
                    || self::markTestSkipped('needs phpredis and redis-server');

                return new RedisStore(self::redis());
            }],
        ];
    }

    /**
     * @dataProvider stores
     *
     * @param \Closure(): TokenStore $make
     */
    public function testItReplacesOnlyTheVersionThatItHolds(\Closure $make): void
    {
        $store = $make();
        $key = bin2hex(random_bytes(20));
        self::assertSame([0, ''], $store->load($key));
        self::assertFalse($store->swap($key, 3, 'x'));
        self::assertTrue($store->swap($key, 0, "一\n\0\xff"));
        self::assertSame([1, "一\n\0\xff"], $store->load($key));
        self::assertFalse($store->swap($key, 0, 'y'));
        self::assertTrue($store->swap($key, 1, 'z'));
        self::assertSame([2, 'z'], $store->load($key));
        self::assertSame([0, ''], $store->load(bin2hex(random_bytes(20))));
    }

    public function testOfManyProcessesOneSwaps(): void
    {
        $key = bin2hex(random_bytes(20));
        $program = 'require $argv[1]; $s = new Nnopen\Store\FileStore($argv[2]); $n = 0;'
            . ' for ($v = 0; $v < 50; ++$v) { while ($s->load($argv[3])[0] < $v) { usleep(50); } $n += $s->swap($argv[3], $v, "x") ? 1 : 0; } echo $n;';
        $running = [];
        for ($at = 0; $at < 4; ++$at) {
            $pipes = [];
            $command = [PHP_BINARY, '-r', $program, __DIR__ . '/../autoload.php', self::folder(), $key];
            $running[] = [proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes), $pipes[1]];
        }
        $swapped = 0;
        foreach ($running as [$process, $out]) {
            $swapped += (int) stream_get_contents($out);
            proc_close($process);
        }
        self::assertSame(50, $swapped);
    }

    /** The CLI fetches, the client asks, Api.php answers: of one token, in one folder. Then the other way round. */
    public function testTheCliTheClientAndApiPhpShareOneToken(): void
    {
        $simulator = new Simulator();
        $folder = self::folder() . '/shared-' . bin2hex(random_bytes(4));
        $settings = [
            'NNOPEN_URL' => "{$simulator->url}/open/v1/services",
            'NNOPEN_TOKEN_URL' => "{$simulator->url}/accessToken",
            'NNOPEN_APP_KEY' => 'SD00000001',
            'NNOPEN_APP_SECRET' => Simulator::SECRET,
            'NNOPEN_TAX_NUM' => '339901999999142',
            'NNOPEN_STATE_DIR' => $folder,
            'NNOPEN_CONFIG' => '/dev/null',
            'PATH' => (string) getenv('PATH'),
        ];
        $php = static fn (string $code) => self::says([PHP_BINARY, '-r', $code], $settings);
        $api = sprintf('require %s; echo json_decode(Api::getMerchantToken("SD00000001", "%s"))->access_token;', var_export(__DIR__ . '/../Api.php', true), Simulator::SECRET);
        try {
            $token = $php($api);
            self::assertNotSame('', $token);
            self::assertStringContainsString('1 / 50', self::says([getenv('NNOPEN_BIN'), 'token'], $settings));
            self::says([getenv('NNOPEN_BIN'), 'token', '--fetch'], $settings);
            $client = new \Nnopen\Client($simulator->config(), new FileStore($folder));
            try {
                $client->call(new \Nnopen\Api\Query\QueryInvoiceResult(['orderNos' => ['A-1']]));
                self::fail('there is such an order');
            } catch (\Nnopen\Exception\PlatformException $refused) {
                self::assertSame('E9500', $refused->failure()->code);
            }
            self::assertSame($token, $php($api));
            self::assertSame(1, $simulator->count('"target":"/accessToken"'));

            array_map('unlink', glob("{$folder}/*.token") ?: []);
            self::says([getenv('NNOPEN_BIN'), 'token', '--fetch'], $settings);
            $second = $php($api);
            self::assertNotSame($token, $second);
            self::assertSame(2, $simulator->count('"target":"/accessToken"'));
        } finally {
            array_map('unlink', glob("{$folder}/*") ?: []);
            @rmdir($folder);
        }
    }

    public function testTheRuleForTheDefaultFolderIsThatOfTheVectors(): void
    {
        $told = json_decode((string) file_get_contents(__DIR__ . '/../../../tests/vectors/default-folder.json'), true);
        self::assertGreaterThan(20, count($told['cases']));
        foreach ($told['cases'] as $case) {
            self::assertSame($case['folder'], \Nnopen\Legacy\TokenFile::byRule($case['system'], $case['variables']), (string) json_encode($case));
        }
    }

    /** Without being told where: the CLI's folder is that of the package and of Api.php. */
    public function testTheDefaultFolderIsThatOfTheCli(): void
    {
        $simulator = new Simulator();
        $home = self::folder() . '/home-' . bin2hex(random_bytes(4));
        mkdir($home, 0o700, true);
        $settings = [
            'HOME' => $home,
            'NNOPEN_URL' => "{$simulator->url}/open/v1/services",
            'NNOPEN_TOKEN_URL' => "{$simulator->url}/accessToken",
            'NNOPEN_APP_KEY' => 'SD00000001',
            'NNOPEN_APP_SECRET' => Simulator::SECRET,
            'NNOPEN_TAX_NUM' => '339901999999142',
            'NNOPEN_CONFIG' => '/dev/null',
            'PATH' => (string) getenv('PATH'),
        ];
        try {
            foreach ([[], ['XDG_STATE_HOME' => "{$home}/elsewhere"]] as $at => $named) {
                self::says([getenv('NNOPEN_BIN'), 'token', '--fetch'], $named + $settings);
                $api = sprintf('require %s; echo json_decode(Api::getMerchantToken("SD00000001", "%s"))->access_token;', var_export(__DIR__ . '/../Api.php', true), Simulator::SECRET);
                self::assertNotSame('', self::says([PHP_BINARY, '-r', $api], $named + $settings));
                self::assertSame($at + 1, $simulator->count('"target":"/accessToken"'));
                $folder = $named['XDG_STATE_HOME'] ?? "{$home}/.local/state";
                self::assertSame("{$folder}/nnopen", self::ours($named + $settings));
                self::assertCount(1, glob("{$folder}/nnopen/*.token") ?: []);
            }
        } finally {
            self::says(['/bin/rm', '-r', $home], []);
        }
    }

    /** A home that is another's, is not there, or is what the web server hands out, is not for a token. */
    public function testAUserWithoutAHomeKeepsItInTheTemporaryFolder(): void
    {
        $temporary = sys_get_temp_dir() . '/nnopen-' . posix_geteuid();
        self::assertSame($temporary, self::ours(['HOME' => '/no/such/home']));
        $home = self::folder() . '/home-' . bin2hex(random_bytes(4));
        mkdir($home, 0o700, true);
        try {
            self::assertSame("{$home}/.local/state/nnopen", self::ours(['HOME' => $home, 'ROOT' => '/usr/share']));
            self::assertSame($temporary, self::ours(['HOME' => $home, 'ROOT' => $home]));
            self::assertSame($temporary, self::ours(['HOME' => $home, 'ROOT' => self::folder() . '/']));
            if (posix_geteuid() === 0) {
                chown($home, 65534);
                self::assertSame($temporary, self::ours(['HOME' => $home]));
            }
        } finally {
            rmdir($home);
        }
        // Without HOME it is the home that the system knows.
        $known = posix_getpwuid(posix_geteuid())['dir'];
        $theirs = is_dir($known) && fileowner($known) === posix_geteuid();
        self::assertSame($theirs ? "{$known}/.local/state/nnopen" : $temporary, self::ours([]));
    }

    /** @param array<string, string> $environment */
    private static function ours(array $environment): string
    {
        return self::says([PHP_BINARY, '-r', 'require $argv[1]; $_SERVER["DOCUMENT_ROOT"] = (string) getenv("ROOT"); echo Nnopen\Legacy\TokenFile::ours();', __DIR__ . '/../autoload.php'], $environment);
    }

    /** @param array<string, string> $environment */
    private static function says(array $command, array $environment): string
    {
        $pipes = [];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes, null, $environment);
        $told = (string) stream_get_contents($pipes[1]);
        self::assertSame(0, proc_close($process), $told);

        return trim($told);
    }

    public function testAFileThatIsNoTokenFileIsLeftAlone(): void
    {
        $store = new FileStore(self::folder());
        $key = bin2hex(random_bytes(20));
        $store->swap($key, 0, 'x');
        file_put_contents(self::folder() . "/{$key}.token", 'something else');
        $this->expectExceptionMessage('left alone');
        $store->swap($key, 1, 'y');
    }

    public function testAFolderThatOthersCanWriteToIsRefused(): void
    {
        $folder = self::folder() . '-open';
        mkdir($folder);
        chmod($folder, 0o777);
        try {
            $this->expectExceptionMessage('name another folder');
            (new FileStore($folder))->load('x');
        } finally {
            rmdir($folder);
        }
    }
}
