<?php

/**
 * 替换官方 PHP SDK 的 Api.php：改一行 require_once，其余代码不动；不需要扩展，PHP 7.2 起可用。
 * A drop-in for the official SDK's Api.php: one require_once changes, nothing else. No extension needed, PHP 7.2 or later.
 *
 * 与官方的不同 · What differs:
 * - 校验 TLS 证书，不跟随重定向 · TLS is verified, redirects are not followed;
 * - getMerchantToken 由本机共用的文件回答，expires_in 是剩余秒数：每个请求都取也只取一次，30 天 50 次的额度不会用光
 *   · the token is answered from a file that all processes share, with the seconds that are left;
 * - 平台不认的令牌会从文件中去掉，下一次取新的 · a token that the platform refuses is dropped from it.
 *
 * 环境变量 · Environment: NNOPEN_TOKEN_URL 取令牌的地址 · where tokens are fetched; NNOPEN_STATE_DIR 存放目录 · where the
 * file is kept; NNOPEN_CA_FILE 信任的证书 · certificates to trust.
 */

class NnuoException extends \Exception
{
    public function errorMessage()
    {
        return $this->getMessage();
    }
}

class Utils
{
    /** 签名 · The signature of a request. */
    public static function makeSign($path, $appSecret, $appKey, $senid, $nonce, $body, $timestamp)
    {
        return base64_encode(hash_hmac('sha1', self::textToSign($path, $appKey, $senid, $nonce, $body, $timestamp), $appSecret, true));
    }

    /** 待签文本 · What is signed. */
    public static function textToSign($path, $appKey, $senid, $nonce, $body, $timestamp)
    {
        $parts = explode('/', $path);
        $part = function ($at) use ($parts) {
            return isset($parts[$at]) ? $parts[$at] : '';
        };

        return "a={$part(3)}&l={$part(2)}&p={$part(1)}&k={$appKey}&i={$senid}&n={$nonce}&t={$timestamp}&f={$body}";
    }
}

class Api
{
    public static $VERSION = '2.0.0';

    public static $AUTH_URL = 'https://open.nuonuo.com/accessToken';

    /** 令牌快到期就换 · A token with fewer seconds left is replaced. */
    const SOON = 300;
    const QUOTA = 50;
    const DAYS_30 = 2592000;

    /**
     * 商家应用取令牌 · A merchant's own application gets its token.
     *
     * @return string {"access_token":"…","expires_in":剩余秒数}
     *
     * @throws NnuoException
     */
    public static function getMerchantToken($appKey, $appSecret, $timeOut = 6)
    {
        self::checkParam($appKey, 'AppKey不能为空');
        self::checkParam($appSecret, 'AppSecret不能为空');
        $file = self::open($appKey);
        try {
            $held = self::read($file);
            $mark = hash_hmac('sha256', 'nnopen', $appSecret);
            $now = time();
            if ($held['mark'] === $mark && $held['token'] !== '' && $held['ends'] > $now + self::SOON) {
                return json_encode(['access_token' => $held['token'], 'expires_in' => $held['ends'] - $now]);
            }
            $fetched = array_values(array_filter($held['fetched'], function ($at) use ($now) {
                return $at > $now - self::DAYS_30;
            }));
            if (count($fetched) >= self::QUOTA) {
                throw new NnuoException('30天内取令牌的次数已用完');
            }
            // Before the request leaves: a lost answer counts.
            $held['fetched'] = array_merge($fetched, [$now]);
            self::write($file, $held);
            $answer = self::post(self::tokenUrl(), http_build_query([
                'client_id' => $appKey,
                'client_secret' => $appSecret,
                'grant_type' => 'client_credentials',
            ]), ['Content-Type: application/x-www-form-urlencoded'], $timeOut);
            $told = json_decode($answer, true);
            if (is_array($told) && isset($told['access_token'])) {
                $lasts = isset($told['expires_in']) ? (int) $told['expires_in'] : 86400;
                $held = ['mark' => $mark, 'token' => (string) $told['access_token'], 'ends' => $now + $lasts] + $held;
            } else {
                // A refusal is no token call.
                $held['fetched'] = $fetched;
            }
            self::write($file, $held);

            return $answer;
        } finally {
            flock($file, LOCK_UN);
            fclose($file);
        }
    }

    /**
     * 第三方应用用授权码取令牌 · A service provider's application, with a merchant's authorisation.
     *
     * @return string
     *
     * @throws NnuoException
     */
    public static function getISVToken($appKey, $appSecret, $code, $taxnum, $redirectUri, $timeOut = 6)
    {
        self::checkParam($appKey, 'AppKey不能为空');
        self::checkParam($appSecret, 'AppSecret不能为空');
        self::checkParam($code, 'code不能为空');
        self::checkParam($taxnum, 'taxnum不能为空');
        self::checkParam($redirectUri, 'redirectUri不能为空');

        return self::post(self::tokenUrl(), http_build_query([
            'client_id' => $appKey,
            'client_secret' => $appSecret,
            'code' => $code,
            'taxNum' => $taxnum,
            'redirect_uri' => $redirectUri,
            'grant_type' => 'authorization_code',
        ]), ['Content-Type: application/x-www-form-urlencoded'], $timeOut);
    }

    /**
     * 第三方应用刷新令牌；第二个参数是 oauthUser 里的 userId · A service provider's token made new.
     *
     * @return string
     *
     * @throws NnuoException
     */
    public static function refreshISVToken($refreshToken, $userId, $appSecret, $timeOut = 6)
    {
        self::checkParam($userId, 'userId不能为空');
        self::checkParam($appSecret, 'appSecret不能为空');
        self::checkParam($refreshToken, 'refreshToken不能为空');

        return self::post(self::tokenUrl(), http_build_query([
            'client_id' => $userId,
            'client_secret' => $appSecret,
            'refresh_token' => $refreshToken,
            'grant_type' => 'refresh_token',
        ]), ['Content-Type: application/x-www-form-urlencoded'], $timeOut);
    }

    /**
     * 调用接口：内容原样签名、发送 · A call: the content is signed and sent byte for byte.
     *
     * @return string 应答的 JSON 文本 · the answer's JSON text
     *
     * @throws NnuoException
     */
    public static function sendPostSyncRequest($url, $senid, $appKey, $appSecret, $token, $taxnum, $method, $content, $timeOut = 6)
    {
        self::checkParam($senid, 'senid不能为空');
        self::checkParam($token, 'token不能为空');
        self::checkParam($appKey, 'appKey不能为空');
        self::checkParam($method, 'method不能为空');
        self::checkParam($url, '请求地址URL不能为空');
        self::checkParam($content, 'content不能为空');
        self::checkParam($appSecret, 'appSecret不能为空');
        try {
            $path = parse_url($url, PHP_URL_PATH);
            if (!is_string($path)) {
                throw new NnuoException('url解析失败');
            }
            $timestamp = time();
            $nonce = random_int(10000000, 99999999);
            $sign = Utils::makeSign($path, $appSecret, $appKey, $senid, $nonce, $content, $timestamp);
            $headers = ['Content-Type: application/json', "X-Nuonuo-Sign: {$sign}", "accessToken: {$token}"];
            if ((string) $taxnum !== '') {
                $headers[] = "userTax: {$taxnum}";
            }
            $headers[] = "method: {$method}";
            $query = http_build_query(['senid' => $senid, 'nonce' => $nonce, 'timestamp' => $timestamp, 'appkey' => $appKey]);
            $answer = self::post("{$url}?{$query}", $content, $headers, $timeOut);
        } catch (\Exception $fault) {
            throw new NnuoException('发送HTTP请求异常:' . $fault->getMessage());
        }
        if (strlen($answer) < 4096 && preg_match('/"code"\s*:\s*"?(?:070301|070303|070307)"?/', $answer) === 1) {
            self::drop($appKey, $token);
        }

        return $answer;
    }

    public static function checkParam($param, $errMsg)
    {
        if (empty($param)) {
            throw new NnuoException($errMsg);
        }
    }

    private static function tokenUrl()
    {
        $url = getenv('NNOPEN_TOKEN_URL');

        return $url === false || $url === '' ? self::$AUTH_URL : $url;
    }

    private static function post($url, $body, array $headers, $seconds)
    {
        $handle = curl_init();
        curl_setopt_array($handle, [
            CURLOPT_URL => $url,
            CURLOPT_POST => true,
            CURLOPT_POSTFIELDS => $body,
            CURLOPT_HTTPHEADER => array_merge($headers, ['Expect:']),
            CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_1,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTPS | CURLPROTO_HTTP,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_SSL_VERIFYPEER => true,
            CURLOPT_SSL_VERIFYHOST => 2,
            // On a connection that is kept, curl by itself would send again when it breaks.
            CURLOPT_FRESH_CONNECT => true,
            CURLOPT_FORBID_REUSE => true,
            CURLOPT_NOSIGNAL => true,
            CURLOPT_TIMEOUT => $seconds,
            CURLOPT_NOPROXY => '127.0.0.1,localhost,::1',
        ]);
        $authorities = getenv('NNOPEN_CA_FILE');
        if ($authorities !== false && $authorities !== '') {
            curl_setopt($handle, CURLOPT_CAINFO, $authorities);
        }
        $answer = curl_exec($handle);
        if (!$answer) {
            throw new NnuoException('curl出错:' . curl_error($handle));
        }

        return $answer;
    }

    /** A token that the platform refused is not answered again. */
    private static function drop($appKey, $token)
    {
        $file = self::open($appKey);
        $held = self::read($file);
        if ($held['token'] === $token) {
            self::write($file, ['token' => ''] + $held);
        }
        flock($file, LOCK_UN);
        fclose($file);
    }

    /** The file of an application, its owner's alone, locked. */
    private static function open($appKey)
    {
        $folder = getenv('NNOPEN_STATE_DIR');
        if ($folder === false || $folder === '') {
            $user = function_exists('posix_geteuid') ? (string) posix_geteuid() : get_current_user();
            $folder = sys_get_temp_dir() . "/nnopen-{$user}";
        }
        if (!is_dir($folder) && !@mkdir($folder, 0700, true) && !is_dir($folder)) {
            throw new NnuoException("{$folder}不能创建");
        }
        if (function_exists('posix_geteuid') && (is_link($folder) || fileowner($folder) !== posix_geteuid())) {
            throw new NnuoException("{$folder}不属于当前用户，请用 NNOPEN_STATE_DIR 另指定目录");
        }
        $before = umask(0077);
        $file = @fopen($folder . '/api-' . sha1($appKey . "\n" . self::tokenUrl()), 'c+');
        umask($before);
        if ($file === false || !flock($file, LOCK_EX)) {
            throw new NnuoException("{$folder}不能写入");
        }

        return $file;
    }

    private static function read($file)
    {
        rewind($file);
        $held = json_decode((string) stream_get_contents($file), true);

        return (is_array($held) ? $held : []) + ['mark' => '', 'token' => '', 'ends' => 0, 'fetched' => []];
    }

    private static function write($file, array $held)
    {
        $text = json_encode($held);
        rewind($file);
        if (fwrite($file, $text) !== strlen($text) || !ftruncate($file, strlen($text)) || !fflush($file)) {
            throw new NnuoException('令牌文件不能写入');
        }
    }
}

foreach (['Api', 'Utils', 'NnuoException'] as $class) {
    class_exists("Nnuo\\Open\\{$class}", false) || class_alias($class, "Nnuo\\Open\\{$class}");
}
unset($class);
