<?php

declare(strict_types=1);

namespace Nnopen\Store;

/** @internal 本机的锁：进程结束时自动解开 · A lock of this machine, ended by the end of the process at the latest. */
final class Locks
{
    /** @return \Closure(): void */
    public static function take(string $path): \Closure
    {
        $file = self::open($path);
        if (!flock($file, LOCK_EX)) {
            throw new \RuntimeException("{$path} can not be locked");
        }

        return static function () use ($file): void {
            flock($file, LOCK_UN);
            fclose($file);
        };
    }

    /** A folder for its owner alone. */
    public static function folder(string $folder): void
    {
        if (!is_dir($folder) && !@mkdir($folder, 0o700, true) && !is_dir($folder)) {
            throw new \RuntimeException("{$folder} can not be made");
        }
    }

    /** @return resource */
    private static function open(string $path)
    {
        $before = umask(0o077);
        try {
            $file = @fopen($path, 'c');
        } finally {
            umask($before);
        }

        return $file !== false ? $file : throw new \RuntimeException("{$path} can not be opened");
    }
}
