<?php

declare(strict_types=1);

namespace Nnopen;

/**
 * 平台的回传 · What the platform sends us. Nothing in it is signed: it is a hint, never proof.
 *
 * ```php
 * $push = Nnopen\Push::read(file_get_contents('php://input'), $_SERVER['CONTENT_TYPE'] ?? '');
 * // 入队，由任务查询确认 · queue it; the job asks: $client->confirm($push)
 * echo Nnopen\Push::accepted();
 * ```
 */
final class Push
{
    private function __construct(
        /** 种类，平台就这样拼写 · Its kind, so spelt: callback. */
        public readonly string $operater,
        public readonly bool $known,
        public readonly ?string $orderNo,
        public readonly ?string $serialNo,
        /** 红字单据申请号 · The application number of a red-letter form. */
        public readonly ?string $billNo,
        /** issued、failed、seal_failed、voided…… · How things stand; null if the code is not known. */
        public readonly ?string $status,
        public readonly ?string $statusCode,
        public readonly string $contentJson,
        public readonly string $rawJson,
        /** 用来确认它的接口与参数 · The question that confirms it. */
        public readonly ?string $confirmMethod,
        public readonly ?string $confirmParams,
    ) {
    }

    /**
     * 读原始内容；表单、JSON 都可以 · Reads the body as it came: a form or JSON.
     *
     * @throws NnopenException
     */
    public static function read(string $body, string $contentType = ''): self
    {
        Native::need();

        return new self(...array_values(Native::json((string) Native::ok(Native\Library::ask('read_push', $contentType, $body)))));
    }

    /** 内容；其中的数字一律是字符串 · The content; every number in it is a string. */
    public function content(): mixed
    {
        return Json::read($this->contentJson);
    }

    /** 收下了：用 HTTP 200 回答它，否则平台会再发 · The answer that says it was taken in: with HTTP 200. */
    public static function accepted(): string
    {
        Native::need();

        return (string) Native::ok(Native\Library::ask('push_accepted'));
    }

    /** 没能收下；原因给人看 · The answer that says it could not be taken in; the reason is for people. */
    public static function refused(string $reason): string
    {
        Native::need();

        return (string) Native::ok(Native\Library::ask('push_refused', $reason));
    }
}
