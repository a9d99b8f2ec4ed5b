<?php

declare(strict_types=1);

namespace Nnopen\Transport;

use Nnopen\Request;
use Nnopen\Transport;

/** 没有 curl 扩展时：PHP 自带的流 · PHP's own streams, where there is no curl extension. */
final class StreamTransport implements Transport
{
    private const BIGGEST = 64 << 20;

    /**
     * @param float       $timeout 秒 · seconds
     * @param string|null $caFile  信任的证书（PEM），默认用系统的 · certificates to trust instead of the system's
     */
    public function __construct(private readonly float $timeout = 30.0, private readonly ?string $caFile = null)
    {
    }

    public function send(Request $request): Answer
    {
        $ssl = ['verify_peer' => true, 'verify_peer_name' => true, 'SNI_enabled' => true];
        $context = stream_context_create([
            'http' => [
                'method' => 'POST',
                'header' => [...$request->headerLines(), 'Connection: close'],
                'content' => $request->body(),
                'follow_location' => 0,
                'ignore_errors' => true,
                'protocol_version' => 1.1,
                'timeout' => $this->timeout,
            ],
            'ssl' => $this->caFile === null ? $ssl : $ssl + ['cafile' => $this->caFile],
        ]);
        $until = microtime(true) + $this->timeout;
        $connected = false;
        stream_context_set_params($context, [
            'notification' => static function (int $code) use (&$connected): void {
                $connected = $connected || $code === STREAM_NOTIFY_CONNECT;
            },
        ]);
        $warning = '';
        set_error_handler(static function (int $_, string $text) use (&$warning): bool {
            $warning = $warning === '' ? $text : $warning;

            return true;
        });
        try {
            $stream = fopen($request->url, 'r', false, $context);
            if ($stream === false) {
                // Warnings name the address: it holds the appKey, but nothing secret. It is left out all the same.
                $reason = preg_replace('/^fopen\(.*?\): /', '', $warning);
                throw new NoAnswer("streams: {$reason}", !$connected);
            }
            $body = self::read($stream, $until);
            $about = stream_get_meta_data($stream);
            fclose($stream);
        } finally {
            restore_error_handler();
        }
        if ($body === null || $about['timed_out'] || strlen($body) > self::BIGGEST) {
            throw new NoAnswer('streams: the answer broke off');
        }
        $headers = array_values(array_filter($about['wrapper_data'] ?? [], 'is_string'));
        self::whole($headers, $body);
        $status = preg_match('{^HTTP/[0-9.]+ ([0-9]{3})}', $headers[0] ?? '', $match) === 1 ? (int) $match[1] : 0;
        if ($status === 0) {
            throw new NoAnswer('streams: the answer has no status');
        }

        return new Answer($status, $body);
    }

    /**
     * All of it, in the time that is left for all of it: PHP's own limit is one for each pause.
     *
     * @param resource $stream
     */
    private static function read($stream, float $until): ?string
    {
        for ($body = ''; !feof($stream) && strlen($body) <= self::BIGGEST;) {
            $left = $until - microtime(true);
            if ($left <= 0) {
                return null;
            }
            stream_set_timeout($stream, (int) $left, (int) (fmod($left, 1) * 1e6));
            $part = fread($stream, 65536);
            if ($part === false || stream_get_meta_data($stream)['timed_out']) {
                return null;
            }
            $body .= $part;
        }

        return $body;
    }

    /** @param list<string> $headers */
    private static function whole(array $headers, string $body): void
    {
        foreach ($headers as $header) {
            if (preg_match('/^content-length:\s*([0-9]+)\s*$/i', $header, $match) === 1 && strlen($body) < (int) $match[1]) {
                throw new NoAnswer('streams: the answer broke off');
            }
        }
    }
}
