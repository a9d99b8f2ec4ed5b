<?php

declare(strict_types=1);

namespace Nnopen\Native;

/**
 * 核心里一个对象的编号，用于 FFI · Over FFI, the number of something in the core, closed with its last owner.
 *
 * It is asked as the extension's own `Held` is.
 *
 * @internal
 */
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

    /** 问核心 · Asks the core about it. */
    public function ask(string $word, #[\SensitiveParameter] mixed ...$parts): mixed
    {
        return Library::ask($word, $this, ...$parts);
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
