<?php

declare(strict_types=1);

namespace Nnopen;

use Nnopen\Native\Library;

/** 不需要会话的功能 · What needs no session: checks, codes, signatures, answers. */
final class Core
{
    /**
     * 发送前检查：参数的全部问题 · All that is wrong with params, and what someone should look at.
     *
     * @param array<array-key, mixed>|string $params 数组，或 JSON 文本 · an array, or JSON text
     *
     * @return list<Violation>
     */
    public static function check(string $method, array|string $params): array
    {
        return array_map(Violation::of(...), self::checked($method, $params)['violations']);
    }

    /**
     * 将要发送的内容；参数有误则为 null · The body that would be sent; null if the params are wrong.
     *
     * @param array<array-key, mixed>|string $params
     */
    public static function body(string $method, array|string $params): ?string
    {
        return self::checked($method, $params)['body'];
    }

    /** 读一个应答 · Reads an answer to a method; one that is not known counts as a write. */
    public static function read(string $method, int $status, #[\SensitiveParameter] string $body): Reading
    {
        Native::need();
        $told = Native::json((string) Native::ok(Library::ask('read', $method, $status, $body)));
        $failure = $told['failure'] === null ? null : Failure::of($told['failure']);

        $describe = $told['describe'] === '' ? null : $told['describe'];

        return new Reading($told['code'], $describe, $told['result'], $failure);
    }

    /**
     * 发票的文件：查询结果的一行，或回传的内容；原件在前 · The files of an invoice, the legal original first.
     *
     * @param array<array-key, mixed> $invoice
     *
     * @return list<Document>
     */
    public static function documents(array $invoice): array
    {
        Native::need();
        $told = Native::json((string) Native::ok(Library::ask('documents', $invoice)));

        return array_map(static fn (array $document) => new Document(...$document), $told);
    }

    /** @return list<Explanation> 返回码的含义、原因、处理办法 · all that is known about a code or status */
    public static function explain(string $code): array
    {
        Native::need();

        $told = Native::json((string) Native::ok(Library::ask('explain', $code)));

        return array_map(static fn (array $one) => new Explanation(...$one), $told);
    }

    /**
     * 签名 · Signs a body: what is signed, and the signature.
     *
     * @return array{canonical: string, signature: string}
     */
    public static function sign(
        #[\SensitiveParameter] string $secret,
        string $path,
        string $appKey,
        string $senid,
        string $nonce,
        string $timestamp,
        string $body,
    ): array {
        Native::need();

        [$canonical, $signature] = Native::ok(
            Library::ask('sign', $secret, $path, $appKey, $senid, $nonce, $timestamp, $body),
        );

        return ['canonical' => $canonical, 'signature' => $signature];
    }

    /** @return list<string> 所有接口名 · the names of all methods */
    public static function methods(): array
    {
        Native::need();

        return Native::ok(Library::ask('methods'));
    }

    /**
     * @param array<array-key, mixed>|string $params
     *
     * @return array{violations: list<array<string, mixed>>, body: string|null}
     */
    private static function checked(string $method, array|string $params): array
    {
        Native::need();

        return Native::json((string) Native::ok(Library::ask(is_string($params) ? 'check_text' : 'check', $method, $params)));
    }
}
