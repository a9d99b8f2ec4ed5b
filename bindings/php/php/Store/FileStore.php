<?php

declare(strict_types=1);

namespace Nnopen\Store;

use Nnopen\Legacy\TokenFile;
use Nnopen\TokenStore;

/**
 * 文件：只有所有者可读，一步替换，flock 加锁 · A file for its owner alone, replaced in one step, under a lock.
 *
 * PHP's processes are short-lived: this is the default. All of them must run as one user and on one machine; for several
 * machines take Redis. The files are those of every other language's file store.
 */
final class FileStore implements TokenStore
{
    private readonly TokenFile $file;

    /** @param string|null $folder 默认看环境变量 NNOPEN_STATE_DIR，没有则在系统临时目录下 · by default NNOPEN_STATE_DIR, else one for each user in the temporary folder */
    public function __construct(?string $folder = null)
    {
        $this->file = new TokenFile($folder);
    }

    public function load(string $key): array
    {
        return $this->file->load($key);
    }

    public function swap(string $key, int $version, #[\SensitiveParameter] string $bytes): bool
    {
        return $this->file->swap($key, $version, $bytes);
    }
}
