<?php

// As much of Laravel as a route needs: its router and its requests; the helpers are those of laravel/framework.

require getenv('GUIDES') . '/php/host.php';

use Illuminate\Container\Container;
use Illuminate\Events\Dispatcher;
use Illuminate\Support\Facades\Facade;

foreach (['Http', 'Routing'] as $package) {
    require_once "/usr/share/php/Illuminate/{$package}/autoload.php";
}

$app = Nnopen\Tests\LaravelApplication::of($settings + ['push_key' => '6f1c9a'], getcwd());
Container::setInstance($app);
$app->singleton('router', fn () => new Illuminate\Routing\Router(new class implements Illuminate\Contracts\Events\Dispatcher {
    public function listen($events, $listener = null) {}
    public function hasListeners($eventName) { return false; }
    public function subscribe($subscriber) {}
    public function until($event, $payload = []) {}
    public function dispatch($event, $payload = [], $halt = false) {}
    public function push($event, $payload = []) {}
    public function flush($event) {}
    public function forget($event) {}
    public function forgetPushed() {}
}, $app));
Facade::setFacadeApplication($app);
$confirmed = [];

function config(string $name): mixed
{
    return Container::getInstance()->make('config')->get($name);
}
function abort_unless(bool $condition, int $status): void
{
    $condition || throw new Symfony\Component\HttpKernel\Exception\HttpException($status);
}
function dispatch(Closure $job): void
{
    Container::getInstance()->call($job);
}
function response(string $content, int $status, array $headers): Illuminate\Http\Response
{
    return new Illuminate\Http\Response($content, $status, $headers);
}
function record(array $rows): void
{
    $GLOBALS['confirmed'] = $rows;
}

// BLOCK

$client = $app->make(Nnopen\Client::class);
$client->settle(new Nnopen\Api\Invoicing\RequestBillingNew(['order' => $order]));
$body = http_build_query(['operater' => 'callback', 'orderno' => $order['orderNo'], 'content' => json_encode(['c_orderno' => $order['orderNo']])]);
$form = ['CONTENT_TYPE' => 'application/x-www-form-urlencoded;charset=UTF-8'];
$ask = function (string $key) use ($app, $form, $body) {
    $app->instance(Request::class, $request = Request::create("/nuonuo/{$key}", 'POST', [], [], [], $form, $body));

    return $app->make('router')->dispatch($request);
};
$answer = $ask('6f1c9a');
str_contains($answer->getContent(), '0000') || throw new RuntimeException($answer->getContent());
count($confirmed) === 1 || throw new RuntimeException(json_encode($confirmed));
try {
    $ask('guessed');
    throw new LogicException('anybody may push');
} catch (Symfony\Component\HttpKernel\Exception\HttpException $refused) {
    $refused->getStatusCode() === 404 || throw $refused;
}
