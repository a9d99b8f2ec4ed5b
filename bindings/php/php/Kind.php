<?php

declare(strict_types=1);

namespace Nnopen;

/** 错误的种类：接下来该做什么 · The kinds of errors, by what the caller does next. */
enum Kind: string
{
    /** 改参数 · Fix the params. */
    case Input = 'input';
    /** 改调用方式 · Fix the code that drives the call. */
    case Usage = 'usage';
    /** 重新取得令牌 · Sign in again. */
    case Auth = 'auth';
    /** 按返回码处理 · Read the code. */
    case Platform = 'platform';
    /** 应答读不懂，请报告 · An answer that can't be read: report it. */
    case Reply = 'reply';
    /** 没有做成，可以重试 · Nothing was done, may be tried again. */
    case Transport = 'transport';
    /** 可能已经做成：先查询，只有 settle 可以再发 · It may have been done: ask first; only settle may send again. */
    case Uncertain = 'uncertain';
}
