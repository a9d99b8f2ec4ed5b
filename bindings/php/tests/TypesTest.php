<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use PHPUnit\Framework\TestCase;

/** The array shapes: what is right fits them, what is wrong is told before the program runs. */
final class TypesTest extends TestCase
{
    private const API = __DIR__ . '/../php/Api';

    public function testTheExamplesFitTheShapes(): void
    {
        $classes = self::classes();
        self::assertEqualsCanonicalizing(\Nnopen\Core::methods(), array_keys($classes));
        $played = 0;
        foreach (glob(__DIR__ . '/../../../tests/vectors/calls/*.json') ?: [] as $file) {
            $vector = json_decode((string) file_get_contents($file), true, 64, JSON_THROW_ON_ERROR);
            // Those that are made of the data's examples.
            if (!preg_match('/-[0-9]+\.json$/', $file) || isset($vector['start_error'])) {
                continue;
            }
            foreach ($vector['calls'] as $call) {
                $class = $classes[reset($call)] ?? null;
                if ($class !== null && isset($call['params'])) {
                    self::assertNull((new Shapes($class))->misfit('Params', self::plain($call['params'])), basename($file));
                    ++$played;
                }
            }
        }
        self::assertGreaterThanOrEqual(50, $played);
    }

    /** @return array<string, array{string, mixed}> */
    public static function wrong(): array
    {
        return [
            'a float for money' => ['Params.order.invoiceDetail[0].price', ['order.invoiceDetail.0.price', 106.0]],
            'a price that is no number' => ['Params.order.invoiceDetail[0].price', ['order.invoiceDetail.0.price', 'a lot']],
            'a line instead of a list' => ['Params.order.invoiceDetail', ['order.invoiceDetail', ['goodsName' => '服务']]],
            'a misspelt member' => ['Params.order.buyerNmae', ['order.buyerNmae', '示例']],
            'no order number' => ['Params.order.orderNo', ['order.orderNo', null, true]],
            'no lines' => ['Params.order.invoiceDetail', ['order.invoiceDetail', null, true]],
            'a number for a name' => ['Params.order.buyerName', ['order.buyerName', 1]],
            'no order' => ['Params.order', ['order', null, true]],
            'an order as text' => ['Params.order', ['order', '{}']],
            'a line as text' => ['Params.order.invoiceDetail[0]', ['order.invoiceDetail.0', '服务']],
        ];
    }

    /**
     * @dataProvider wrong
     *
     * @param array{string, mixed, 2?: true} $change
     */
    public function testWhatIsWrongDoesNotFit(string $where, array $change): void
    {
        $order = self::plain(json_decode((string) file_get_contents(__DIR__ . '/../../../examples/order.json'), true));
        $shapes = new Shapes(\Nnopen\Api\Invoicing\RequestBillingNew::class);
        self::assertNull($shapes->misfit('Params', $order));
        $at = &$order;
        $names = explode('.', $change[0]);
        $last = array_pop($names);
        foreach ($names as $name) {
            $at = &$at[$name];
        }
        if (isset($change[2])) {
            unset($at[$last]);
        } else {
            $at[$last] = $change[1];
        }
        self::assertSame($where, $shapes->misfit('Params', $order));
    }

    public function testTheCheckerRefusesWrongProgramsAndNoOther(): void
    {
        exec('mago --version 2>&1', $version, $status);
        $status === 0 || self::markTestSkipped('needs mago: cargo install mago --version 1.29.0 --locked');
        [$status, $told] = self::checked('php/Api tests/typing/good.php');
        self::assertSame(0, $status, $told);
        $programs = glob(__DIR__ . '/typing/wrong/*.php') ?: [];
        self::assertGreaterThanOrEqual(10, count($programs));
        foreach ($programs as $program) {
            [$status, $told] = self::checked(escapeshellarg($program));
            self::assertNotSame(0, $status, $program);
            // For the reason that it was written for, and for no other.
            self::assertStringContainsString('found 1 issues: 1 error(s)', $told, $program);
        }
    }

    /** @return array{int, string} */
    private static function checked(string $what): array
    {
        exec('cd ' . escapeshellarg(dirname(__DIR__)) . " && mago analyze {$what} 2>&1", $lines, $status);

        return [$status, implode("\n", $lines)];
    }

    /** @return array<string, class-string> by the method's name */
    private static function classes(): array
    {
        $classes = [];
        foreach (glob(self::API . '/*/*.php') ?: [] as $file) {
            $class = 'Nnopen\\Api\\' . basename(dirname($file)) . '\\' . basename($file, '.php');
            if (basename(dirname($file)) !== 'Code') {
                $classes[$class::METHOD] = $class;
            }
        }

        return $classes;
    }

    /** As PHP writes it: decimals are texts, no float. */
    private static function plain(mixed $value): mixed
    {
        return match (true) {
            is_array($value) => array_map(self::plain(...), $value),
            is_float($value) => (string) $value,
            default => $value,
        };
    }
}
