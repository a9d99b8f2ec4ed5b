<?php

declare(strict_types=1);

namespace Nnopen\Native;

use Nnopen\Secret;

/**
 * 要发送的请求，用于 FFI · Over FFI, a request to be sent: it is asked as the extension's own `Held` is.
 *
 * @internal
 */
final class Sent
{
    /** The address and the headers, a line each; behind an empty line the body. */
    private readonly Secret $text;

    /** @param string|null $shown the body if it is shown otherwise than it is */
    public function __construct(
        #[\SensitiveParameter] string $head,
        #[\SensitiveParameter] string $body,
        private readonly string $preview,
        private readonly ?string $shown = null,
    ) {
        $this->text = new Secret("{$head}\n\n{$body}");
    }

    /** @return string|array<array-key, string>|null */
    public function ask(string $word): string|array|null
    {
        [$head, $body] = \explode("\n\n", $this->text->expose(), 2);

        return match ($word) {
            'url' => \explode("\n", $head, 2)[0],
            'lines' => \array_slice(\explode("\n", $head), 1),
            'headers' => self::named(\array_slice(\explode("\n", $head), 1)),
            'body' => $body,
            'preview' => $this->preview . ($this->shown ?? $body),
            default => null,
        };
    }

    /**
     * @param list<string> $lines
     *
     * @return array<string, string>
     */
    private static function named(array $lines): array
    {
        $headers = [];
        foreach ($lines as $line) {
            [$name, $value] = \explode(': ', $line, 2);
            $headers[$name] = $value;
        }

        return $headers;
    }
}
