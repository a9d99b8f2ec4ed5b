<?php

declare(strict_types=1);

require __DIR__ . '/../autoload.php';

spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'Nnopen\\Tests\\')) {
        require __DIR__ . '/' . substr($class, 13) . '.php';
    }
});

// PSR interfaces and clients from the system's packages, where they are installed.
foreach (['GuzzleHttp', 'Symfony/Component/HttpClient', 'Symfony/Component/Cache', 'Nyholm/Psr7', 'Psr/SimpleCache', 'Illuminate/Container',
    'Illuminate/Config', 'Illuminate/Support', 'PhpOption', 'Dotenv', 'PHPStan/PhpDocParser'] as $package) {
    $file = "/usr/share/php/{$package}/autoload.php";
    if (is_file($file)) {
        require_once $file;
    }
}

// As in development: what an exception holds is seen whole.
ini_set('zend.exception_ignore_args', '0');
