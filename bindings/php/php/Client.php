<?php

declare(strict_types=1);

namespace Nnopen;

use Nnopen\Step\Done;
use Nnopen\Step\Event;
use Nnopen\Step\Idle;
use Nnopen\Step\Load;
use Nnopen\Step\Send;
use Nnopen\Step\Swap;
use Nnopen\Step\Wait;
use Nnopen\Store\FileStore;
use Nnopen\Transport\CurlTransport;
use Nnopen\Transport\NoAnswer;
use Nnopen\Transport\StreamTransport;

/**
 * 诺诺开放平台的客户端 · The client: drives the core over a transport, keeps the token in a store.
 *
 * ```php
 * $client = new Nnopen\Client(new Nnopen\Config($appKey, $appSecret, $taxNum));
 * $invoices = $client->settle(new Nnopen\Api\Invoicing\RequestBillingNew(['order' => $order]));
 * ```
 */
final class Client
{
    public readonly Session $session;
    private readonly Transport $transport;
    private readonly TokenStore $store;

    /**
     * @param TokenStore|null $store     令牌放在哪里，默认是文件 · where the token is kept; a file by default
     * @param Transport|null  $transport 怎样发送，默认用 curl 扩展，没有就用流 · by default curl, else PHP's streams
     */
    public function __construct(
        Config $config,
        ?TokenStore $store = null,
        ?Transport $transport = null,
        private readonly Clock $clock = new SystemClock(),
    ) {
        // A permanent token is nothing to share.
        $this->session = new Session($config, !$config->isPermanent());
        $this->store = $store ?? new FileStore();
        $this->transport = $transport ?? (extension_loaded('curl') ? new CurlTransport() : new StreamTransport());
    }

    /**
     * 调用一次 · Once.
     *
     * @template TResult
     *
     * @param Endpoint<TResult> $endpoint
     *
     * @return TResult 其中的数字一律是字符串 · every number in it is a string
     *
     * @throws NnopenException
     */
    public function call(Endpoint $endpoint): mixed
    {
        return $this->run($this->session->call($endpoint));
    }

    /**
     * 查询，直到有结果 · Asks until there is an answer.
     *
     * @template TResult
     *
     * @param Polls<TResult> $endpoint
     *
     * @return TResult
     *
     * @throws NnopenException
     */
    public function poll(Polls $endpoint): mixed
    {
        return $this->run($this->session->poll($endpoint));
    }

    /**
     * 开票等写操作，一直跟到最终结果；应答丢了就先查询，不会重复 · A write followed to its end, never done twice.
     *
     * @template TSettled
     *
     * @param Settles<mixed, TSettled> $endpoint
     *
     * @return TSettled
     *
     * @throws NnopenException
     */
    public function settle(Settles $endpoint): mixed
    {
        return $this->run($this->session->settle($endpoint));
    }

    /**
     * 同上，但先查询：进程被杀、任务重跑之后用它 · The same, asking first: for what may have been sent before.
     *
     * @template TSettled
     *
     * @param Settles<mixed, TSettled> $endpoint
     *
     * @return TSettled
     *
     * @throws NnopenException
     */
    public function settleAgain(Settles $endpoint): mixed
    {
        return $this->run($this->session->settleAgain($endpoint));
    }

    /**
     * 按接口名调用 · By the method's name on the wire.
     *
     * @param array<array-key, mixed>|string $params 数组，或 JSON 文本 · an array, or JSON text
     *
     * @throws NnopenException
     */
    public function named(string $method, array|string $params): mixed
    {
        return $this->run($this->session->start('call', $method, $params));
    }

    /**
     * 查询确认一个回传；无从查询则为 null · Asks the platform what a push says; null if there is nothing to ask by.
     *
     * @throws NnopenException
     */
    public function confirm(Push $push): mixed
    {
        return $push->confirmMethod === null ? null : $this->named($push->confirmMethod, $push->confirmParams ?? '{}');
    }

    /**
     * 自己写好的内容，原样签名、发送 · A body of your own, signed and sent byte for byte.
     *
     * @throws NnopenException
     */
    public function raw(string $method, string $body): mixed
    {
        return $this->run($this->session->raw($method, $body));
    }

    /**
     * 把一件事做到底 · Drives a call to its end.
     *
     * @template TResult
     *
     * @param Call<TResult> $call
     *
     * @return TResult
     *
     * @throws NnopenException
     */
    public function run(Call $call): mixed
    {
        do {
            $step = $this->step($call);
        } while (!$step instanceof Done);

        return $step->result();
    }

    /**
     * 批次的事件，直到没有要跟踪的订单；先处理事件，再保存快照 · A batch's events, until nothing is followed.
     *
     * ```php
     * $batch = $client->session->follow();
     * $batch->add($orderNo, $submittedAt, (int) (microtime(true) * 1000));
     * foreach ($client->events($batch) as $event) { … }
     * ```
     *
     * @return \Generator<int, Event>
     *
     * @throws NnopenException
     */
    public function events(Batch $batch): \Generator
    {
        while (!($step = $this->step($batch)) instanceof Idle) {
            if ($step instanceof Event) {
                yield $step;
            }
        }
    }

    /**
     * Does what is to be done now, and tells what it was.
     *
     * @param Call<mixed>|Batch $call
     */
    private function step(Call|Batch $call): Step
    {
        $step = $call->step($this->clock->now(), random_bytes(20));
        if ($step instanceof Send) {
            $this->send($call, $step->request);
        } elseif ($step instanceof Wait) {
            // Woken now and then, so that a clock that was set is noticed.
            $this->clock->sleep(max(0, min($step->until - $this->clock->now(), 5_000)));
        } elseif ($step instanceof Load || $step instanceof Swap) {
            $this->keep($call, $step);
        }

        return $step;
    }

    /** @param Call<mixed>|Batch $call */
    private function send(Call|Batch $call, Request $request): void
    {
        try {
            $answer = $this->transport->send($request);
        } catch (NoAnswer $lost) {
            $call->fail($lost->notSent, $lost->getMessage(), $this->clock->now());

            return;
        } catch (\Exception $fault) {
            // Of the caller's own transport: the request may have left all the same.
            $call->fail(false, self::reason($fault), $this->clock->now());

            return;
        } catch (\Error $fault) {
            // A fault of the program: nobody should go on after it, though the request may have left.
            $call->fail(false, $fault::class, $this->clock->now());
            throw $fault;
        }
        $call->receive($answer->status, $answer->body(), $this->clock->now());
    }

    /**
     * 读写令牌的存放处 · Reads the token's store, or puts something there.
     *
     * @param Call<mixed>|Batch $call
     */
    private function keep(Call|Batch $call, Load|Swap $step): void
    {
        $key = $this->session->storeKey();
        try {
            if ($step instanceof Swap) {
                $stored = $this->store->swap($key, $step->version, $step->bytes->expose());
                $told = fn () => $call->swapped($stored, $this->clock->now());
            } else {
                [$version, $bytes] = $this->store->load($key);
                $told = fn () => $call->loaded($version, $bytes, $this->clock->now());
            }
        } catch (\Exception $fault) {
            $told = fn () => $call->storeFailed(self::reason($fault), $this->clock->now());
        }
        $told();
    }

    /** What happened, in a line; the core takes out what is secret. */
    private static function reason(\Exception $fault): string
    {
        $said = preg_match('/\S.{0,199}/u', $fault->getMessage(), $found) === 1 ? ": {$found[0]}" : '';

        return strtok($fault::class, "\0") . $said;
    }

    public function __serialize(): never
    {
        throw new \LogicException('a client is not serialized');
    }
}
