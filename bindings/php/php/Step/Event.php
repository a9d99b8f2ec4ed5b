<?php

declare(strict_types=1);

namespace Nnopen\Step;

use Nnopen\Failure;
use Nnopen\Step;

/** 批次里一张订单的结局，或遇到的麻烦 · What has become of an order of a batch, or what troubles the batch. */
final class Event implements Step
{
    /**
     * @param string                          $kind    done、failed、needs_retry、absent、gave_up：结局；trouble：不是结局 · no end
     * @param list<string>                    $keys    订单；trouble 时是问到的全部 · the order; with trouble, all that were asked about
     * @param list<array<string, mixed>>|null $rows    查询到的各行，其中的数字一律是字符串 · its rows; every number is a string
     * @param Failure|null                    $failure trouble 的原因 · why, with trouble
     */
    public function __construct(
        public readonly string $kind,
        public readonly array $keys,
        public readonly ?array $rows,
        public readonly ?Failure $failure,
    ) {
    }

    /**
     * @internal
     *
     * @param array<string, mixed> $told
     */
    public static function of(array $told): self
    {
        $failure = $told['failure'] === null ? null : Failure::of($told['failure']);

        return new self($told['kind'], $told['keys'], $told['rows'], $failure);
    }
}
