<?php

declare(strict_types=1);

namespace Nnopen;

/**
 * 怎样发送 · How requests are sent. Your own: one POST, no redirect, TLS verified, the body byte for byte.
 */
interface Transport
{
    /** @throws Transport\NoAnswer */
    public function send(Request $request): Transport\Answer;
}
