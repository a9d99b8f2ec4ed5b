<?php

declare(strict_types=1);

namespace Nnopen\Store;

use Nnopen\TokenStore;

/**
 * 文件：只有所有者可读，一步替换，flock 加锁 · A file for its owner alone, replaced in one step, under a lock.
 *
 * PHP's processes are short-lived: this is the default. All of them must run as one user and on one machine; for several
 * machines take Redis. The files are those of every other language's file store.
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
        $path = $this->path("{$key}.token");
        clearstatcache(true, $path);
        if (!file_exists($path)) {
            return [0, ''];
        }
        $text = file_get_contents($path);
        if ($text === false || preg_match('/\A([1-9][0-9]{0,17})\n/', $text, $match) !== 1) {
            throw new \RuntimeException("{$path} is no token file: it is left alone");
        }

        return [(int) $match[1], substr($text, strlen($match[0]))];
    }

    public function swap(string $key, int $version, #[\SensitiveParameter] string $bytes): bool
    {
        $release = Locks::take($this->path("{$key}.lock"));
        try {
            if ($this->load($key)[0] !== $version) {
                return false;
            }
            $this->replace($this->path("{$key}.token"), ($version + 1) . "\n{$bytes}");

            return true;
        } finally {
            $release();
        }
    }

    /** A new file beside the old one, on disk, then in its place. */
    private function replace(string $path, #[\SensitiveParameter] string $text): void
    {
        $new = "{$path}." . bin2hex(random_bytes(8));
        $before = umask(0o077);
        try {
            $file = fopen($new, 'x');
        } finally {
            umask($before);
        }
        $written = $file !== false && fwrite($file, $text) === strlen($text) && fflush($file)
            && (!function_exists('fsync') || fsync($file));
        if ($file !== false) {
            fclose($file);
        }
        if (!$written || !rename($new, $path)) {
            @unlink($new);
            throw new \RuntimeException("{$path} can not be written");
        }
    }

    private function path(string $name): string
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

        return "{$this->folder}/{$name}";
    }
}
