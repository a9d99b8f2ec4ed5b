<?php

declare(strict_types=1);

// What nnopen costs in PHP beside a program that does the same work by hand: `cargo xtask bench php`.
//
// Both build and sign a request, down to the address, header lines and body that curl takes, or read an answer; nnopen checks
// an order against the model and all rules, the program by hand checks nothing. They run turn by turn in this process; the
// best round of each counts. A line of JSON for each.

use Nnopen\Call;
use Nnopen\Config;
use Nnopen\Session;
use Nnopen\Step\Done;
use Nnopen\Step\Send;

require dirname(__DIR__) . '/autoload.php';

const KEY = 'SD00000001';
const SECRET = 'SD00000000000001';
const TOKEN = '0123456789abcdef0123456789abcdef';
const TAX_NUM = '339901999999142';
const ISSUE = 'nuonuo.OpeMplatform.requestBillingNew';
const QUERY = 'nuonuo.OpeMplatform.queryInvoiceResult';
const ROUNDS = 300;
const ROUND = 2_000_000;

/** What curl takes: address, header lines, body. */
function byHand(string $method, string $body): array
{
    $senid = bin2hex(random_bytes(16));
    $nonce = (string) random_int(10_000_000, 99_999_999);
    $timestamp = (string) time();
    $text = 'a=services&l=v1&p=open&k=' . KEY . "&i={$senid}&n={$nonce}&t={$timestamp}&f={$body}";
    $headers = [
        'Content-Type: application/json',
        'X-Nuonuo-Sign: ' . base64_encode(hash_hmac('sha1', $text, SECRET, true)),
        'accessToken: ' . TOKEN,
        'userTax: ' . TAX_NUM,
        'method: ' . $method,
    ];

    return ["https://sdk.nuonuo.com/open/v1/services?senid={$senid}&nonce={$nonce}&timestamp={$timestamp}&appkey=" . KEY, $headers, $body];
}

/** The same of nnopen's call. */
function byNnopen(Call $call): array
{
    $step = $call->step(now(), random_bytes(20));
    $request = $step instanceof Send ? $step->request : throw new LogicException('there is nothing to send');

    return [$request->url, $request->headerLines(), $request->body()];
}

function order(int $lines): array
{
    return ['order' => [
        'buyerName' => '示例购方有限公司', 'buyerTaxNum' => '339901999999199', 'salerTaxNum' => TAX_NUM,
        'salerTel' => '0571-00000000', 'salerAddress' => '示例市示例路1号', 'orderNo' => 'BENCH-1',
        'invoiceDate' => '2026-09-22 10:00:00', 'clerk' => '示例', 'pushMode' => '1', 'buyerPhone' => '13800000000',
        'invoiceType' => '1', 'invoiceLine' => 'pc', 'invoiceDetail' => array_map(line(...), range(0, $lines - 1)),
    ]];
}

function line(int $at): array
{
    $cents = 10_000 + 100 * ($at % 977);
    $tax = intdiv($cents * 13, 100);
    $yuan = static fn (int $count): string => sprintf('%d.%02d', intdiv($count, 100), $count % 100);

    return [
        'goodsName' => '激光打印机', 'goodsCode' => '1090511030000000000', 'withTaxFlag' => '0', 'price' => $yuan($cents),
        'num' => '1', 'unit' => '台', 'specType' => 'A4 双面', 'tax' => $yuan($tax), 'taxRate' => '0.13',
        'taxExcludedAmount' => $yuan($cents), 'taxIncludedAmount' => $yuan($cents + $tax), 'invoiceLineProperty' => '0',
        'favouredPolicyFlag' => '0',
    ];
}

function answer(int $invoices): string
{
    $row = static fn (int $at): array => [
        'serialNo' => sprintf('26092210000000%06d', $at), 'orderNo' => "BENCH-{$at}", 'status' => '2', 'statusMsg' => '开票完成（最终状态）',
        'invoiceNo' => sprintf('26%018d', $at), 'invoiceTime' => 1790042400000 + $at, 'invoiceType' => '1', 'invoiceKind' => '数电普票',
        'salerName' => '示例销方有限公司', 'salerTaxNum' => TAX_NUM, 'payerName' => '示例购方有限公司', 'payerTaxNo' => '339901999999199',
        'orderAmount' => '113.00', 'exTaxAmount' => '100.00', 'taxAmount' => '13.00', 'pdfUrl' => "https://invoices.example/{$at}.pdf",
    ];
    $rows = array_map($row, range(0, $invoices - 1));

    return json_encode(['code' => 'E0000', 'describe' => '获取成功', 'result' => $rows], JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR);
}

function now(): int
{
    return (int) (microtime(true) * 1000);
}

function timed(int $turns, callable $program): float
{
    $begun = hrtime(true);
    for ($turn = 0; $turn < $turns; $turn++) {
        $program();
    }

    return (hrtime(true) - $begun) / $turns;
}

function compare(string $name, string $beside, callable $ours, callable $theirs): void
{
    $best = [INF, INF];
    $turns = [];
    foreach ([$ours, $theirs] as $program) {
        timed(20, $program);
        $turns[] = max(1, (int) (ROUND / timed(20, $program)));
    }
    for ($round = 0; $round < ROUNDS; $round++) {
        foreach ([$ours, $theirs] as $at => $program) {
            $best[$at] = min($best[$at], timed($turns[$at], $program));
        }
    }
    echo json_encode(['name' => $name, 'beside' => $beside, 'ours_ns' => round($best[0]), 'theirs_ns' => round($best[1]), 'ratio' => $best[1] / $best[0]], JSON_THROW_ON_ERROR), "\n";
}

/** Both do the same: what comes of one is of the other's form. */
function same(array $ours, array $theirs): void
{
    $form = static fn (array $request): array => [
        preg_replace('/(senid|nonce|timestamp)=[^&]*/', '$1=', $request[0]),
        preg_replace('/^X-Nuonuo-Sign: .*/', 'X-Nuonuo-Sign: ', $request[1]),
        json_decode($request[2], true, 512, JSON_THROW_ON_ERROR),
    ];
    $form($ours) == $form($theirs) || throw new LogicException('the programs do not do the same');
}

$session = new Session(Config::of([
    'app_key' => KEY, 'app_secret' => SECRET, 'tax_num' => TAX_NUM, 'environment' => 'production', 'permanent_token' => TOKEN,
]));
$door = Nnopen\Native::door();
echo json_encode(['runtime' => 'PHP ' . PHP_VERSION, 'core' => $door], JSON_THROW_ON_ERROR), "\n";

$text = json_encode(['filler' => str_repeat('x', 1024 - 13)], JSON_THROW_ON_ERROR);
same(byNnopen($session->raw(ISSUE, $text)), byHand(ISSUE, $text));
compare(
    "body of 1 KiB given as text, {$door}",
    'hash_hmac',
    static fn () => byNnopen($session->raw(ISSUE, $text)),
    static fn () => byHand(ISSUE, $text),
);
$flags = JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR;
foreach ([1, 10, 100] as $lines) {
    $params = order($lines);
    same(byNnopen($session->start('call', ISSUE, $params)), byHand(ISSUE, json_encode($params, $flags)));
    compare(
        "order of {$lines} lines, checked, {$door}",
        'json_encode + hash_hmac',
        static fn () => byNnopen($session->start('call', ISSUE, $params)),
        static fn () => byHand(ISSUE, json_encode($params, $flags)),
    );
}
$body = answer(50);
compare(
    "answer of 50 invoices, {$door}",
    'json_decode',
    static function () use ($session, $body): mixed {
        $call = $session->start('call', QUERY, ['orderNos' => ['BENCH-1']]);
        byNnopen($call);
        $call->receive(200, $body, now());

        $done = $call->step(now(), random_bytes(20));

        return $done instanceof Done ? $done->result() : throw new LogicException('the answer did not end the call');
    },
    static function () use ($body): mixed {
        byHand(QUERY, json_encode(['orderNos' => ['BENCH-1']], JSON_THROW_ON_ERROR));

        return json_decode($body, true, 512, JSON_THROW_ON_ERROR)['result'];
    },
);
