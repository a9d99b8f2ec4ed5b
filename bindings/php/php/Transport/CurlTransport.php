<?php

declare(strict_types=1);

namespace Nnopen\Transport;

use Nnopen\Request;
use Nnopen\Transport;

/**
 * 用 curl 扩展发送 · Sends with the curl extension.
 *
 * A connection is used once: on one that is kept, curl by itself sends a request again when the connection breaks before
 * an answer, and an invoice would be issued twice.
 */
final class CurlTransport implements Transport
{
    private const BIGGEST = 64 << 20;
    /** Nothing has left yet: name, connection, TLS handshake, certificate. */
    private const NOT_SENT = [5, 6, 7, 35, 53, 54, 58, 59, 60, 66, 77, 83, 90, 91];

    /**
     * @param float       $timeout        整个请求的秒数 · seconds for all of it
     * @param float       $connectTimeout 建立连接的秒数 · seconds for the connection
     * @param string|null $caFile         信任的证书（PEM），默认用系统的 · certificates to trust instead of the system's
     * @param string|null $proxy          代理；默认看环境变量 · a proxy; by default what the environment says
     */
    public function __construct(
        private readonly float $timeout = 30.0,
        private readonly float $connectTimeout = 10.0,
        private readonly ?string $caFile = null,
        private readonly ?string $proxy = null,
    ) {
    }

    public function send(Request $request): Answer
    {
        $body = '';
        $handle = curl_init();
        curl_setopt_array($handle, [
            CURLOPT_URL => $request->url,
            CURLOPT_POST => true,
            CURLOPT_POSTFIELDS => $request->body(),
            // curl would wait for "100 Continue" before a long body.
            CURLOPT_HTTPHEADER => [...$request->headerLines(), 'Expect:'],
            // HTTP/2 has no capitals in header names.
            CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_1,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTPS | CURLPROTO_HTTP,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_SSL_VERIFYPEER => true,
            CURLOPT_SSL_VERIFYHOST => 2,
            CURLOPT_FRESH_CONNECT => true,
            CURLOPT_FORBID_REUSE => true,
            CURLOPT_NOSIGNAL => true,
            CURLOPT_CONNECTTIMEOUT_MS => (int) ($this->connectTimeout * 1000),
            CURLOPT_TIMEOUT_MS => (int) ($this->timeout * 1000),
            CURLOPT_NOPROXY => '127.0.0.1,localhost,::1',
            CURLOPT_WRITEFUNCTION => static function (\CurlHandle $_, string $part) use (&$body): int {
                $body .= $part;

                return strlen($body) > self::BIGGEST ? 0 : strlen($part);
            },
        ]);
        if ($this->caFile !== null) {
            curl_setopt($handle, CURLOPT_CAINFO, $this->caFile);
        }
        if ($this->proxy !== null) {
            curl_setopt($handle, CURLOPT_PROXY, $this->proxy);
        }
        if (curl_exec($handle) === false) {
            throw self::noAnswer($handle, str_starts_with($request->url, 'https:'));
        }

        return new Answer(curl_getinfo($handle, CURLINFO_RESPONSE_CODE), $body);
    }

    private static function noAnswer(\CurlHandle $handle, bool $tls): NoAnswer
    {
        $number = curl_errno($handle);
        // A timeout before the connection stood.
        $ready = curl_getinfo($handle, $tls ? CURLINFO_APPCONNECT_TIME : CURLINFO_CONNECT_TIME) > 0;
        $notSent = in_array($number, self::NOT_SENT, true) || ($number === CURLE_OPERATION_TIMEDOUT && !$ready);

        return new NoAnswer(sprintf('curl %d: %s', $number, curl_strerror($number) ?? ''), $notSent);
    }
}
