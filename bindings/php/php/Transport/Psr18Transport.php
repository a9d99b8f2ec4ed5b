<?php

declare(strict_types=1);

namespace Nnopen\Transport;

use Nnopen\Request;
use Nnopen\Transport;
use Psr\Http\Client\ClientExceptionInterface;
use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestFactoryInterface;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Psr\Http\Message\StreamInterface;

/**
 * 用 PSR-18 客户端发送：Guzzle、Symfony 等 · Sends with a PSR-18 client.
 *
 * The client must verify TLS and follow no redirect (both are the default of Guzzle and Symfony under PSR-18) and must not
 * try again by itself: no retry middleware.
 */
final class Psr18Transport implements Transport
{
    /** curl's numbers for: nothing has left yet. */
    private const NOT_SENT = [5, 6, 7, 35, 60];

    public function __construct(
        private readonly ClientInterface $client,
        private readonly RequestFactoryInterface $requests,
        private readonly StreamFactoryInterface $streams,
    ) {
    }

    public function send(Request $request): Answer
    {
        try {
            $response = $this->client->sendRequest(self::message($request, $this->requests, $this->streams));

            return new Answer($response->getStatusCode(), self::whole($response->getBody()));
        } catch (ClientExceptionInterface $error) {
            throw new NoAnswer('PSR-18: ' . $error::class, self::notSent($error));
        } catch (\RuntimeException) {
            throw new NoAnswer('PSR-18: the answer broke off');
        }
    }

    /** Symfony tells by a warning alone that an answer broke off, and Nyholm silences it: what is left would be empty. */
    private static function whole(StreamInterface $body): string
    {
        $body->isSeekable() && $body->rewind();
        $broke = false;
        set_error_handler(static function () use (&$broke): bool {
            return $broke = true;
        });
        try {
            $text = $body->getContents();
        } finally {
            restore_error_handler();
        }

        return $broke ? throw new \RuntimeException() : $text;
    }

    /** 只要 PSR-7 的请求 · Only the PSR-7 message. */
    public static function message(
        Request $request,
        RequestFactoryInterface $requests,
        StreamFactoryInterface $streams,
    ): RequestInterface {
        $message = $requests->createRequest('POST', $request->url)->withBody($streams->createStream($request->body()));
        foreach ($request->headers() as $name => $value) {
            $message = $message->withHeader($name, $value);
        }

        // A connection that is kept can break, and curl then sends again by itself.
        return $message->withProtocolVersion('1.1')->withHeader('Connection', 'close');
    }

    /** PSR-18 does not tell; Guzzle tells curl's number. */
    private static function notSent(ClientExceptionInterface $error): bool
    {
        if (!method_exists($error, 'getHandlerContext')) {
            return false;
        }
        $context = $error->getHandlerContext();

        return is_array($context) && in_array($context['errno'] ?? null, self::NOT_SENT, true);
    }
}
