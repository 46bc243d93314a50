<?php

declare(strict_types=1);

namespace Panel;

/**
 * What goes back, with the headers that every page of a panel should have.
 */
final class Response
{
    private const CSP = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        . "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /** What is served as it is. `pwvault-unseal.js` is the package for browsers, unchanged. */
    private const ASSETS = [
        '/panel.css' => ['text/css', __DIR__ . '/../public/panel.css'],
        '/panel.js' => ['text/javascript', __DIR__ . '/../public/panel.js'],
        '/unseal-here.js' => ['text/javascript', __DIR__ . '/../public/unseal-here.js'],
        '/icon.svg' => ['image/svg+xml', __DIR__ . '/../public/icon.svg'],
        '/favicon.ico' => ['image/svg+xml', __DIR__ . '/../public/icon.svg'],
        '/pwvault-unseal.js' => ['text/javascript', __DIR__ . '/../../../bindings/js/pwvault-unseal.js'],
    ];

    /** @var list<array{0: string, 1: string}> */
    private array $cookies = [];

    /**
     * @param array<string, string> $headers
     */
    private function __construct(private int $status, private array $headers, #[\SensitiveParameter] private string $body)
    {
    }

    /** Pages may hold secrets or what a person may see, so no browser and no proxy keeps one. */
    public static function page(#[\SensitiveParameter] string $html, int $status = 200): self
    {
        return new self($status, ['Content-Type' => 'text/html; charset=utf-8', 'Cache-Control' => 'no-store'], $html);
    }

    /**
     * @param array<string, mixed> $document
     */
    public static function json(#[\SensitiveParameter] array $document, int $status = 200): self
    {
        $text = json_encode($document, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE);
        return new self($status, ['Content-Type' => 'application/json', 'Cache-Control' => 'no-store'], $text);
    }

    /** After a form: a reload must not send it again. */
    public static function redirect(string $path): self
    {
        return new self(303, ['Location' => $path, 'Cache-Control' => 'no-store'], '');
    }

    public static function plain(int $status, string $text): self
    {
        return new self($status, ['Content-Type' => 'text/plain; charset=utf-8', 'Cache-Control' => 'no-store'], "$text\n");
    }

    public static function asset(string $path): ?self
    {
        [$type, $file] = self::ASSETS[$path] ?? [null, ''];
        if ($type === null || !is_file($file)) {
            return null;
        }
        return new self(200, ['Content-Type' => "$type; charset=utf-8", 'Cache-Control' => 'no-cache'], (string) file_get_contents($file));
    }

    /** A cookie that scripts and other sites never see; it ends with the browser. An empty one is taken away. */
    public function withCookie(string $name, #[\SensitiveParameter] string $value): self
    {
        $this->cookies[] = [$name, $value];
        return $this;
    }

    public function send(): void
    {
        http_response_code($this->status);
        header_remove('X-Powered-By');
        $safety = [
            'Content-Security-Policy' => self::CSP,
            'X-Content-Type-Options' => 'nosniff',
            'Referrer-Policy' => 'no-referrer',
            'Cross-Origin-Opener-Policy' => 'same-origin',
            'Cross-Origin-Resource-Policy' => 'same-origin',
            'Permissions-Policy' => 'camera=(), microphone=(), geolocation=()',
        ];
        if (Visitor::isSecure()) {
            $safety['Strict-Transport-Security'] = 'max-age=31536000';
        }
        foreach ([...$safety, ...$this->headers] as $name => $value) {
            header("$name: $value");
        }
        foreach ($this->cookies as [$name, $value]) {
            $options = ['path' => '/', 'httponly' => true, 'samesite' => 'Strict', 'secure' => Visitor::isSecure()];
            setcookie($name, $value, $value === '' ? [...$options, 'expires' => 1] : $options);
        }
        echo $this->body;
    }
}
