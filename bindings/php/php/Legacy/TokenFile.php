<?php

declare(strict_types=1);

namespace Nnopen\Legacy;

/**
 * 放共用令牌的文件；PHP 7.2 起 · The file of a shared token, as in every other language. PHP 7.2 or later.
 *
 * `<key>.token` holds a line with the version, then the bytes. It is for its owner alone and replaced in one step; who
 * swaps holds the lock on `<key>.lock`, which ends with its process. Reading takes no lock.
 *
 * @internal
 */
final class TokenFile
{
    /** @var string */
    private $folder;

    public function __construct(?string $folder = null)
    {
        $this->folder = $folder !== null ? $folder : self::ours();
    }

    /** @return array{int, string} 版本与内容；没有则为 0 与空 · version and bytes; 0 and nothing, if nothing was put there yet */
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

    /** 仍是这个版本才换成新内容 · Puts bytes there if it still holds this version; tells whether it did. */
    public function swap(string $key, int $version, string $bytes): bool
    {
        $release = self::lock($this->path("{$key}.lock"));
        try {
            if ($this->load($key)[0] !== $version) {
                return false;
            }
            self::replace($this->path("{$key}.token"), ($version + 1) . "\n{$bytes}");

            return true;
        } finally {
            $release();
        }
    }

    /** 本机的锁：进程结束时自动解开 · A lock of this machine, ended by the end of the process at the latest. */
    public static function lock(string $path): \Closure
    {
        $before = umask(0077);
        $file = @fopen($path, 'c');
        umask($before);
        if ($file === false || !flock($file, LOCK_EX)) {
            throw new \RuntimeException("{$path} can not be locked");
        }

        return static function () use ($file) {
            flock($file, LOCK_UN);
            fclose($file);
        };
    }

    /**
     * 默认的目录：命令行与其他语言的那一个；用户没有自己的主目录时，在系统临时目录下
     * · The default folder: that of the CLI and of every other language; in the system's temporary folder for a user
     * without a home, as those of web servers often are. A folder that the web server hands out is none for a token.
     */
    public static function ours(): string
    {
        $uid = function_exists('posix_geteuid') ? posix_geteuid() : null;
        $variables = ['HOME' => self::home($uid)];
        foreach (['NNOPEN_STATE_DIR', 'XDG_STATE_HOME', 'LOCALAPPDATA'] as $name) {
            $variables[$name] = (string) getenv($name);
        }
        $systems = ['Windows' => 'windows', 'Darwin' => 'macos'];
        $folder = self::byRule($systems[PHP_OS_FAMILY] ?? 'linux', $variables);

        return $folder !== null ? $folder : sys_get_temp_dir() . '/nnopen-' . ($uid === null ? get_current_user() : $uid);
    }

    /**
     * 各语言同一条规则，见“共用令牌的存储” · One rule for all languages; it stands in the guide to the token's store.
     *
     * @param string                $system    `linux`, `macos`, `windows`
     * @param array<string, string> $variables
     *
     * @return string|null 没有则为 null · null if there is none
     */
    public static function byRule(string $system, array $variables): ?string
    {
        $set = static function (string $name) use ($variables): ?string {
            return ($variables[$name] ?? '') !== '' ? $variables[$name] : null;
        };
        $absolute = static function (string $name) use ($set): ?string {
            return strpos((string) $set($name), '/') === 0 ? $set($name) : null;
        };
        if ($set('NNOPEN_STATE_DIR') !== null) {
            return $set('NNOPEN_STATE_DIR');
        }
        if ($system === 'windows') {
            return $set('LOCALAPPDATA') === null ? null : $set('LOCALAPPDATA') . '\\nnopen';
        }
        if ($absolute('XDG_STATE_HOME') !== null) {
            return $absolute('XDG_STATE_HOME') . '/nnopen';
        }
        $usual = $system === 'macos' ? '/Library/Application Support/nnopen' : '/.local/state/nnopen';

        return $absolute('HOME') === null ? null : $absolute('HOME') . $usual;
    }

    /** 这个用户自己的主目录；没有则为空 · This user's own home; nothing, if there is none. */
    private static function home(?int $uid): string
    {
        $home = (string) getenv('HOME');
        if ($home === '' && $uid !== null) {
            $user = posix_getpwuid($uid);
            $home = $user === false ? '' : $user['dir'];
        }
        // Not `/`, `/var/www` or `/nonexistent`: others', not there, or out of bounds (open_basedir warns).
        if ($home === '' || !@is_dir($home) || ($uid !== null && fileowner($home) !== $uid)) {
            return '';
        }
        $root = empty($_SERVER['DOCUMENT_ROOT']) ? false : @realpath($_SERVER['DOCUMENT_ROOT']);
        if ($root !== false && strpos(realpath($home) . '/', rtrim($root, '/') . '/') === 0) {
            return '';
        }

        return $home;
    }

    /** 只属于所有者的目录 · A folder for its owner alone, made if it is not there. */
    public static function folder(string $folder): string
    {
        if (!is_dir($folder) && !@mkdir($folder, 0700, true) && !is_dir($folder)) {
            throw new \RuntimeException("{$folder} can not be made: name another folder");
        }
        // One that another user made beforehand could be read by that user.
        if (function_exists('posix_geteuid')) {
            $safe = !is_link($folder) && fileowner($folder) === posix_geteuid() && (fileperms($folder) & 0022) === 0;
            if (!$safe) {
                throw new \RuntimeException("{$folder} is not this user's alone: name another folder");
            }
        }

        return $folder;
    }

    /** A new file beside the old one, on disk, then in its place. */
    private static function replace(string $path, string $text): void
    {
        $new = "{$path}." . bin2hex(random_bytes(8));
        $before = umask(0077);
        $file = @fopen($new, 'x');
        umask($before);
        $written = $file !== false && fwrite($file, $text) === strlen($text) && fflush($file)
            && (!function_exists('fsync') || fsync($file));
        if ($file !== false) {
            fclose($file);
        }
        if (!$written || !@rename($new, $path)) {
            @unlink($new);
            throw new \RuntimeException("{$path} can not be written");
        }
    }

    private function path(string $name): string
    {
        return self::folder($this->folder) . "/{$name}";
    }
}
