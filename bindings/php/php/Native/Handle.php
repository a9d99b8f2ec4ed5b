<?php

declare(strict_types=1);

namespace Nnopen\Native;

/** @internal C 库里一个对象的编号 · The number of something in the C library, closed with its last owner. */
final class Handle
{
    /** Those that are open; nothing yet. @var array<array-key, true>|null */
    private static ?array $open = null;

    public function __construct(public readonly string $number)
    {
        if (self::$open === null) {
            register_shutdown_function(self::afterAFatalError(...));
        }
        self::$open[$number] = true;
    }

    /** No destructor runs then, and the library outlives the request. */
    private static function afterAFatalError(): void
    {
        $fatal = E_ERROR | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR;
        if (((error_get_last()['type'] ?? 0) & $fatal) !== 0) {
            foreach (self::$open ?? [] as $number => $_) {
                Library::ask('close', (string) $number);
            }
            self::$open = [];
        }
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
        if (isset(self::$open[$this->number])) {
            unset(self::$open[$this->number]);
            Library::ask('close', $this->number);
        }
    }

    public function __serialize(): never
    {
        throw new \LogicException('this is not serialized');
    }

    private function __clone()
    {
    }
}
