<?php

declare(strict_types=1);

namespace Nnopen\Native;

/** @internal Call 与 Batch 共有的 · What a call and a batch are driven by. */
trait Driven
{
    public function __construct(private readonly Handle $handle)
    {
    }

    public function step(int $now, #[\SensitiveParameter] string $entropy): array
    {
        return Library::step('step', $this->handle->number, (string) $now, $entropy);
    }

    public function receive(int $status, #[\SensitiveParameter] string $body, int $now): array
    {
        return Library::one('receive', $this->handle->number, (string) $status, $body, (string) $now);
    }

    public function fail(bool $unsent, string $reason, int $now): array
    {
        return Library::one('fail', $this->handle->number, $unsent ? '1' : '', $reason, (string) $now);
    }

    public function loaded(int $version, #[\SensitiveParameter] string $bytes, int $now): array
    {
        return Library::one('loaded', $this->handle->number, (string) $version, $bytes, (string) $now);
    }

    public function swapped(bool $stored, int $now): array
    {
        return Library::one('swapped', $this->handle->number, $stored ? '1' : '', (string) $now);
    }

    public function storeFailed(string $reason, int $now): array
    {
        return Library::one('store_failed', $this->handle->number, $reason, (string) $now);
    }

    public function snapshot(): array
    {
        return Library::one('snapshot', $this->handle->number);
    }
}
