<?php

declare(strict_types=1);

namespace Nnopen;

/**
 * 会话与存放处之间 · Between a session and its store: what is stored is taken in before a token is fetched, and what has
 * changed is stored before anything is sent.
 *
 * @internal
 */
final class Keeper
{
    /** A token that ends sooner is replaced: the core does so too. */
    private const SOON = 5 * 60 * 1000;

    private readonly string $key;
    private int $saved;
    private ?Secret $refused = null;

    public function __construct(private readonly Session $session, private readonly TokenStore $store)
    {
        $whose = $this->held();
        $this->key = sha1(implode("\n", [$whose['environment'], $whose['appKey'], $whose['taxNum']]));
        $this->saved = $session->revision();
    }

    /**
     * 取令牌之前 · Before a step: if it may fetch a token, under the lock and with what others have stored.
     *
     * @return (\Closure(): void)|null
     */
    public function before(int $now): ?\Closure
    {
        $token = $this->held()['token'] ?? null;
        if ($token !== null && (($token['expiresAt'] ?? null) === null || (int) $token['expiresAt'] > $now + self::SOON)) {
            return null;
        }
        $release = $this->store->lock($this->key);
        try {
            $this->adopt();
        } catch (\Throwable $fault) {
            $release();
            throw $fault;
        }

        return $release;
    }

    /** 之后：变了就存 · After a step or an answer: stores what has changed. */
    public function after(): void
    {
        if ($this->session->revision() === $this->saved) {
            return;
        }
        do {
            [$version] = $this->store->load($this->key);
            $revision = $this->session->revision();
        } while (!$this->store->swap($this->key, $version, $this->session->snapshot()->expose()));
        $this->saved = $revision;
    }

    /** 平台不认的令牌 · A token that the platform has just refused is not taken back from the store. */
    public function watch(\Closure $answer): void
    {
        $before = $this->access();
        $answer();
        $this->refused = $before !== null && $this->access() === null ? new Secret($before) : $this->refused;
    }

    private function adopt(): void
    {
        [$version, $bytes] = $this->store->load($this->key);
        if ($version === 0) {
            return;
        }
        $ours = $this->session->snapshot();
        $this->session->restore(new Secret($bytes));
        $this->saved = $this->session->revision();
        if ($this->refused !== null && $this->access() === $this->refused->expose()) {
            $this->session->restore($ours);
        }
    }

    private function access(): ?string
    {
        return $this->held()['token']['access'] ?? null;
    }

    /** @return array<string, mixed> */
    private function held(): array
    {
        return Json::read($this->session->snapshot()->expose());
    }
}
