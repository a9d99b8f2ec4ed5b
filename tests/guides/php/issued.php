<?php

require getenv('GUIDES') . '/php/host.php';

use Nnopen\Api\Invoicing\RequestBillingNew;

[$invoice] = $client->settle(new RequestBillingNew(['order' => $order]));

// BLOCK

$sent = json_decode(file_get_contents(getenv('SIMULATOR') . '/_simulator/deliveries'), true);
count($sent) === 1 || throw new RuntimeException(json_encode($sent));
