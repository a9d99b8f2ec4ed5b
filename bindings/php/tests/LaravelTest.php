<?php

declare(strict_types=1);

namespace Nnopen\Tests;

use Illuminate\Config\Repository;
use Nnopen\Client;
use Nnopen\Laravel\ServiceProvider;
use Nnopen\Store\MemoryStore;
use Nnopen\TokenStore;
use PHPUnit\Framework\TestCase;

/** The service provider in Laravel's own container. */
final class LaravelTest extends TestCase
{
    protected function setUp(): void
    {
        $there = class_exists(\Illuminate\Container\Container::class) && class_exists(Repository::class)
            && class_exists(\Illuminate\Support\ServiceProvider::class);
        $there || self::markTestSkipped('needs illuminate/container, config and support');
    }

    public function testTheContainerGivesOneClientThatWorks(): void
    {
        $simulator = new Simulator();
        $folder = sys_get_temp_dir() . '/nnopen-laravel-' . bin2hex(random_bytes(6));
        $app = LaravelApplication::of([
            'app_key' => 'SD00000001',
            'app_secret' => Simulator::SECRET,
            'tax_num' => '339901999999142',
            'service_url' => "{$simulator->url}/open/v1/services",
            'token_url' => "{$simulator->url}/accessToken",
        ], $folder);
        try {
            $client = $app->make(Client::class);
            self::assertSame($client, $app->make(Client::class));
            $client->run($client->session->signIn());
            self::assertSame(1, $simulator->count('"target":"/accessToken"'));
            self::assertCount(1, glob("{$folder}/app/nnopen/*.token") ?: []);
        } finally {
            array_map('unlink', glob("{$folder}/app/nnopen/*") ?: []);
            @rmdir("{$folder}/app/nnopen") && rmdir("{$folder}/app") && rmdir($folder);
        }
    }

    public function testABoundStoreIsTaken(): void
    {
        $simulator = new Simulator();
        $app = LaravelApplication::of([
            'app_key' => 'SD00000001',
            'app_secret' => Simulator::SECRET,
            'tax_num' => '339901999999142',
            'service_url' => "{$simulator->url}/open/v1/services",
            'token_url' => "{$simulator->url}/accessToken",
        ], '/no/such/folder');
        $store = new MemoryStore();
        $app->instance(TokenStore::class, $store);
        $client = $app->make(Client::class);
        $client->run($client->session->signIn());
        self::assertSame(2, $store->load($client->session->storeKey())[0]);
    }

    public function testTheSettingsCanBePublished(): void
    {
        $app = LaravelApplication::of([], '/tmp');
        $paths = ServiceProvider::pathsToPublish(ServiceProvider::class, 'nnopen-config');
        self::assertSame(["{$app->basePath('config/nnopen.php')}"], array_values($paths));
        self::assertFileExists((string) array_key_first($paths));
    }
}
