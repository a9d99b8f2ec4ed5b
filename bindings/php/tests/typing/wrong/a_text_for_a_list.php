<?php

declare(strict_types=1);

// 列表写成文本 · a text where a list belongs

use Nnopen\Api\Query\QueryInvoiceResult;

return new QueryInvoiceResult(['orderNos' => 'A-1']);
