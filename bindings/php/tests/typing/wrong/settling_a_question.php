<?php

declare(strict_types=1);

// 查询不能 settle · a question can not be settled

use Nnopen\Api\Query\QueryInvoiceResult;
use Nnopen\Client;

function wrong(Client $client): mixed
{
    return $client->settle(new QueryInvoiceResult(['orderNos' => ['A-1']]));
}
