<?php

declare(strict_types=1);

// A program as it should be: the checker has nothing to say.

use Nnopen\Api\Code\InvoiceLine;
use Nnopen\Api\Invoicing\RequestBillingNew;
use Nnopen\Api\Query\QueryInvoiceResult;
use Nnopen\Client;
use Nnopen\Config;
use Nnopen\NnopenException;

function good(string $secret): string
{
    $client = new Client(Config::of(['app_key' => 'SD00000001', 'app_secret' => $secret, 'tax_num' => '339901999999142']));
    try {
        $invoices = $client->settle(new RequestBillingNew([
            'order' => [
                'buyerName' => '示例购方有限公司',
                'salerTaxNum' => '339901999999142',
                'salerTel' => '0571-00000001',
                'salerAddress' => '示例路1号',
                'orderNo' => 'A-1',
                'invoiceDate' => '2026-01-01 00:00:00',
                'clerk' => '张三',
                'invoiceType' => '1',
                'invoiceLine' => InvoiceLine::cases()[0],
                'invoiceDetail' => [
                    ['goodsName' => '服务', 'withTaxFlag' => '1', 'price' => '106.00', 'num' => 1, 'taxRate' => '0.06'],
                ],
            ],
        ]));
        $found = $client->call(new QueryInvoiceResult(['orderNos' => ['A-1']]));

        return ($invoices[0]['status'] ?? '') . ($found[0]['orderAmount'] ?? '0.00');
    } catch (NnopenException $error) {
        return $error->failure()->code ?? $error->failure()->kind->value;
    }
}
