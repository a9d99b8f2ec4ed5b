<?php

declare(strict_types=1);

// By which door the core is reached, and what it knows; without the core: what is said then. For a process of its own.

require __DIR__ . '/../../autoload.php';

enum Bare
{
    case One;
}

enum Whole: int
{
    case Two = 2;
}

final class Own extends stdClass
{
}

final class Told
{
    public function __toString(): string
    {
        return 'told';
    }
}

/** Params of all that PHP has. */
function odd(): array
{
    $within = ['a' => 1];
    $within['self'] = &$within;
    $ring = new stdClass();
    $ring->ring = [$ring];
    $text = 'A';
    $deep = static fn (mixed $value, int $levels): mixed => array_reduce(range(1, $levels), static fn ($inner) => ['x' => $inner], $value);
    $rest = [
        'array that holds itself' => $within, 'object that holds itself' => $ring, 'float' => 0.5, 'infinite' => -INF,
        'whole float' => 1.0, 'bytes' => "\xff", 'name of bytes' => ["\xff" => 1], 'names of bytes' => ['x' => ["a\xff" => 1, 'b' => 2]],
        'resource' => STDIN, 'closure' => static fn () => 1, 'date' => new DateTimeImmutable('2026-01-01'), 'bare case' => Bare::One,
        'case' => Whole::Two, 'case of texts' => Nnopen\Api\Code\YesNo::from('1'), 'Stringable' => new Told(), 'object' => (object) ['a' => new Told()],
        'empty object' => new stdClass(), 'own empty object' => new Own(), 'ArrayObject' => new ArrayObject([1]), 'reference' => [&$text, 'b' => &$text],
        'null' => null, 'true' => true, 'false' => false, 'zero' => 0, 'least' => PHP_INT_MIN, 'nothing' => [], 'nothing within' => [[]],
        'holes' => [1 => 'a', 2 => 'b'], 'numbers and names' => [0 => 'a', 'b' => 1], 'below zero' => [-1 => 'a'], 'backwards' => [1 => 'b', 0 => 'a'],
        'empty name' => ['' => 1], 'zero byte' => ["\0" => 'float'], 'deep' => $deep(1, 60), 'deeper' => $deep(1, 70), 'deepest' => $deep(0.5, 500),
        'a float among many' => array_fill(0, 100, 'x') + [100 => 0.1],
    ];
    foreach ($rest as $name => $value) {
        $odd[$name] = ['orderNos' => ['A'], 'x' => $value];
        $odd["{$name}, listed"] = ['orderNos' => ['A', $value]];
        $odd["{$name}, alone"] = is_array($value) ? $value : [$value];
    }

    return $odd;
}

/** Results of all that JSON has, as the values that they become and as their own text. */
function read(): array
{
    $results = [
        '{"5":1,"05":2,"-5":3,"-0":4,"":5,"a":6,"b":7,"a":8,"+1":9,"1.0":10,"9223372036854775807":11,"9223372036854775808":12}',
        '{"-9223372036854775808":1,"-9223372036854775809":2,"\u0000x":3,"\u5f00":4,"5":5,"5":6}',
        '[{"a":1,"b":2},{"a":1,"c":3},{"b":1,"a":2},{},{"a":[{"a":[]}],"b":{"a":{}}},{"0":1,"b":2},{"a":1,"b":2},[],null,{"a":1,"0":3,"b":4}]',
        '[true,false,null,0,-0.00,1e5,20190801120207971529,"","\ud83d\ude00\n\"",[[[]]]]',
        '"text"', '5', 'null', 'false', '{}', '[]', '""',
    ];
    $session = new Nnopen\Session(new Nnopen\Config('SD00000001', 'SD00000000000001', '339901999999142', 'sandbox', permanentToken: 'P-1'));
    foreach ($results as $at => $result) {
        $call = $session->start('call', 'nuonuo.OpeMplatform.queryInvoiceResult', ['orderNos' => ['A']]);
        $call->step(1_700_000_000_000, str_pad("{$at}", 20, 'x'));
        $call->receive(200, "{\"code\":\"E0000\",\"result\":{$result}}", 1_700_000_000_100);
        $done = $call->step(1_700_000_000_200, str_pad("{$at}", 20, 'y'));
        $read[] = [serialize($done->result()), isset($done->json), $done->json, $done->json, isset($done->other)];
    }

    return $read;
}

$face = ['door' => Nnopen\Native::door()];
try {
    $face['methods'] = Nnopen\Core::methods();
    // A word that is none, or no text; an argument that lacks; a number of nothing.
    foreach ([['what'], ["\xff"], ['snapshot'], ['snapshot', '9']] as $question) {
        $face['answers'][] = Nnopen\Native\Library::ask(...$question);
    }
    foreach (odd() as $name => $params) {
        $face['odd'][$name] = Nnopen\Core::check('nuonuo.OpeMplatform.queryInvoiceResult', $params);
        $face['odd'][$name][] = Nnopen\Core::body('nuonuo.OpeMplatform.queryInvoiceResult', $params);
    }
    $face['read'] = read();
    // Params where a text belongs, and lengths that lie.
    foreach ([[['what']], ['snapshot', ['9']]] as $question) {
        $face['lies'][] = Nnopen\Native\Library::ask(...$question)[0];
    }
    foreach ($face['door'] === 'ffi' ? ['', "\xff", str_repeat("\xff", 8), pack('J', 5) . 'what'] : [] as $question) {
        $face['lies'][] = substr(Nnopen\Native\Library::answer($question), 8, 7);
    }
} catch (Nnopen\NnopenException $refused) {
    $face['refused'] = $refused->getMessage();
}
echo json_encode($face, JSON_THROW_ON_ERROR);
