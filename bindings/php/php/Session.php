<?php

declare(strict_types=1);

namespace Nnopen;

/**
 * 内核：自己不联网、不看时钟 · The core: no network, no clock. Client drives it; use it yourself to drive it otherwise.
 */
final class Session
{
    private readonly Native\Session $native;

    /** @param bool $shared 令牌与别的进程共用：步骤里会有 Load、Swap · whether the token is shared through a store */
    public function __construct(Config $config, bool $shared = false)
    {
        Native::need();
        $this->native = Native::ok(Native\Session::open($config->expose() + ['shared' => $shared]));
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
        return new Call(Native::ok(is_string($params)
            ? $this->native->startText($mode, $method, $params)
            : $this->native->start($mode, $method, $params)));
    }

    /**
     * 自己写好的内容，原样签名、发送 · A body of your own, signed and sent byte for byte.
     *
     * @return Call<mixed>
     */
    public function raw(string $method, string $body): Call
    {
        return new Call(Native::ok($this->native->startRaw($method, $body)));
    }

    /**
     * 接着做一个保存过的调用 · Goes on with a call that was kept by Call::snapshot.
     *
     * @return Call<mixed>
     */
    public function resume(string $snapshot): Call
    {
        return new Call(Native::ok($this->native->resume($snapshot)));
    }

    /** 同时跟踪许多订单，只查询，从不写入 · Follows many orders at once: it asks and never writes. */
    public function follow(
        BatchRules $rules = new BatchRules(),
        string $method = Api\Query\QueryInvoiceResult::METHOD,
    ): Batch {
        return new Batch(Native::ok($this->native->follow($method, $rules->plain())));
    }

    /**
     * 取令牌 · Gets a token now, with key and secret; a call does so by itself when it needs one.
     *
     * @return Call<array{taxNum: string|null, userId: string|null, expiresAt: string|null}>
     */
    public function signIn(): Call
    {
        return new Call(Native::ok($this->native->signIn(['grant' => 'client_credentials'])));
    }

    /**
     * 第三方应用：用企业的授权取令牌 · With a merchant's authorisation.
     *
     * @return Call<array{taxNum: string|null, userId: string|null, expiresAt: string|null}>
     */
    public function signInWith(#[\SensitiveParameter] string $code, string $taxNum, string $redirectUri): Call
    {
        $grant = ['grant' => 'authorization_code', 'code' => $code, 'tax_num' => $taxNum, 'redirect_uri' => $redirectUri];

        return new Call(Native::ok($this->native->signIn($grant)));
    }

    /**
     * 用刷新令牌换新令牌 · With the refresh token that is held.
     *
     * @return Call<array{taxNum: string|null, userId: string|null, expiresAt: string|null}>
     */
    public function refresh(): Call
    {
        return new Call(Native::ok($this->native->signIn(['grant' => 'refresh'])));
    }

    /** 企业授权的页面 · The page on which a merchant authorises this application. */
    public function authorizeUrl(string $redirectUri, string $state): string
    {
        return Native::ok($this->native->authorizeUrl($redirectUri, $state));
    }

    /**
     * 读授权后的跳转地址 · Reads the return from that page.
     *
     * @return array{code: Secret, taxNum: string|null, stateMatched: bool}
     */
    public function readReturn(#[\SensitiveParameter] string $url, string $state): array
    {
        $told = Native::json(Native::ok($this->native->readReturn($url, $state)));

        return ['code' => new Secret($told['code'])] + $told;
    }

    /** 令牌、账本与暂停；只能放在自己读得到的地方 · Token, ledger and pause: keep it where only you can read it. */
    public function snapshot(): Secret
    {
        return new Secret(Native::ok($this->native->snapshot()));
    }

    public function restore(Secret $snapshot): void
    {
        Native::ok($this->native->restore($snapshot->expose()));
    }

    /** 存放处的键 · Under which name a store keeps the token: the same in every language. */
    public function storeKey(): string
    {
        return $this->native->storeKey();
    }

    /** 快照变了就变大 · Grows whenever the snapshot changes. */
    public function revision(): int
    {
        return $this->native->revision();
    }

    /** @return list<array{string, string}> 设置里看着不对的地方，中文与英文 · what looks wrong in the settings */
    public function warnings(): array
    {
        return array_map(array_values(...), Native::json($this->native->warnings()));
    }

    public function __serialize(): never
    {
        throw new \LogicException('a session is not serialized: keep its snapshot');
    }
}
