<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use Nnopen\Api\Code\RedReason;
use Nnopen\Api\Invoicing\RequestBillingNew;
use Nnopen\Api\Query\QueryInvoiceResult;
use Nnopen\Client;
use Nnopen\Core;
use Nnopen\Exception;
use Nnopen\Kind;
use Nnopen\Order;
use Nnopen\Push;
use Nnopen\Store;
use Nnopen\Transport;
use PHPUnit\Framework\TestCase;

/** Real HTTP clients against the simulator. */
final class JourneyTest extends TestCase
{
    private static ?Simulator $simulator = null;
    private string $folder;

    public static function tearDownAfterClass(): void
    {
        self::$simulator = null;
    }

    protected function setUp(): void
    {
        self::$simulator ??= new Simulator(['--strict']);
        self::$simulator->sleep(0);
        $this->folder = sys_get_temp_dir() . '/nnopen-test-' . bin2hex(random_bytes(6));
    }

    protected function tearDown(): void
    {
        array_map('unlink', glob("{$this->folder}/*") ?: []);
        is_dir($this->folder) && rmdir($this->folder);
    }

    /** @return array<string, array{\Closure(): Transport}> */
    public static function transports(): array
    {
        return array_map(static fn (array $made) => [static fn () => $made[0](null)], WireTest::transports());
    }

    /**
     * @dataProvider transports
     *
     * @param \Closure(): Transport $transport
     */
    public function testFromTokenToInvoice(\Closure $transport): void
    {
        $simulator = self::$simulator;
        $client = $this->client($transport());
        $orderNo = 'PHP' . bin2hex(random_bytes(6));
        $order = self::order($orderNo);

        self::assertSame([], array_filter($client->session->call($order)->warnings(), static fn ($warning) => $warning->isError));
        $rows = $client->settle($order);
        self::assertSame('2', $rows[0]['status']);
        self::assertSame($orderNo, $rows[0]['orderNo']);
        self::assertSame(1, $simulator->invoices($orderNo));

        $asked = $client->call(new QueryInvoiceResult(['orderNos' => [$orderNo]]));
        self::assertSame($rows[0]['serialNo'], $asked[0]['serialNo']);

        try {
            $client->call($order);
            self::fail('the same order was taken twice');
        } catch (Exception\PlatformException $refused) {
            self::assertSame('E9106', $refused->failure()->code);
        }
    }

    /**
     * @dataProvider transports
     *
     * @param \Closure(): Transport $transport
     */
    public function testALostAnswerIsAskedForAndNothingIsIssuedTwice(\Closure $transport): void
    {
        $simulator = self::$simulator;
        $client = $this->client($transport());
        $orderNo = 'PHP' . bin2hex(random_bytes(6));
        // One request before: a connection that is kept would tempt an HTTP client to send again by itself.
        $client->run($client->session->signIn());

        $simulator->lose(RequestBillingNew::METHOD);
        $rows = $client->settle(self::order($orderNo));

        self::assertSame('2', $rows[0]['status']);
        self::assertSame(1, $simulator->invoices($orderNo));
    }

    /**
     * @dataProvider transports
     *
     * @param \Closure(): Transport $transport
     */
    public function testALostAnswerWithoutSettlingIsUncertain(\Closure $transport): void
    {
        $client = $this->client($transport());
        $orderNo = 'PHP' . bin2hex(random_bytes(6));
        self::$simulator->lose(RequestBillingNew::METHOD);
        try {
            $client->call(self::order($orderNo));
            self::fail('a lost answer passed');
        } catch (Exception\UncertainException $uncertain) {
            self::assertSame(Kind::Uncertain, $uncertain->failure()->kind);
        }
        $rows = $client->settleAgain(self::order($orderNo));
        self::assertSame('2', $rows[0]['status']);
        self::assertSame(1, self::$simulator->invoices($orderNo));
    }

    /**
     * @dataProvider transports
     *
     * @param \Closure(): Transport $transport
     */
    public function testNobodyThereIsATransportErrorAndUsesUpNoTokenCall(\Closure $transport): void
    {
        $config = new \Nnopen\Config(
            'SD00000001',
            Simulator::SECRET,
            '339901999999142',
            '',
            serviceUrl: 'http://127.0.0.1:9/open/v1/services',
            tokenUrl: 'http://127.0.0.1:9/accessToken',
        );
        $client = new Client($config, new Store\MemoryStore(), $transport());
        try {
            $client->call(new QueryInvoiceResult(['orderNos' => ['A']]));
            self::fail('somebody answered');
        } catch (\Nnopen\NnopenException $error) {
            self::assertContains($error->failure()->kind, [Kind::Transport, Kind::Auth]);
        }
    }

    public function testTheTokenIsFetchedOnceByManyProcesses(): void
    {
        $simulator = new Simulator();
        $program = [PHP_BINARY, ...Door::options(), __DIR__ . '/programs/ask.php', $simulator->url, $this->folder];
        $running = [];
        for ($at = 0; $at < 8; ++$at) {
            $pipes = [];
            $running[] = [proc_open($program, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes), $pipes[1]];
        }
        foreach ($running as [$process, $out]) {
            self::assertSame("E9500\n", stream_get_contents($out));
            self::assertSame(0, proc_close($process));
        }
        self::assertSame(1, $simulator->count('"target":"/accessToken"'));
        self::assertSame(8, $simulator->count('"target":"/open/v1/services'));
        foreach (glob("{$this->folder}/*") ?: [] as $file) {
            self::assertSame('0600', substr(sprintf('%o', fileperms($file)), -4), $file);
            self::assertStringNotContainsString(Simulator::SECRET, (string) file_get_contents($file));
        }
    }

    public function testATokenThatTheServiceRefusesIsReplacedOnce(): void
    {
        $simulator = new Simulator();
        $client = new Client($simulator->config(), new Store\FileStore($this->folder), clock: $simulator);
        $ask = fn (Client $client) => $this->code(static fn () => $client->call(new QueryInvoiceResult(['orderNos' => ['A']])));
        self::assertSame('E9500', $ask($client));
        $simulator->admin('faults', ['fault' => 'expired_token', 'method' => QueryInvoiceResult::METHOD]);
        self::assertSame('E9500', $ask($client));
        self::assertSame(2, $simulator->count('"target":"/accessToken"'));
        // Another client takes the new token from the store.
        $client = new Client($simulator->config(), new Store\FileStore($this->folder), clock: $simulator);
        self::assertSame('E9500', $ask($client));
        self::assertSame(2, $simulator->count('"target":"/accessToken"'));
    }

    /**
     * @dataProvider transports
     *
     * @param \Closure(): Transport $transport
     */
    public function testARedOrderTakesAnInvoiceBack(\Closure $transport): void
    {
        $client = $this->client($transport());
        $orderNo = 'PHP' . bin2hex(random_bytes(6));
        $order = self::order($orderNo)->params();
        $order['order']['invoiceLine'] = 'p';
        [$blue] = $client->settle(new RequestBillingNew($order));
        [$row] = $client->call(new QueryInvoiceResult(['serialNos' => [$blue['serialNo']], 'isOfferInvoiceDetail' => '1']));
        $red = Order::red($row, "{$orderNo}-R", date('Y-m-d H:i:s'), RedReason::from('1'));
        [$taken] = $client->settle(new RequestBillingNew(['order' => $red]));
        self::assertSame(['-3198.00', '2'], [$taken['orderAmount'], $taken['status']]);
        self::assertSame('3198.00', Order::totals($order['order'])['taxIncluded']);
    }

    public function testAPushIsReadAndConfirmedAndTheDocumentFetched(): void
    {
        $simulator = self::$simulator;
        $client = $this->client(new Transport\CurlTransport());
        $receiver = stream_socket_server('tcp://127.0.0.1:0');
        $order = self::order('PHP' . bin2hex(random_bytes(6)))->params();
        $order['order']['callBackUrl'] = 'http://' . stream_socket_get_name($receiver, false) . '/push';
        [$row] = $client->settle(new RequestBillingNew($order));

        $sender = stream_socket_accept($receiver, 10);
        stream_set_timeout($sender, 5);
        $came = '';
        while (!preg_match('/^content-length: *([0-9]+)\r.*?\r\n\r\n(.*)/ims', $came, $match) || strlen($match[2]) < (int) $match[1]) {
            $came .= fread($sender, 65536);
        }
        preg_match('/^content-type: *(.*?)\r/im', $came, $type);
        $push = Push::read($match[2], $type[1]);
        fwrite($sender, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" . Push::accepted());
        fclose($sender);

        self::assertSame(['callback', 'issued', $row['serialNo']], [$push->operater, $push->status, $push->serialNo]);
        self::assertSame($row['serialNo'], $client->confirm($push)[0]['serialNo']);
        $documents = Core::documents($row);
        self::assertSame([true, 'ofd'], [$documents[0]->original, $documents[0]->kind]);
        $pdf = array_values(array_filter($documents, static fn ($document) => $document->kind === 'pdf'))[0];
        self::assertStringStartsWith('%PDF', (string) file_get_contents($pdf->url));
    }

    public function testManyOrdersAreFollowedToTheirEnds(): void
    {
        $simulator = self::$simulator;
        $client = $this->client(new Transport\CurlTransport());
        $batch = $client->session->follow(new \Nnopen\BatchRules(rate: 20));
        $expected = [];
        for ($at = 0; $at < 60; ++$at) {
            $orderNo = sprintf('PHPB%s%02d', bin2hex(random_bytes(4)), $at);
            $at % 20 === 7 && $simulator->admin('plan', ['orderNo' => $orderNo, 'outcome' => 'fail', 'cause' => '余额不足']);
            $client->call(self::order($orderNo));
            self::assertTrue($batch->add($orderNo, $simulator->now(), $simulator->now()));
            $expected[$orderNo] = $at % 20 === 7 ? 'failed' : 'done';
        }
        self::assertFalse($batch->add($orderNo, $simulator->now(), $simulator->now()));
        // Another process goes on with it.
        $again = $client->session->follow(new \Nnopen\BatchRules(rate: 20));
        self::assertSame(60, $again->resume($batch->snapshot(), $simulator->now()));
        $ends = [];
        foreach ($client->events($again) as $event) {
            self::assertSame($event->kind === 'done' ? '2' : '22', $event->rows[0]['status']);
            $ends[$event->keys[0]] = $event->kind;
        }
        ksort($ends);
        ksort($expected);
        self::assertSame($expected, $ends);
        self::assertSame([0, 57, 3], [$again->progress()->pending, $again->progress()->done, $again->progress()->failed]);
    }

    public function testAKeptCallIsGoneOnWith(): void
    {
        $simulator = self::$simulator;
        $client = $this->client(new Transport\CurlTransport());
        $orderNo = 'PHP' . bin2hex(random_bytes(6));
        $call = $client->session->settle(self::order($orderNo));
        // The process dies after the request has left.
        for ($step = null; !$step instanceof \Nnopen\Step\Send || !str_contains($step->request->body(), $orderNo);) {
            $step = $call->step($simulator->now(), random_bytes(20));
            if ($step instanceof \Nnopen\Step\Load) {
                $call->loaded(0, '', $simulator->now());
            } elseif ($step instanceof \Nnopen\Step\Swap) {
                $call->swapped(true, $simulator->now());
            } elseif ($step instanceof \Nnopen\Step\Send && str_contains($step->request->url, 'accessToken')) {
                $answer = (new Transport\CurlTransport())->send($step->request);
                $call->receive($answer->status, $answer->body(), $simulator->now());
            }
        }
        $kept = $call->snapshot();
        (new Transport\CurlTransport())->send($step->request);
        self::assertStringNotContainsString(Simulator::SECRET, $kept);
        $rows = $client->run($client->session->resume($kept));
        self::assertSame('2', $rows[0]['status']);
        self::assertSame(1, $simulator->invoices($orderNo));
    }

    public function testPushesAreReadAndAnswered(): void
    {
        $push = Push::read('{"operater":"callback","orderno":"A-1","content":"{\"c_fpqqlsh\":\"S1\",\"c_hjse\":0.00}"}');
        self::assertSame(['callback', true, 'A-1', 'S1'], [$push->operater, $push->known, $push->orderNo, $push->serialNo]);
        self::assertSame('0.00', $push->content()['c_hjse']);
        self::assertSame('nuonuo.OpeMplatform.queryInvoiceResult', $push->confirmMethod);
        self::assertStringContainsString('"0000"', Push::accepted());
        self::assertStringContainsString('忙', Push::refused('忙'));
    }

    private function code(\Closure $call): ?string
    {
        try {
            $call();

            return null;
        } catch (\Nnopen\NnopenException $error) {
            return $error->failure()->code;
        }
    }

    private function client(Transport $transport): Client
    {
        return new Client(self::$simulator->config(), new Store\FileStore($this->folder), $transport, self::$simulator);
    }

    private static function order(string $orderNo): RequestBillingNew
    {
        $order = json_decode((string) file_get_contents(__DIR__ . '/../../../examples/order.json'), true);
        $order['order']['orderNo'] = $orderNo;

        return new RequestBillingNew($order);
    }
}
