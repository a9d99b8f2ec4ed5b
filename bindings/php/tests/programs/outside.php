<?php

declare(strict_types=1);

// The package as it is installed, used from outside the tree: arguments are its folder, the simulator and the door.

[, $package, $url, $door] = $argv;
require "{$package}/autoload.php";

if (Nnopen\Native::door() !== $door) {
    fwrite(STDERR, "the core is not reached by {$door}\n");
    exit(1);
}
$client = new Nnopen\Client(Nnopen\Config::of([
    'app_key' => 'SD00000001',
    'app_secret' => 'SD00000000000001',
    'tax_num' => '339901999999142',
    'service_url' => "{$url}/open/v1/services",
    'token_url' => "{$url}/accessToken",
]));
$line = ['goodsName' => '服务', 'goodsCode' => '3040201000000000000', 'withTaxFlag' => '1', 'num' => '1', 'price' => '106.00', 'taxRate' => '0.06'];
$rows = $client->settle(new Nnopen\Api\Invoicing\RequestBillingNew(['order' => Nnopen\Order::fill([
    'buyerName' => '示例购方有限公司',
    'buyerTaxNum' => '91330106MA00000003',
    'salerTaxNum' => '339901999999142',
    'salerTel' => '0571-00000001',
    'salerAddress' => '示例路1号',
    'orderNo' => 'OUT' . bin2hex(random_bytes(6)),
    'invoiceDate' => date('Y-m-d H:i:s'),
    'clerk' => '张三',
    'pushMode' => '-1',
    'invoiceType' => '1',
    'invoiceLine' => 'pc',
    'invoiceDetail' => [$line],
])]));
echo "{$door}: {$rows[0]['status']} {$rows[0]['orderAmount']}\n";
exit($rows[0]['status'] === '2' && $rows[0]['orderAmount'] === '106.00' ? 0 : 1);
