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
    /** The address and the headers, a line each. */
    private readonly Secret $head;
    private readonly Secret $body;

    /** @param string|null $shown the body if it is shown otherwise than it is */
    public function __construct(
        #[\SensitiveParameter] string $head,
        #[\SensitiveParameter] string $body,
        private readonly string $preview,
        private readonly ?string $shown = null,
    ) {
        $this->head = new Secret($head);
        $this->body = new Secret($body);
    }

    /** @return string|array<array-key, string>|null */
    public function ask(string $word): string|array|null
    {
        return match ($word) {
            'url' => \explode("\n", $this->head->expose(), 2)[0],
            'lines' => $this->lines(),
            'headers' => self::named($this->lines()),
            'body' => $this->body->expose(),
            'preview' => $this->preview . ($this->shown ?? $this->body->expose()),
            default => null,
        };
    }

    /** @return list<string> */
    private function lines(): array
    {
        return \array_slice(\explode("\n", $this->head->expose()), 1);
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
