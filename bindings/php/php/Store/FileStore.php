<?php

declare(strict_types=1);

namespace Nnopen\Store;

use Nnopen\TokenStore;

/**
 * 文件：只有所有者可读，一步替换，flock 加锁 · A file for its owner alone, replaced in one step, under a lock.
 *
 * PHP's processes are short-lived: this is the default. All of them must run as one user and on one machine; for several
 * machines take Redis.
 */
final class FileStore implements TokenStore
{
    private readonly string $folder;

    /** @param string|null $folder 默认在系统临时目录下，每个用户一个 · by default one for each user, in the system's temporary folder */
    public function __construct(?string $folder = null)
    {
        $user = function_exists('posix_geteuid') ? (string) posix_geteuid() : get_current_user();
        $this->folder = $folder ?? sys_get_temp_dir() . "/nnopen-{$user}";
    }

    public function load(string $key): array
    {
        $text = @file_get_contents($this->path($key));
        if ($text === false || $text === '') {
            return [0, ''];
        }
        [$version, $bytes] = explode("\n", $text, 2) + ['0', ''];

        return [(int) $version, $bytes];
    }

    public function swap(string $key, int $version, #[\SensitiveParameter] string $bytes): bool
    {
        $path = $this->path($key);
        $release = Locks::take("{$path}.swap");
        try {
            if ($this->load($key)[0] !== $version) {
                return false;
            }
            $new = "{$path}." . bin2hex(random_bytes(8));
            $before = umask(0o077);
            try {
                $text = ($version + 1) . "\n{$bytes}";
                $file = fopen($new, 'x');
                $written = $file !== false && fwrite($file, $text) === strlen($text) && fflush($file) && fsync($file);
                if ($file !== false) {
                    fclose($file);
                }
            } finally {
                umask($before);
            }
            if (!$written || !rename($new, $path)) {
                @unlink($new);
                throw new \RuntimeException("{$path} can not be written");
            }

            return true;
        } finally {
            $release();
        }
    }

    public function lock(string $key): \Closure
    {
        return Locks::take($this->path($key) . '.lock');
    }

    private function path(string $key): string
    {
        Locks::folder($this->folder);
        // A folder that another user made beforehand could be read by that user.
        if (function_exists('posix_geteuid')) {
            $safe = !is_link($this->folder) && fileowner($this->folder) === posix_geteuid()
                && (fileperms($this->folder) & 0o022) === 0;
            if (!$safe) {
                throw new \RuntimeException("{$this->folder} is not this user's alone: name another folder");
            }
        }

        return "{$this->folder}/token-{$key}";
    }
}
