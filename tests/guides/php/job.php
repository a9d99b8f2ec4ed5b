<?php

require getenv('GUIDES') . '/php/host.php';

use Nnopen\Api\Invoicing\RequestBillingNew;

final class IssueInvoice
{
    /** @param array<string, mixed> $order */
    public function __construct(private readonly array $order) {}

    // BLOCK
}

$app = Nnopen\Tests\LaravelApplication::of($settings, getcwd());
$app->call([new IssueInvoice($order), 'handle']);
$app->call([new IssueInvoice($order), 'handle']);
$orders = json_decode(file_get_contents(getenv('SIMULATOR') . '/_simulator/orders'), true);
count($orders) === 1 && count($orders[0]['invoices']) === 1 || throw new RuntimeException(json_encode($orders));
