<?php

return [
    'app_key' => env('NNOPEN_APP_KEY', ''),
    'app_secret' => env('NNOPEN_APP_SECRET', ''),
    'tax_num' => env('NNOPEN_TAX_NUM', ''),
    // production 正式，sandbox 沙箱 · or give both addresses below
    'environment' => env('NNOPEN_ENV'),
    'service_url' => env('NNOPEN_URL'),
    'token_url' => env('NNOPEN_TOKEN_URL'),
    'service_provider' => env('NNOPEN_ROLE') === 'service_provider',
    'permanent_token' => env('NNOPEN_TOKEN'),
    // 令牌放在哪里，默认 storage/app/nnopen；多台机器绑定 RedisStore · where the token is kept
    'state_dir' => env('NNOPEN_STATE_DIR'),
];
