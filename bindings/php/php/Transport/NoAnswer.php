<?php

declare(strict_types=1);

namespace Nnopen\Transport;

/** 没有应答 · No answer came. The driver takes it in; it does not reach the caller. */
final class NoAnswer extends \RuntimeException
{
    /**
     * @param string $reason  原因，不含密钥 · why, without anything secret
     * @param bool   $notSent 确实没有发出（连接被拒绝、TLS 握手失败）· whether it surely did not leave
     */
    public function __construct(string $reason, public readonly bool $notSent = false)
    {
        parent::__construct($reason);
    }
}
