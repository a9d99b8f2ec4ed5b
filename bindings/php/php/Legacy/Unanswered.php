<?php

declare(strict_types=1);

namespace Nnopen\Legacy;

/** 没有应答 · No answer came. @internal */
final class Unanswered extends \RuntimeException
{
    /** @var bool 确实没有发出 · whether it surely did not leave */
    public $notSent;

    public function __construct(string $reason, bool $notSent)
    {
        parent::__construct($reason);
        $this->notSent = $notSent;
    }
}
