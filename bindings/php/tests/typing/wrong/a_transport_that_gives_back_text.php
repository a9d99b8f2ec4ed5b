<?php

declare(strict_types=1);

// 传输要返回 Answer · a transport gives back an answer, no text

use Nnopen\Request;
use Nnopen\Transport;
use Nnopen\Transport\Answer;

final class Wrong implements Transport
{
    public function send(Request $request): Answer
    {
        return $request->body();
    }
}
