<?php

declare(strict_types=1);

namespace Nnopen;

use Nnopen\Native\Library;

/**
 * 订单发送之前：算税、拆单、红字 · Orders before they are sent: amounts, splitting, red orders. Exact, without the network.
 *
 * An order is what stands under `order` in the params of `nuonuo.OpeMplatform.requestBillingNew`; amounts are texts.
 */
final class Order
{
    /**
     * 一行的不含税金额、税额、含税金额 · A line's three amounts.
     *
     * @param array<array-key, mixed> $line
     *
     * @return array{taxExcluded: numeric-string, tax: numeric-string, taxIncluded: numeric-string}
     */
    public static function amounts(array $line): array
    {
        Native::need();

        return self::named(Native::ok(Library::ask('amounts', $line)));
    }

    /**
     * 全部行合计 · The amounts of all lines together.
     *
     * @param array<array-key, mixed> $order
     *
     * @return array{taxExcluded: numeric-string, tax: numeric-string, taxIncluded: numeric-string}
     */
    public static function totals(array $order): array
    {
        Native::need();

        return self::named(Native::ok(Library::ask('totals', $order)));
    }

    /**
     * 补上各行缺的金额 · The order with the amounts that its lines lack.
     *
     * @param array<array-key, mixed> $order
     *
     * @return array<string, mixed>
     */
    public static function fill(array $order): array
    {
        Native::need();

        return Json::read((string) Native::ok(Library::ask('fill', $order)));
    }

    /**
     * 按不含税限额拆单；各单合计与原单分毫不差 · Orders of at most `$limit` without tax; together they come to the same cent.
     *
     * @param array<array-key, mixed> $order
     *
     * @return list<array<string, mixed>>
     */
    public static function split(array $order, string $limit): array
    {
        Native::need();

        return Json::read((string) Native::ok(Library::ask('split', $order, $limit)));
    }

    /**
     * 冲红 $blue 的订单 · The order that takes back `$blue`.
     *
     * @param array<array-key, mixed> $blue
     *
     * @return array<string, mixed>
     */
    public static function red(array $blue, string $orderNo, string $invoiceDate, string|Api\Code\RedReason $reason): array
    {
        Native::need();
        $reason = is_string($reason) ? $reason : $reason->value;

        return Json::read((string) Native::ok(Library::ask('red', $blue, $orderNo, $invoiceDate, $reason)));
    }

    /**
     * @param list<string> $told
     *
     * @return array{taxExcluded: numeric-string, tax: numeric-string, taxIncluded: numeric-string}
     */
    private static function named(array $told): array
    {
        return array_combine(['taxExcluded', 'tax', 'taxIncluded'], $told);
    }
}
