<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use PHPUnit\Framework\TestCase;

/** Api.php: what was written against the official SDK runs as it is, without the extension. */
final class ApiTest extends TestCase
{
    private string $folder;

    protected function setUp(): void
    {
        $this->folder = sys_get_temp_dir() . '/nnopen-test-' . bin2hex(random_bytes(6));
    }

    protected function tearDown(): void
    {
        array_map('unlink', glob("{$this->folder}/*") ?: []);
        is_dir($this->folder) && rmdir($this->folder);
    }

    /** @return array<string, array{string}> */
    public static function signatures(): array
    {
        return ConformanceTest::signatures();
    }

    /** @dataProvider signatures */
    public function testSignature(string $file): void
    {
        require_once __DIR__ . '/../Api.php';
        Readers::signInPhp(Exact::parse(file_get_contents($file)));
        $this->addToAssertionCount(1);
    }

    /** @return array<string, array{string}> */
    public static function conversations(): array
    {
        $titles = [
            'stores/a-holder-that-does-not-come-back-is-taken-over-after-ninety-seconds',
            'stores/a-lease-that-is-over-by-more-than-any-clock-can-be-wrong-is-taken-over-at-once',
            'stores/a-lease-that-seems-over-by-our-clock-is-watched-for-ten-seconds',
            'stores/a-quota-that-others-have-used-up-is-respected',
            'stores/a-record-in-a-newer-form-is-refused-and-left-alone',
            'stores/a-record-of-another-application-is-refused-and-left-alone',
            'stores/a-record-of-another-merchant-is-refused-and-left-alone',
            'stores/a-record-of-another-platform-is-refused-and-left-alone',
            'stores/a-record-that-is-no-json-is-refused-and-left-alone',
            'stores/a-record-whose-ledger-can-not-be-read-is-refused-and-left-alone',
            'stores/a-record-without-its-fence-is-refused-and-left-alone',
            'stores/a-token-request-that-did-not-leave-is-taken-out-of-the-store-s-ledger',
            'stores/a-token-that-is-in-the-store-is-used',
            'stores/the-first-call-of-all-fetches-and-keeps-what-came',
            'stores/a-denial-is-a-pause-for-everybody',
            'stores/a-lost-token-answer-is-a-pause-for-everybody',
            'calls/an-answer-without-expires-in',
            'calls/an-empty-session-fetches-a-token-then-asks',
            'calls/an-expires-in-as-a-number',
            'calls/an-expires-in-as-text',
            'calls/an-expires-in-below-zero',
            'calls/an-expires-in-of-more-than-ten-years',
            'calls/an-expires-in-of-null',
            'calls/an-expires-in-of-one-hour',
            'calls/an-expires-in-of-zero',
            'calls/an-expires-in-that-cannot-be-read',
            'calls/an-expires-in-too-big-for-any-clock',
            'calls/an-ordinary-fetch-may-use-the-last-calls',
            'calls/entries-are-kept-for-sixty-days',
            'calls/every-field-of-a-client-credentials-grant-is-percent-encoded',
            'calls/in-production-the-tax-number-may-be-missing-and-its-header-is-empty',
            'calls/own-addresses-are-used-for-both-calls',
        ];

        return array_combine($titles, array_map(static fn (string $title) => [__DIR__ . "/../../../tests/vectors/{$title}.json"], $titles));
    }

    /** @dataProvider conversations */
    public function testTokensAreFetchedAsTheVectorsSay(string $file): void
    {
        require_once __DIR__ . '/../Api.php';
        self::assertGreaterThan(0, (new LegacyPlayer())->play(Exact::parse((string) file_get_contents($file))));
    }

    public function testAProgramOfTheOfficialSdkRunsUnchanged(): void
    {
        $simulator = new Simulator();
        $orderNo = 'LEGACY' . bin2hex(random_bytes(5));
        self::assertMatchesRegularExpression("/^token\nserial [1-9][0-9]*\nE9500\n$/", $this->runs($simulator, $orderNo));
        for ($at = 0; $at < 5; ++$at) {
            self::assertStringStartsWith("token\n", $this->runs($simulator, "{$orderNo}-{$at}"));
        }
        self::assertSame(1, $simulator->count('"target":"/accessToken"'));
    }

    public function testATokenThatIsRefusedIsFetchedAnew(): void
    {
        $simulator = new Simulator();
        $this->runs($simulator, 'A1');
        $simulator->admin('faults', ['fault' => 'expired_token', 'method' => 'nuonuo.electronInvoice.requestBilling']);
        self::assertStringStartsWith("token\n070301", $this->runs($simulator, 'A2'));
        $this->runs($simulator, 'A3');
        $this->runs($simulator, 'A4');
        self::assertSame(2, $simulator->count('"target":"/accessToken"'));
    }

    public function testWhatIsMissingAndWhoIsNotThereIsAnNnuoException(): void
    {
        require_once __DIR__ . '/../Api.php';
        putenv("NNOPEN_STATE_DIR={$this->folder}");
        putenv('NNOPEN_TOKEN_URL=http://127.0.0.1:9/accessToken');
        try {
            foreach ([['', 'x', 'AppKey不能为空'], ['SD00000001', 'x', 'curl出错']] as [$key, $secret, $message]) {
                try {
                    \Api::getMerchantToken($key, $secret);
                    self::fail('a token came');
                } catch (\NnuoException $error) {
                    self::assertStringContainsString($message, $error->errorMessage());
                }
            }
        } finally {
            putenv('NNOPEN_STATE_DIR');
            putenv('NNOPEN_TOKEN_URL');
        }
    }

    private function runs(Simulator $simulator, string $orderNo): string
    {
        $config = [
            'appKey' => 'SD00000001',
            'appSecret' => Simulator::SECRET,
            'taxnum' => '339901999999142',
            'url' => "{$simulator->url}/open/v1/services",
            'orderNo' => $orderNo,
        ];
        $environment = [
            'API_PHP' => __DIR__ . '/../Api.php',
            'LEGACY_CONFIG' => json_encode($config),
            'NNOPEN_TOKEN_URL' => "{$simulator->url}/accessToken",
            'NNOPEN_STATE_DIR' => $this->folder,
        ];
        $pipes = [];
        $process = proc_open([PHP_BINARY, __DIR__ . '/programs/legacy.php'], [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes, null, $environment);
        $told = (string) stream_get_contents($pipes[1]);
        self::assertSame(0, proc_close($process), $told);

        return $told;
    }
}
