<?php

declare(strict_types=1);

namespace Nnopen;

/** 本包的所有异常 · All exceptions of this package: catch this one to catch them all. */
interface NnopenException extends \Throwable
{
    /** 种类、返回码、处理办法 · Kind, code, and what to do. */
    public function failure(): Failure;
}
