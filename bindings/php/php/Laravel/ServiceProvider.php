<?php

declare(strict_types=1);

namespace Nnopen\Laravel;

use Nnopen\Client;
use Nnopen\Config;
use Nnopen\Store\FileStore;
use Nnopen\TokenStore;
use Nnopen\Transport;

/**
 * Laravel：容器里的 Nnopen\Client，设置在 config/nnopen.php · For Laravel: one client, by the settings of config/nnopen.php.
 *
 * Bind TokenStore (several machines: RedisStore) or Transport in the container, and the client takes them.
 */
final class ServiceProvider extends \Illuminate\Support\ServiceProvider
{
    public function register(): void
    {
        $this->mergeConfigFrom(__DIR__ . '/config.php', 'nnopen');
        $this->app->singleton(Client::class, static function ($app): Client {
            /** @var array{app_key: string, app_secret: string, tax_num: string, state_dir?: string|null, ...} $settings */
            $settings = $app->make('config')->get('nnopen');

            return new Client(
                Config::of($settings),
                $app->bound(TokenStore::class)
                    ? $app->make(TokenStore::class)
                    : new FileStore($settings['state_dir'] ?? $app->storagePath() . '/app/nnopen'),
                $app->bound(Transport::class) ? $app->make(Transport::class) : null,
            );
        });
    }

    public function boot(): void
    {
        // Published as config/nnopen.php by `php artisan vendor:publish --tag=nnopen-config`.
        $this->publishes([__DIR__ . '/config.php' => $this->app->basePath('config/nnopen.php')], 'nnopen-config');
    }
}
