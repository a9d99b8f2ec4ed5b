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
 * token is kept; NNOPEN_CA_FILE 信任的证书 · certificates to trust. NNOPEN_TAX_NUM 与 NNOPEN_ENV（sandbox、production）或
 * NNOPEN_URL 和别的程序一致时，令牌与命令行、PHP 包共用一个 · with these set as elsewhere, the CLI and the package share the token.
 */

use Nnopen\Legacy\SharedToken;
use Nnopen\Legacy\TokenFile;
use Nnopen\Legacy\Unanswered;

foreach (['Unanswered', 'TokenRecord', 'TokenFile', 'SharedToken'] as $class) {
    require_once __DIR__ . "/php/Legacy/{$class}.php";
}

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
    public static function makeSign(
        $path,
        #[\SensitiveParameter]
        $appSecret,
        $appKey,
        $senid,
        $nonce,
        #[\SensitiveParameter]
        $body,
        $timestamp
    ) {
        return base64_encode(hash_hmac('sha1', self::textToSign($path, $appKey, $senid, $nonce, $body, $timestamp), $appSecret, true));
    }

    /** 待签文本 · What is signed. */
    public static function textToSign(
        $path,
        $appKey,
        $senid,
        $nonce,
        #[\SensitiveParameter]
        $body,
        $timestamp
    ) {
        $parts = explode('/', $path);
        $part = function ($at) use ($parts) {
            return isset($parts[$at]) ? $parts[$at] : '';
        };

        return "a={$part(3)}&l={$part(2)}&p={$part(1)}&k={$appKey}&i={$senid}&n={$nonce}&t={$timestamp}&f={$body}";
    }

    /** 请求头 · The headers of a request, as curl takes them. */
    public static function headers(
        $sign,
        #[\SensitiveParameter]
        $token,
        $taxnum,
        $method
    ) {
        return [
            'Content-Type: application/json',
            "X-Nuonuo-Sign: {$sign}",
            "accessToken: {$token}",
            // So curl writes a header without a value.
            (string) $taxnum === '' ? 'userTax;' : "userTax: {$taxnum}",
            "method: {$method}",
        ];
    }

    /** 表单 · A form, as browsers write it. */
    public static function form(
        #[\SensitiveParameter]
        array $pairs
    ) {
        return strtr(http_build_query($pairs), ['%2A' => '*', '~' => '%7E']);
    }
}

class Api
{
    public static $VERSION = '2.0.0';

    public static $AUTH_URL = 'https://open.nuonuo.com/accessToken';

    const FORM = 'Content-Type: application/x-www-form-urlencoded;charset=UTF-8';
    /** curl's numbers for: nothing has left yet. */
    const NOT_SENT = [5, 6, 7, 35, 53, 54, 58, 59, 60, 66, 77, 83, 90, 91];

    /**
     * 商家应用取令牌 · A merchant's own application gets its token.
     *
     * @return string {"access_token":"…","expires_in":剩余秒数}
     *
     * @throws NnuoException
     */
    public static function getMerchantToken(
        $appKey,
        #[\SensitiveParameter]
        $appSecret,
        $timeOut = 6
    ) {
        self::checkParam($appKey, 'AppKey不能为空');
        self::checkParam($appSecret, 'AppSecret不能为空');
        $body = Utils::form(['client_id' => $appKey, 'client_secret' => $appSecret, 'grant_type' => 'client_credentials']);
        try {
            $told = self::shared($appKey)->get(function () use ($body, $timeOut) {
                return self::exchange(self::tokenUrl(), $body, [self::FORM], $timeOut);
            }, $timeOut + 10);
        } catch (\RuntimeException $fault) {
            throw new NnuoException($fault->getMessage());
        }
        if ($told['token'] === null) {
            return $told['answer'];
        }
        $left = $told['end'] === null ? 86400 : intdiv($told['end'], 1000) - time();
        $fresh = $told['answer'] === null ? null : json_decode($told['answer'], true);

        return $fresh !== null ? $told['answer'] : json_encode(['access_token' => $told['token'], 'expires_in' => $left]);
    }

    /**
     * 第三方应用用授权码取令牌 · A service provider's application, with a merchant's authorisation.
     *
     * @return string
     *
     * @throws NnuoException
     */
    public static function getISVToken(
        $appKey,
        #[\SensitiveParameter]
        $appSecret,
        #[\SensitiveParameter]
        $code,
        $taxnum,
        $redirectUri,
        $timeOut = 6
    ) {
        self::checkParam($appKey, 'AppKey不能为空');
        self::checkParam($appSecret, 'AppSecret不能为空');
        self::checkParam($code, 'code不能为空');
        self::checkParam($taxnum, 'taxnum不能为空');
        self::checkParam($redirectUri, 'redirectUri不能为空');

        return self::post(self::tokenUrl(), Utils::form([
            'client_id' => $appKey,
            'client_secret' => $appSecret,
            'code' => $code,
            'taxNum' => $taxnum,
            'redirect_uri' => $redirectUri,
            'grant_type' => 'authorization_code',
        ]), [self::FORM], $timeOut);
    }

    /**
     * 第三方应用刷新令牌；第二个参数是 oauthUser 里的 userId · A service provider's token made new.
     *
     * @return string
     *
     * @throws NnuoException
     */
    public static function refreshISVToken(
        #[\SensitiveParameter]
        $refreshToken,
        $userId,
        #[\SensitiveParameter]
        $appSecret,
        $timeOut = 6
    ) {
        self::checkParam($userId, 'userId不能为空');
        self::checkParam($appSecret, 'appSecret不能为空');
        self::checkParam($refreshToken, 'refreshToken不能为空');

        return self::post(self::tokenUrl(), Utils::form([
            'client_id' => $userId,
            'client_secret' => $appSecret,
            'refresh_token' => $refreshToken,
            'grant_type' => 'refresh_token',
        ]), [self::FORM], $timeOut);
    }

    /**
     * 调用接口：内容原样签名、发送 · A call: the content is signed and sent byte for byte.
     *
     * @return string 应答的 JSON 文本 · the answer's JSON text
     *
     * @throws NnuoException
     */
    public static function sendPostSyncRequest(
        $url,
        $senid,
        $appKey,
        #[\SensitiveParameter]
        $appSecret,
        #[\SensitiveParameter]
        $token,
        $taxnum,
        $method,
        $content,
        $timeOut = 6
    ) {
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
            $query = Utils::form(['senid' => $senid, 'nonce' => $nonce, 'timestamp' => $timestamp, 'appkey' => $appKey]);
            $headers = Utils::headers($sign, $token, $taxnum, $method);
            $answer = self::post("{$url}?{$query}", $content, $headers, $timeOut);
        } catch (\Exception $fault) {
            throw new NnuoException('发送HTTP请求异常:' . $fault->getMessage());
        }
        if (strlen($answer) < 4096 && preg_match('/"code"\s*:\s*"?(?:070301|070303|070307)"?/', $answer) === 1) {
            try {
                self::shared($appKey)->reject($token);
            } catch (\RuntimeException $fault) {
                // The answer stands all the same.
            }
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

    private static function post(
        $url,
        #[\SensitiveParameter]
        $body,
        #[\SensitiveParameter]
        array $headers,
        $seconds
    ) {
        try {
            list(, $answer) = self::exchange($url, $body, $headers, $seconds);
        } catch (Unanswered $lost) {
            throw new NnuoException($lost->getMessage());
        }

        return $answer;
    }

    /** @return array{int, string} status and body */
    private static function exchange(
        $url,
        #[\SensitiveParameter]
        $body,
        #[\SensitiveParameter]
        array $headers,
        $seconds
    ) {
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
            throw new Unanswered('curl出错:' . curl_error($handle), in_array(curl_errno($handle), self::NOT_SENT, true));
        }

        return [curl_getinfo($handle, CURLINFO_HTTP_CODE), $answer];
    }

    /** The token that all processes share: the CLI and the package too, if the same settings name it. */
    private static function shared($appKey)
    {
        $set = function ($name, $else) {
            $value = getenv($name);

            return $value === false || $value === '' ? $else : $value;
        };
        $named = $set('NNOPEN_ENV', strncmp($appKey, 'SD', 2) === 0 ? 'sandbox' : 'production');

        return new SharedToken(new TokenFile(), $set('NNOPEN_URL', $named), $appKey, $set('NNOPEN_TAX_NUM', ''));
    }
}

foreach (['Api', 'Utils', 'NnuoException'] as $class) {
    class_exists("Nnuo\\Open\\{$class}", false) || class_alias($class, "Nnuo\\Open\\{$class}");
}
unset($class);
