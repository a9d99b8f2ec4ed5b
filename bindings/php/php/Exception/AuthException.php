<?php

declare(strict_types=1);

namespace Nnopen\Exception;

use Nnopen\NnopenException;

/** 没有令牌可用：重新取得，或等到 failure()->retryAt · No token can be had now. */
final class AuthException extends \RuntimeException implements NnopenException
{
    use Carries;
}
