<?php

declare(strict_types=1);

namespace Nnopen\Native;

/** @internal */
final class Batch
{
    use Driven;

    public function add(string $key, int $since, int $now): array
    {
        return Library::yes('add', $this->handle->number, $key, (string) $since, (string) $now);
    }

    public function hint(string $key, int $now): array
    {
        return Library::yes('hint', $this->handle->number, $key, (string) $now);
    }

    public function progress(): array
    {
        return Library::one('progress', $this->handle->number);
    }

    public function resume(string $snapshot, int $now): array
    {
        $told = Library::one('resume_batch', $this->handle->number, $snapshot, (string) $now);

        return isset($told['ok']) ? ['ok' => (int) $told['ok']] : $told;
    }
}
