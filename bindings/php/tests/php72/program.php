<?php

// Api.php without anything else, on the oldest PHP that it is for.

error_reporting(E_ALL);
set_error_handler(function ($level, $message, $file, $line) {
    throw new ErrorException($message, 0, $level, $file, $line);
});
require '/package/Api.php';

use Nnopen\Legacy\SharedToken;
use Nnopen\Legacy\TokenFile;
use Nnopen\Legacy\Unanswered;

$told = ['passed' => 0, 'failed' => 0];
$check = function ($what, $held) use (&$told) {
    ++$told[$held ? 'passed' : 'failed'];
    echo $held ? '' : "not ok: {$what}\n";
};
$check('PHP ' . PHP_VERSION, strpos(PHP_VERSION, '7.2.') === 0);

// A text, or one that is told as prefix, a part repeated, and suffix.
$whole = function ($value) {
    $value = is_array($value) ? $value + ['prefix' => '', 'repeat' => '', 'times' => 0, 'suffix' => ''] : $value;

    return is_array($value) ? $value['prefix'] . str_repeat($value['repeat'], $value['times']) . $value['suffix'] : (string) $value;
};
$vectors = glob('/sign/*.json');
$check('vectors of signing', count($vectors) > 50);
foreach ($vectors as $file) {
    $vector = json_decode(file_get_contents($file), true);
    $path = $vector['path'];
    $path = isset($path[0]) && is_array($path) ? '/' . implode('/', array_map($whole, $path)) : $whole($path);
    $given = [];
    foreach (['app_secret', 'app_key', 'senid', 'nonce', 'body', 'timestamp'] as $name) {
        $given[] = $whole($vector[$name]);
    }
    $check($file, Utils::makeSign($path, ...$given) === $vector['signature']);
}

// One process fetches, the others get what it put down.
$calls = 0;
$fetch = function () use (&$calls) {
    ++$calls;

    return [200, '{"access_token": "T-1", "expires_in": 86400}'];
};
for ($at = 0; $at < 20; ++$at) {
    $shared = new SharedToken(new TokenFile('/state'), 'production', 'SD00000001', '339901999999142');
    $check("token {$at}", $shared->get($fetch, 5)['token'] === 'T-1');
}
$check('one token call', $calls === 1);

// What was refused, and what was lost, is not fetched again at once.
$refused = function () {
    return [200, '{"error": "070302", "error_description": "no"}'];
};
$lost = function () {
    throw new Unanswered('the connection broke', false);
};
foreach (['SD00000002' => $refused, 'SD00000003' => $lost] as $appKey => $first) {
    foreach ([$first, $fetch] as $asked) {
        try {
            $answer = (new SharedToken(new TokenFile('/state'), 'production', $appKey, '1'))->get($asked, 1);
            $check("no token for {$appKey}", $answer['token'] === null);
        } catch (Unanswered $fault) {
            $check("no answer for {$appKey}", $first === $lost);
        }
    }
}
$check('still one token call', $calls === 1);

foreach ([['getMerchantToken', ['', 's']], ['getMerchantToken', ['k', '']], ['sendPostSyncRequest', ['', 's', 'k', 'x', 't', '1', 'm', '{}']]] as $call) {
    try {
        call_user_func_array(['Api', $call[0]], $call[1]);
        $check("{$call[0]} took nothing for something", false);
    } catch (NnuoException $fault) {
        $check($call[0], strpos($fault->errorMessage(), '不能为空') !== false);
    }
}
echo "{$told['passed']} passed, {$told['failed']} failed\n";
