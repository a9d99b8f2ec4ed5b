<?php

declare(strict_types=1);

namespace Nnopen\Step;

use Nnopen\Json;
use Nnopen\Step;

/** 完成 · Done. */
final class Done implements Step
{
    /** @param string $json 结果的 JSON 原文 · the result's own JSON text */
    public function __construct(public readonly string $json)
    {
    }

    /** 结果；其中的数字一律是字符串 · The result; every number in it is a string. */
    public function result(): mixed
    {
        return Json::read($this->json);
    }
}
