<?php

declare(strict_types=1);

// 设置里没有 appSecret · settings without the secret

use Nnopen\Config;

return Config::of(['app_key' => 'SD00000001', 'tax_num' => '339901999999142']);
