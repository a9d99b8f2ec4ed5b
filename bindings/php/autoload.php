<?php

/** 不用 Composer 时的自动加载 · Loads the classes where there is no Composer. */

declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'Nnopen\\')) {
        $file = __DIR__ . '/php/' . strtr(substr($class, 7), '\\', '/') . '.php';
        if (is_file($file)) {
            require $file;
        }
    }
});
