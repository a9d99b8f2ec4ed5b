<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use PHPUnit\Framework\TestCase;

/** Under php-fpm: many requests in several workers, one token call. Run by root, the workers are another user, as on a server. */
final class FpmTest extends TestCase
{
    private string $folder;
    /** Who runs the workers. */
    private int $user;

    /** @var resource|null */
    private $fpm = null;

    protected function setUp(): void
    {
        $binary = array_filter(
            ['/usr/sbin/php-fpm' . PHP_MAJOR_VERSION . '.' . PHP_MINOR_VERSION, '/usr/sbin/php-fpm', '/usr/local/sbin/php-fpm'],
            'is_executable',
        );
        $binary === [] && self::markTestSkipped('needs php-fpm');
        $this->folder = sys_get_temp_dir() . '/nnopen-fpm-' . bin2hex(random_bytes(6));
        $isRoot = posix_geteuid() === 0;
        $user = $isRoot ? (posix_getpwnam('www-data') ?: posix_getpwnam('nobody')) : posix_getpwuid(posix_geteuid());
        $this->user = $user['uid'];
        mkdir($this->folder, 0o755);
        self::install("{$this->folder}/package");
        // The folder in which they may write.
        mkdir("{$this->folder}/home", 0o700);
        $isRoot && chown("{$this->folder}/home", $this->user);
        $pool = $isRoot ? "user = {$user['name']}\nlisten.owner = root" : '';
        file_put_contents("{$this->folder}/fpm.conf", <<<INI
            [global]
            error_log = {$this->folder}/log
            daemonize = no
            [www]
            {$pool}
            listen = {$this->folder}/socket
            pm = static
            pm.max_children = 4
            clear_env = no
            INI);
        $command = [reset($binary), '-F', '-y', "{$this->folder}/fpm.conf", ...Door::options()];
        $library = ['NNOPEN_LIBRARY' => "{$this->folder}/package/library.so"];
        $pipes = [];
        $nothing = ['file', '/dev/null', 'w'];
        $this->fpm = proc_open($command, [1 => $nothing, 2 => $nothing], $pipes, null, $library + getenv());
        for ($at = 0; $at < 100 && !file_exists("{$this->folder}/socket"); ++$at) {
            usleep(50_000);
        }
    }

    protected function tearDown(): void
    {
        if ($this->fpm !== null) {
            proc_terminate($this->fpm);
            proc_close($this->fpm);
            exec('rm -rf ' . escapeshellarg($this->folder));
        }
    }

    public function testAThousandRequestsOfApiPhpMakeOneTokenCall(): void
    {
        $simulator = new Simulator();
        self::assertSame(['token' => 1000], $this->ask($simulator, 'legacy', 1000));
        self::assertSame(1, $simulator->count('"target":"/accessToken"'));
        $this->stateIsTheWorkersAlone();
    }

    public function testManyRequestsOfTheClientMakeOneTokenCall(): void
    {
        $simulator = new Simulator();
        self::assertSame(['E9500' => 200], $this->ask($simulator, 'client', 200));
        self::assertSame(1, $simulator->count('"target":"/accessToken"'));
        $this->stateIsTheWorkersAlone();
    }

    /** The token's folder and its files. */
    private function stateIsTheWorkersAlone(): void
    {
        $state = "{$this->folder}/home/state";
        $files = glob("{$state}/*") ?: [];
        self::assertNotSame([], $files);
        foreach ([$state, ...$files] as $path) {
            self::assertSame($this->user, fileowner($path), $path);
            self::assertSame(0, fileperms($path) & 0o077, $path);
            is_file($path) && self::assertStringNotContainsString('SD00000000000001', (string) file_get_contents($path));
        }
    }

    /** The package where the workers can read it: the tree may be out of their reach. */
    private static function install(string $folder): void
    {
        mkdir("{$folder}/tests/programs", 0o755, true);
        $tree = dirname(__DIR__);
        exec(implode(' ', array_map('escapeshellarg', ['cp', '-r', "{$tree}/php", "{$tree}/Api.php", "{$tree}/autoload.php", $folder])));
        copy(__DIR__ . '/programs/fpm.php', "{$folder}/tests/programs/fpm.php");
        copy((string) getenv('NNOPEN_LIBRARY'), "{$folder}/library.so");
        exec('chmod -R a+rX ' . escapeshellarg($folder));
    }

    /** @return array<string, int> how often each answer came */
    private function ask(Simulator $simulator, string $query, int $times): array
    {
        $parameters = [
            'SCRIPT_FILENAME' => "{$this->folder}/package/tests/programs/fpm.php",
            'REQUEST_METHOD' => 'GET',
            'QUERY_STRING' => $query,
            'SIMULATOR' => $simulator->url,
            'FOLDER' => "{$this->folder}/home/state",
        ];
        $answers = [];
        while ($times > 0) {
            $sockets = [];
            for (; $times > 0 && count($sockets) < 4; --$times) {
                $socket = stream_socket_client("unix://{$this->folder}/socket");
                stream_set_timeout($socket, 10);
                fwrite($socket, self::request($parameters));
                $sockets[] = $socket;
            }
            foreach ($sockets as $socket) {
                $answers[] = self::answer((string) stream_get_contents($socket));
                // A worker waits for it.
                fclose($socket);
            }
        }

        return array_count_values($answers);
    }

    /** @param array<string, string> $parameters */
    private static function request(array $parameters): string
    {
        $record = static fn (int $type, string $content) => pack('CCnnCC', 1, $type, 1, strlen($content), 0, 0) . $content;
        $pairs = '';
        foreach ($parameters as $name => $value) {
            $pairs .= pack('NN', strlen($name) | 1 << 31, strlen($value) | 1 << 31) . $name . $value;
        }

        return $record(1, pack('nCx5', 1, 0)) . $record(4, $pairs) . $record(4, '') . $record(5, '');
    }

    /** What the program printed: the records of standard output, behind the headers. */
    private static function answer(string $records): string
    {
        $out = '';
        for ($at = 0; $at + 8 <= strlen($records);) {
            ['type' => $type, 'length' => $length, 'padding' => $padding] = unpack('Cversion/Ctype/nid/nlength/Cpadding', $records, $at);
            $out .= $type === 6 || $type === 7 ? substr($records, $at + 8, $length) : '';
            $at += 8 + $length + $padding;
        }

        return explode("\r\n\r\n", $out, 2)[1] ?? $out;
    }
}
