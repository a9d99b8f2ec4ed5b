<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use Nnopen\Api\Query\QueryInvoiceResult;
use Nnopen\Client;
use Nnopen\Config;
use Nnopen\Kind;
use Nnopen\NnopenException;
use Nnopen\Store\MemoryStore;
use Nnopen\Transport;
use PHPUnit\Framework\TestCase;

/** Certificates, and servers that answer anything but what they should. */
final class WireTest extends TestCase
{
    /** @return array<string, array{\Closure(string|null): Transport}> */
    public static function transports(): array
    {
        return [
            'curl' => [static fn (?string $ca) => new Transport\CurlTransport(timeout: 5, caFile: $ca)],
            'streams' => [static fn (?string $ca) => new Transport\StreamTransport(5, $ca)],
            'guzzle' => [static function (?string $ca) {
                class_exists(\GuzzleHttp\Client::class) || self::markTestSkipped('needs Guzzle');
                $factory = new \GuzzleHttp\Psr7\HttpFactory();

                return new Transport\Psr18Transport(new \GuzzleHttp\Client(['verify' => $ca ?? true, 'timeout' => 5]), $factory, $factory);
            }],
            'symfony' => [static function (?string $ca) {
                class_exists(\Symfony\Component\HttpClient\Psr18Client::class) || self::markTestSkipped('needs Symfony HttpClient');
                class_exists(\Nyholm\Psr7\Factory\Psr17Factory::class) || self::markTestSkipped('needs Nyholm PSR-7');
                $factory = new \Nyholm\Psr7\Factory\Psr17Factory();
                $http = \Symfony\Component\HttpClient\HttpClient::create(['timeout' => 5, 'max_duration' => 5] + ($ca === null ? [] : ['cafile' => $ca]));

                return new Transport\Psr18Transport(new \Symfony\Component\HttpClient\Psr18Client($http, $factory, $factory), $factory, $factory);
            }],
        ];
    }

    /**
     * @dataProvider transports
     *
     * @param \Closure(string|null): Transport $transport
     */
    public function testACertificateIsVerified(\Closure $transport): void
    {
        $ca = (string) tempnam(sys_get_temp_dir(), 'nnopen');
        try {
            $simulator = new Simulator(['--tls', '--cert-out', $ca]);
            self::assertStringStartsWith('https:', $simulator->url);
            $client = new Client($simulator->config(), new MemoryStore(), $transport($ca));
            $client->run($client->session->signIn());

            $client = new Client($simulator->config(), new MemoryStore(), $transport(null));
            try {
                $client->run($client->session->signIn());
                self::fail('a certificate of nobody was taken');
            } catch (NnopenException $refused) {
                self::assertContains($refused->failure()->kind, [Kind::Transport, Kind::Auth]);
            }
        } finally {
            unlink($ca);
        }
    }

    /** @return array<string, array{string, Kind, Kind}> what comes, and what a question and a write end as */
    public static function answers(): array
    {
        return [
            'nothing' => ['nothing', Kind::Transport, Kind::Uncertain],
            'no http' => ['no http', Kind::Transport, Kind::Uncertain],
            'half an answer' => ['half', Kind::Transport, Kind::Uncertain],
            'a redirect' => ['redirect', Kind::Transport, Kind::Uncertain],
            'a web page' => ['page', Kind::Reply, Kind::Uncertain],
            'bytes' => ['binary', Kind::Reply, Kind::Uncertain],
            'a deep list' => ['deep', Kind::Reply, Kind::Uncertain],
            'our secrets' => ['echo', Kind::Platform, Kind::Uncertain],
            'a bare 500' => ['error', Kind::Transport, Kind::Uncertain],
        ];
    }

    /** @dataProvider answers */
    public function testAHostileServerHurtsNobody(string $answer, Kind $question, Kind $write): void
    {
        $pipes = [];
        $server = proc_open([PHP_BINARY, __DIR__ . '/programs/hostile.php', $answer], [['pipe', 'r'], ['pipe', 'w']], $pipes);
        $url = 'http://127.0.0.1:' . trim((string) fgets($pipes[1]));
        $config = new Config('SD00000001', Simulator::SECRET, '339901999999142', '', serviceUrl: "{$url}/open/v1/services", tokenUrl: "{$url}/accessToken");
        $order = json_decode((string) file_get_contents(__DIR__ . '/../../../examples/order.json'), true);
        try {
            foreach (self::transports() as $name => [$transport]) {
                $client = new Client($config, new MemoryStore(), $transport(null));
                foreach ([[QueryInvoiceResult::METHOD, ['orderNos' => ['A']], $question], ['nuonuo.OpeMplatform.requestBillingNew', $order, $write]] as [$method, $params, $kind]) {
                    try {
                        $client->named($method, $params);
                        self::fail("{$name}: {$answer} passed");
                    } catch (NnopenException $error) {
                        self::assertSame($kind, $error->failure()->kind, "{$name}: {$error->getMessage()}");
                        $told = $error->getMessage() . print_r($error->failure(), true);
                        self::assertStringNotContainsString(Simulator::SECRET, $told, $name);
                        self::assertStringNotContainsString('a-token-0123456789abcdef', $told, $name);
                    }
                }
            }
        } finally {
            proc_terminate($server);
            proc_close($server);
        }
    }

    public function testADrippingAnswerIsGivenUp(): void
    {
        $pipes = [];
        $server = proc_open([PHP_BINARY, __DIR__ . '/programs/hostile.php', 'drip'], [['pipe', 'r'], ['pipe', 'w']], $pipes);
        $url = 'http://127.0.0.1:' . trim((string) fgets($pipes[1]));
        try {
            foreach ([new Transport\CurlTransport(timeout: 1), new Transport\StreamTransport(1)] as $transport) {
                $began = microtime(true);
                try {
                    $transport->send(new \Nnopen\Request(new \Nnopen\Native\Sent("{$url}/open/v1/services\nmethod: x", '{}', '')));
                    self::fail('a dripping answer passed');
                } catch (Transport\NoAnswer $lost) {
                    self::assertFalse($lost->notSent);
                }
                self::assertLessThan(10, microtime(true) - $began);
            }
        } finally {
            proc_terminate($server);
            proc_close($server);
        }
    }

    public function testAnEndlessAnswerIsCutOff(): void
    {
        $pipes = [];
        $server = proc_open([PHP_BINARY, __DIR__ . '/programs/hostile.php', 'endless'], [['pipe', 'r'], ['pipe', 'w']], $pipes);
        $url = 'http://127.0.0.1:' . trim((string) fgets($pipes[1]));
        try {
            foreach ([new Transport\CurlTransport(timeout: 5), new Transport\StreamTransport(5)] as $transport) {
                $request = new \Nnopen\Request(new \Nnopen\Native\Sent("{$url}/open/v1/services\nmethod: x", '{}', ''));
                try {
                    $transport->send($request);
                    self::fail('an endless answer passed');
                } catch (Transport\NoAnswer $lost) {
                    self::assertFalse($lost->notSent);
                }
            }
        } finally {
            proc_terminate($server);
            proc_close($server);
        }
        self::assertLessThan(400 << 20, memory_get_peak_usage(true));
    }
}
