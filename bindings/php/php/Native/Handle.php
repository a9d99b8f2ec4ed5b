<?php

declare(strict_types=1);

namespace Nnopen\Native;

/** @internal C 库里一个对象的编号 · The number of something in the C library, closed with its last owner. */
final class Handle
{
    public function __construct(public readonly string $number)
    {
    }

    /**
     * @param class-string|null $class
     *
     * @return array{ok: object}|array{failure: string}
     */
    public static function of(string $class, #[\SensitiveParameter] string ...$question): array
    {
        $told = Library::one(...$question);

        return isset($told['ok']) ? ['ok' => new $class(new self($told['ok']))] : $told;
    }

    public function __destruct()
    {
        Library::ask('close', $this->number);
    }

    public function __serialize(): never
    {
        throw new \LogicException('this is not serialized');
    }

    private function __clone()
    {
    }
}
