<?php

declare(strict_types=1);

namespace Nnopen;

/** 发票的一个文件 · A file of an invoice. */
final class Document
{
    /** @internal */
    public function __construct(
        /** ofd、pdf、xml、paper_pdf、page、image */
        public readonly string $kind,
        /** 地址，总带 http 或 https · Its address, with a scheme. */
        public readonly string $url,
        /** 它所在的字段 · The member it was found in. */
        public readonly string $field,
        /** 是否版式文件原件 · Whether it is the legal original. */
        public readonly bool $original,
    ) {
    }
}
