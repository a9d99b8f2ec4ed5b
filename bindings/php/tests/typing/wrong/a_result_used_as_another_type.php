<?php

declare(strict_types=1);

// 结果的状态当成列表用 · a status used as a list

use Nnopen\Api\Query\QueryInvoiceResult;
use Nnopen\Client;

function wrong(Client $client): int
{
    $rows = $client->call(new QueryInvoiceResult(['orderNos' => ['A-1']]));

    return count($rows[0]['status'] ?? '');
}
