<?php

// BLOCK

$token = json_decode(Api::getMerchantToken('SD00000001', 'SD00000000000001'), true);
$again = json_decode(Api::getMerchantToken('SD00000001', 'SD00000000000001'), true);
$token['access_token'] === $again['access_token'] || throw new RuntimeException('two tokens');
