<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use Illuminate\Config\Repository;
use Illuminate\Container\Container;
use Nnopen\Laravel\ServiceProvider;

/** What of an application of Laravel the provider needs. */
final class LaravelApplication extends Container
{
    private string $storage = '';

    /** @param array<string, mixed> $settings */
    public static function of(array $settings, string $storage): self
    {
        $app = new self();
        $app->storage = $storage;
        $app->instance('config', new Repository(['nnopen' => $settings]));
        $provider = new ServiceProvider($app);
        $provider->register();
        $provider->boot();

        return $app;
    }

    public function storagePath(): string
    {
        return $this->storage;
    }

    public function basePath(string $path = ''): string
    {
        return "/base/{$path}";
    }
}
