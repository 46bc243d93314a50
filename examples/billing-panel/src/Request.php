<?php

declare(strict_types=1);

namespace Panel;

/**
 * What a browser sent. Texts are taken only when they are valid UTF-8 and no arrays.
 */
final class Request
{
    /**
     * @param array<mixed> $query
     * @param array<mixed> $form
     * @param array<mixed> $files
     * @param array<mixed> $cookies
     * @param array<string, string> $headers
     */
    private function __construct(
        public readonly string $method,
        public readonly string $path,
        private readonly array $query,
        #[\SensitiveParameter] private readonly array $form,
        private readonly array $files,
        #[\SensitiveParameter] private readonly array $cookies,
        private readonly array $headers
    ) {
    }

    public static function current(): self
    {
        $path = parse_url($_SERVER['REQUEST_URI'] ?? '/', PHP_URL_PATH);
        return new self(
            ($_SERVER['REQUEST_METHOD'] ?? 'GET') === 'HEAD' ? 'GET' : $_SERVER['REQUEST_METHOD'] ?? 'GET',
            is_string($path) ? $path : '/',
            $_GET,
            $_POST,
            $_FILES,
            $_COOKIE,
            [
                'ip' => $_SERVER['REMOTE_ADDR'] ?? '',
                'agent' => (string) preg_replace('/[^\x20-\x7e]/', '?', substr($_SERVER['HTTP_USER_AGENT'] ?? '', 0, 200)),
                'accept' => $_SERVER['HTTP_ACCEPT'] ?? '',
                'length' => $_SERVER['CONTENT_LENGTH'] ?? '0',
            ]
        );
    }

    public function query(string $name): string
    {
        return trim(self::read($this->query, $name));
    }

    /** A text of the form as it is: passwords are not trimmed. */
    public function text(string $name): string
    {
        return self::read($this->form, $name);
    }

    public function line(string $name): string
    {
        return trim($this->text($name));
    }

    /**
     * @return list<string> the boxes that are ticked
     */
    public function ticked(string $name): array
    {
        $found = $this->form[$name] ?? [];
        return is_array($found) ? array_values(array_filter($found, is_string(...))) : [];
    }

    public function cookie(string $name): string
    {
        return self::read($this->cookies, $name);
    }

    public function ip(): string
    {
        return $this->headers['ip'];
    }

    public function agent(): string
    {
        return $this->headers['agent'];
    }

    public function wantsJson(): bool
    {
        return str_starts_with($this->headers['accept'], 'application/json');
    }

    /** The content of an uploaded file; null when there is none or it is larger than PHP takes. */
    public function file(string $name): ?string
    {
        $file = $this->files[$name] ?? null;
        if (!is_array($file) || ($file['error'] ?? null) !== UPLOAD_ERR_OK || !is_string($file['tmp_name'] ?? null)) {
            return null;
        }
        $content = is_uploaded_file($file['tmp_name']) ? file_get_contents($file['tmp_name']) : false;
        return $content === false ? null : $content;
    }

    /** Whether PHP threw the form away because it was larger than `post_max_size`. */
    public function isTooLarge(): bool
    {
        return $this->method === 'POST' && $this->form === [] && (int) $this->headers['length'] > 0;
    }

    /**
     * @param array<mixed> $values
     */
    private static function read(#[\SensitiveParameter] array $values, string $name): string
    {
        $value = $values[$name] ?? '';
        return is_string($value) && preg_match('//u', $value) === 1 ? $value : '';
    }
}
