<?php

declare(strict_types=1);

namespace Nnopen;

use Nnopen\Native\Library;

/**
 * 内核：自己不联网、不看时钟 · The core: no network, no clock. Client drives it; use it yourself to drive it otherwise.
 */
final class Session
{
    private readonly Native\Held|Native\Handle $held;

    /** @param bool $shared 令牌与别的进程共用：步骤里会有 Load、Swap · whether the token is shared through a store */
    public function __construct(Config $config, bool $shared = false)
    {
        Native::need();
        $this->held = Native::held(Library::ask('open', ...$config->expose(), ...[$shared]));
    }

    /**
     * @template TResult
     *
     * @param Endpoint<TResult> $endpoint
     *
     * @return Call<TResult>
     */
    public function call(Endpoint $endpoint): Call
    {
        return $this->start('call', $endpoint->method(), $endpoint->params());
    }

    /**
     * 问到有结果为止 · Asked again until no row is pending.
     *
     * @template TResult
     *
     * @param Polls<TResult> $endpoint
     *
     * @return Call<TResult>
     */
    public function poll(Polls $endpoint): Call
    {
        return $this->start('poll', $endpoint->method(), $endpoint->params());
    }

    /**
     * 写操作，一直跟到有最终结果 · A write, followed to its end.
     *
     * @template TSettled
     *
     * @param Settles<mixed, TSettled> $endpoint
     *
     * @return Call<TSettled>
     */
    public function settle(Settles $endpoint): Call
    {
        return $this->start('settle', $endpoint->method(), $endpoint->params());
    }

    /**
     * 同上，但先查询：以前可能发过 · The same, asking first: it may have been sent before.
     *
     * @template TSettled
     *
     * @param Settles<mixed, TSettled> $endpoint
     *
     * @return Call<TSettled>
     */
    public function settleAgain(Settles $endpoint): Call
    {
        return $this->start('settle_again', $endpoint->method(), $endpoint->params());
    }

    /**
     * 按接口名开始：模式 call、poll、settle、settle_again · By the method's name on the wire.
     *
     * @param array<array-key, mixed>|string $params 数组，或 JSON 文本 · an array, or JSON text
     *
     * @return Call<mixed>
     */
    public function start(string $mode, string $method, array|string $params): Call
    {
        $word = \is_string($params) ? 'start_text' : 'start';
        $told = $this->held->ask($word, $mode, $method, $params);
        if ($told === false) {
            $told = Library::plain($word, $this->held, $mode, $method, $params);
        }

        return new Call(\is_object($told) ? $told : Native::held($told));
    }

    /**
     * 自己写好的内容，原样签名、发送 · A body of your own, signed and sent byte for byte.
     *
     * @return Call<mixed>
     */
    public function raw(string $method, string $body): Call
    {
        $told = $this->held->ask('start_raw', $method, $body);

        return new Call(\is_object($told) ? $told : Native::held($told));
    }

    /**
     * 接着做一个保存过的调用 · Goes on with a call that was kept by Call::snapshot.
     *
     * @return Call<mixed>
     */
    public function resume(string $snapshot): Call
    {
        return new Call(Native::held($this->held->ask('resume', $snapshot)));
    }

    /** 同时跟踪许多订单，只查询，从不写入 · Follows many orders at once: it asks and never writes. */
    public function follow(
        BatchRules $rules = new BatchRules(),
        string $method = Api\Query\QueryInvoiceResult::METHOD,
    ): Batch {
        return new Batch(Native::held(Library::ask('follow', $this->held, $method, ...$rules->plain())));
    }

    /**
     * 取令牌 · Gets a token now, with key and secret; a call does so by itself when it needs one.
     *
     * @return Call<array{taxNum: string|null, userId: string|null, expiresAt: string|null}>
     */
    public function signIn(): Call
    {
        return new Call(Native::held($this->held->ask('sign_in', 'client_credentials', '', '', '')));
    }

    /**
     * 第三方应用：用企业的授权取令牌 · With a merchant's authorisation.
     *
     * @return Call<array{taxNum: string|null, userId: string|null, expiresAt: string|null}>
     */
    public function signInWith(#[\SensitiveParameter] string $code, string $taxNum, string $redirectUri): Call
    {
        return new Call(Native::held($this->held->ask('sign_in', 'authorization_code', $code, $taxNum, $redirectUri)));
    }

    /**
     * 用刷新令牌换新令牌 · With the refresh token that is held.
     *
     * @return Call<array{taxNum: string|null, userId: string|null, expiresAt: string|null}>
     */
    public function refresh(): Call
    {
        return new Call(Native::held($this->held->ask('sign_in', 'refresh', '', '', '')));
    }

    /** 企业授权的页面 · The page on which a merchant authorises this application. */
    public function authorizeUrl(string $redirectUri, string $state): string
    {
        return (string) Native::ok($this->held->ask('authorize_url', $redirectUri, $state));
    }

    /**
     * 读授权后的跳转地址 · Reads the return from that page.
     *
     * @return array{code: Secret, taxNum: string|null, stateMatched: bool}
     */
    public function readReturn(#[\SensitiveParameter] string $url, string $state): array
    {
        $told = Native::json((string) Native::ok($this->held->ask('read_return', $url, $state)));

        return ['code' => new Secret($told['code'])] + $told;
    }

    /** 令牌、账本与暂停；只能放在自己读得到的地方 · Token, ledger and pause: keep it where only you can read it. */
    public function snapshot(): Secret
    {
        return new Secret((string) Native::ok($this->held->ask('snapshot')));
    }

    public function restore(Secret $snapshot): void
    {
        Native::ok($this->held->ask('restore', $snapshot->expose()));
    }

    /** 存放处的键 · Under which name a store keeps the token: the same in every language. */
    public function storeKey(): string
    {
        return (string) Native::ok($this->held->ask('store_key'));
    }

    /** 快照变了就变大 · Grows whenever the snapshot changes. */
    public function revision(): int
    {
        return (int) Native::ok($this->held->ask('revision'));
    }

    /** @return list<array{string, string}> 设置里看着不对的地方，中文与英文 · what looks wrong in the settings */
    public function warnings(): array
    {
        return array_map(array_values(...), Native::json((string) Native::ok($this->held->ask('warnings'))));
    }

    public function __serialize(): never
    {
        throw new \LogicException('a session is not serialized: keep its snapshot');
    }
}
