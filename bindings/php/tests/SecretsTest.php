<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use Nnopen\Client;
use Nnopen\Config;
use Nnopen\NnopenException;
use Nnopen\Secret;
use Nnopen\Session;
use Nnopen\Step\Send;
use Nnopen\Store\MemoryStore;
use Nnopen\Transport;
use PHPUnit\Framework\TestCase;

/** No secret in anything that PHP can print. */
final class SecretsTest extends TestCase
{
    private const SECRET = 'SD99999999999999';
    private const TOKEN = 'a-permanent-token-0123456789';

    /** @return array<string, array{\Closure(): object}> */
    public static function things(): array
    {
        $config = static fn (string $environment = 'sandbox') => new Config(
            'SD00000001',
            self::SECRET,
            '339901999999142',
            $environment,
            permanentToken: self::TOKEN,
        );

        return [
            'a secret' => [static fn () => new Secret(self::SECRET)],
            'a config' => [static fn () => $config()],
            'a session' => [static fn () => new Session($config())],
            'a client' => [static fn () => new Client($config(), new MemoryStore())],
            'a snapshot' => [static fn () => (new Session($config()))->snapshot()],
            'a request' => [static function () use ($config) {
                $call = (new Session($config()))->raw('nuonuo.OpeMplatform.queryInvoiceResult', '{}');
                $step = $call->step(1_700_000_000_000, str_repeat("\1", 20));
                assert($step instanceof Send);

                return $step->request;
            }],
            'an answer' => [static fn () => new Transport\Answer(200, '{"access_token":"' . self::TOKEN . '"}')],
            'a refused config' => [static fn () => self::thrown(static fn () => new Session($config("\xff")))],
            'a refused secret' => [static fn () => self::thrown(
                static fn () => new Session(new Config('SD1', self::SECRET . "\n", '3', 'sandbox', permanentToken: self::TOKEN)),
            )],
            'a refused code' => [static fn () => self::thrown(
                static fn () => (new Session($config()))->signInWith(self::SECRET . "\xff", '3', 'https://example.com'),
            )],
            'a refused snapshot' => [static fn () => self::thrown(
                static fn () => (new Session($config()))->restore(new Secret(self::SECRET . "\xff")),
            )],
        ];
    }

    /**
     * @dataProvider things
     *
     * @param \Closure(): object $thing
     */
    public function testNothingPrintedHoldsASecret(\Closure $thing): void
    {
        $thing = $thing();
        ob_start();
        if ($thing instanceof NnopenException) {
            // The frames of the test runner hold the whole world: only ours are looked at.
            self::assertSame('0', (string) ini_get('zend.exception_ignore_args'));
            $frames = array_filter($thing->getTrace(), static fn (array $frame) => str_starts_with($frame['class'] ?? '', 'Nnopen\\')
                && !str_starts_with($frame['class'] ?? '', 'Nnopen\\Tests'));
            echo $thing, print_r($frames, true), print_r($thing->failure(), true);
            var_dump($frames);
        } else {
            print_r($thing);
            var_dump($thing);
            var_export($thing);
            echo json_encode($thing), print_r((array) $thing, true);
            try {
                echo serialize($thing);
            } catch (\Exception) {
            }
        }
        $printed = (string) ob_get_clean();
        self::assertStringNotContainsString(self::SECRET, $printed);
        self::assertStringNotContainsString(self::TOKEN, $printed);
    }

    public function testATransportThatBreaksTellsNothing(): void
    {
        $transport = new class implements Transport {
            public \Throwable $fault;

            public function send(\Nnopen\Request $request): Transport\Answer
            {
                throw $this->fault;
            }
        };
        $client = new Client(new Config('SD00000001', self::SECRET, '339901999999142', 'sandbox'), new MemoryStore(), $transport);
        $transport->fault = new \Error('broken');
        try {
            $client->run($client->session->signIn());
            self::fail('it passed');
        } catch (\Error $error) {
            $frames = array_filter($error->getTrace(), static fn (array $frame) => ($frame['class'] ?? '') === Client::class);
            self::assertStringNotContainsString(self::SECRET, print_r($frames, true));
        }
    }

    public function testAnExceptionOfATransportLeavesAWriteUncertain(): void
    {
        $transport = new class implements Transport {
            /** @var \Closure(\Nnopen\Request): Transport\Answer */
            public \Closure $does;

            public function send(\Nnopen\Request $request): Transport\Answer
            {
                return ($this->does)($request);
            }
        };
        $config = new Config('SD00000001', self::SECRET, '339901999999142', 'sandbox', permanentToken: self::TOKEN);
        $client = new Client($config, new MemoryStore(), $transport);
        $order = json_decode((string) file_get_contents(__DIR__ . '/../../../examples/order.json'), true);
        array_walk_recursive($order, static fn (mixed &$value) => $value = is_float($value) ? (string) $value : $value);
        $faults = [
            'all it knows' => static fn (\Nnopen\Request $request) => throw new \RuntimeException(json_encode($request->headers()) . $request->body()),
            'no text' => static fn () => throw new \UnexpectedValueException("\xff\xfe"),
            'a status below zero' => static fn () => new Transport\Answer(-1, ''),
            'a status too large' => static fn () => new Transport\Answer(65536, ''),
        ];
        foreach ($faults as $name => $does) {
            $transport->does = $does;
            try {
                $client->call(new \Nnopen\Api\Invoicing\RequestBillingNew($order));
                self::fail("{$name} passed");
            } catch (\Nnopen\Exception\UncertainException $error) {
                self::assertMatchesRegularExpression('/Exception/', $error->getMessage(), $name);
                self::assertStringNotContainsString(self::TOKEN, $error . print_r($error->failure(), true), $name);
                self::assertNull($error->getPrevious(), $name);
            }
        }
    }

    public function testPanicsAndOddValuesAreExceptions(): void
    {
        $session = new Session(new Config('SD00000001', self::SECRET, '339901999999142', 'sandbox'));
        $cycle = ['a' => 1];
        $cycle['self'] = &$cycle;
        $twice = [];
        $twice['a'] = &$twice;
        $twice['b'] = &$twice;
        $ring = new \stdClass();
        $ring->ring = $ring;
        $odd = [
            $twice, ['order' => $ring], ['order' => [$ring, $ring]], ['order' => ['price' => INF]],
            ['order' => ['price' => 0.1]], ['order' => new \DateTime()], ['order' => fopen('php://memory', 'r')], $cycle,
            ['order' => "\xff"], ["\xff" => 1], [1, 2], ['order' => NAN], ['order' => new class {
            }],
        ];
        foreach ($odd as $params) {
            try {
                $session->start('call', 'nuonuo.OpeMplatform.requestBillingNew', $params);
                self::fail('odd params passed');
            } catch (NnopenException $error) {
                self::assertSame('input', $error->failure()->kind->value);
                self::assertNotSame([], $error->failure()->violations);
            }
        }
        foreach ([['nope', 'x'], ['call', "\xff"], ['call', '']] as [$mode, $method]) {
            try {
                $session->start($mode, $method, []);
                self::fail('odd names passed');
            } catch (NnopenException $error) {
                self::assertContains($error->failure()->kind->value, ['usage', 'input']);
            }
        }
    }

    public function testAFloatIsRefusedByItsPathAndLargeOrdersPass(): void
    {
        $order = json_decode((string) file_get_contents(__DIR__ . '/../../../examples/order.json'), true);
        $method = 'nuonuo.OpeMplatform.requestBillingNew';
        $bad = $order;
        $bad['order']['invoiceDetail'][1]['price'] = 600.00;
        $found = array_values(array_filter(\Nnopen\Core::check($method, $bad), static fn ($row) => $row->isError));
        self::assertSame('order.invoiceDetail[1].price', $found[0]->path);

        $order['order']['strange'] = str_repeat('发', 3_500_000);
        self::assertGreaterThan(10_000_000, strlen((string) \Nnopen\Core::body($method, $order)));
        $text = '{"a":"' . str_repeat('x1', 5_000_000) . '","b":0.10}';
        self::assertSame('0.10', \Nnopen\Json::read($text)['b']);
    }

    public function testTheCallersArraysAreLeftAsTheyAre(): void
    {
        $number = 'A-1';
        $params = ['orderNos' => [&$number], 'x' => new \stdClass(), 'deep' => ['y' => &$number]];
        $before = serialize($params);
        $session = new Session(new Config('SD00000001', self::SECRET, '339901999999142', 'sandbox'));
        $session->start('call', 'nuonuo.OpeMplatform.queryInvoiceResult', $params);
        self::assertSame($before, serialize($params));
        self::assertSame('A-1', $number);
    }

    public function testWholeNumbersKeepTheirDigits(): void
    {
        $body = \Nnopen\Core::body('nuonuo.OpeMplatform.queryInvoiceResult', ['orderNos' => ['A'], 'x' => PHP_INT_MAX, 'y' => PHP_INT_MIN]);
        self::assertStringContainsString('"x":9223372036854775807,"y":-9223372036854775808', (string) $body);
        $answer = \Nnopen\Core::read('nuonuo.OpeMplatform.queryInvoiceResult', 200, '{"code":"E0000","result":[{"n":20190801120207971529,"m":0.00}]}');
        self::assertSame([['n' => '20190801120207971529', 'm' => '0.00']], $answer->result());
    }

    public function testApiPhpTellsNoSecretInItsTraces(): void
    {
        require_once __DIR__ . '/../Api.php';
        putenv('NNOPEN_TOKEN_URL=http://127.0.0.1:9/accessToken');
        putenv('NNOPEN_STATE_DIR=' . sys_get_temp_dir() . '/nnopen-trace-' . bin2hex(random_bytes(6)));
        $asked = [
            static fn () => \Api::getMerchantToken('SD00000001', self::SECRET),
            static fn () => \Api::getISVToken('SD00000001', self::SECRET, self::TOKEN, '3', 'https://example.com'),
            static fn () => \Api::refreshISVToken(self::TOKEN, 'user', self::SECRET),
            static fn () => \Api::sendPostSyncRequest('http://127.0.0.1:9/open/v1/services', 'a', 'SD00000001', self::SECRET, self::TOKEN, '3', 'm', '{}'),
        ];
        try {
            foreach ($asked as $ask) {
                try {
                    $ask();
                    self::fail('somebody answered');
                } catch (\NnuoException $error) {
                    for ($thrown = $error; $thrown !== null; $thrown = $thrown->getPrevious()) {
                        $frames = array_filter($thrown->getTrace(), static fn (array $frame) => in_array($frame['class'] ?? '', ['Api', 'Utils'], true)
                            || str_starts_with($frame['class'] ?? '', 'Nnopen\\Legacy'));
                        self::assertNotSame([], $frames);
                        $told = $thrown->getMessage() . print_r($frames, true);
                        self::assertStringNotContainsString(self::SECRET, $told);
                        self::assertStringNotContainsString(self::TOKEN, $told);
                    }
                }
            }
        } finally {
            $folder = (string) getenv('NNOPEN_STATE_DIR');
            array_map('unlink', glob("{$folder}/*") ?: []);
            @rmdir($folder);
            putenv('NNOPEN_TOKEN_URL');
            putenv('NNOPEN_STATE_DIR');
        }
    }

    public function testEnumsAndStringablesAreTexts(): void
    {
        $amount = new class {
            public function __toString(): string
            {
                return '1.50';
            }
        };
        $params = ['orderNos' => [$amount], 'isOfferInvoiceDetail' => \Nnopen\Api\Code\YesNo::from('1'), 'x' => new \stdClass()];
        self::assertSame(
            '{"orderNos":["1.50"],"isOfferInvoiceDetail":"1","x":{}}',
            \Nnopen\Core::body('nuonuo.OpeMplatform.queryInvoiceResult', $params),
        );
    }

    private static function thrown(\Closure $work): NnopenException
    {
        try {
            $work();
        } catch (NnopenException $error) {
            return $error;
        }
        throw new \RuntimeException('nothing was thrown');
    }
}
