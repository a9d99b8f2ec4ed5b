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
