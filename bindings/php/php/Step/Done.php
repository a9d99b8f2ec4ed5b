<?php

declare(strict_types=1);

namespace Nnopen\Step;

use Nnopen\Native;
use Nnopen\Step;

/** 完成 · Done. */
final class Done implements Step
{
    /** 结果的 JSON 原文 · The result's own JSON text. */
    public readonly string $json;

    /** @internal */
    public function __construct(private readonly Native\Held|Native\Result $result)
    {
        // Made when it is looked at.
        unset($this->json);
    }

    /** 结果；其中的数字一律是字符串 · The result; every number in it is a string. */
    public function result(): mixed
    {
        return $this->result->ask('value');
    }

    public function __get(string $name): mixed
    {
        // Else as PHP does.
        return $name === 'json' ? $this->json = $this->result->ask('json') : $this->{$name};
    }

    public function __isset(string $name): bool
    {
        return $name === 'json';
    }
}
