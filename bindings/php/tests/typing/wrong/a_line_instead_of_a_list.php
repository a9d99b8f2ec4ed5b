<?php

declare(strict_types=1);

// 单个明细，不是列表 · one line where a list belongs

use Nnopen\Api\Invoicing\RequestBillingNew;

return new RequestBillingNew([
    'order' => [
        'buyerName' => '示例购方有限公司',
        'salerTaxNum' => '339901999999142',
        'salerTel' => '0571-00000001',
        'salerAddress' => '示例路1号',
        'orderNo' => 'A-1',
        'invoiceDate' => '2026-01-01 00:00:00',
        'clerk' => '张三',
        'invoiceType' => '1',
        'invoiceDetail' => ['goodsName' => '服务', 'withTaxFlag' => '1', 'price' => '106.00', 'num' => 1, 'taxRate' => '0.06'],
    ],
]);
