<?php

declare(strict_types=1);

namespace Pwvault;

/**
 * The library in a process of its own, for hosts without FFI: `pwvault-helper`, over its stdin and
 * stdout or over a Unix socket. Its protocol is that of pwvault-helper/README.md.
 *
 * A helper that dies in the middle of a call is not started again: whether the call was done is not
 * known then. It belongs to the process that reached it: after a fork, the child reaches another.
 */
final class HelperTransport implements Transport
{
    private const PROTOCOL = 1;
    private const REPLY_MAX = 1 << 28;

    /** @var resource|null the process, where this object started it */
    private $process = null;

    /** @var resource|null */
    private $in;

    /** @var resource|null */
    private $out;

    private int $request = 0;
    private readonly int $owner;
    private readonly string $library;

    /**
     * @param resource $in what the helper reads
     * @param resource $out what it writes
     */
    private function __construct($in, $out, private readonly float $timeout)
    {
        [$this->in, $this->out] = [$in, $out];
        $this->owner = (int) getmypid();
    }

    /**
     * Starts a helper for this object alone. It ends with it.
     *
     * @param string|null $program its path; else the environment variable PWVAULT_HELPER, the package's own in
     *     resources/, or `pwvault-helper` where the system looks for programs
     * @param float $timeout how long an answer may take, in seconds
     * @throws LibraryUnavailable
     */
    public static function start(?string $program = null, float $timeout = 120): self
    {
        $program ??= self::find();
        $log = ['file', '/dev/null', 'w'];
        if (str_contains($program, '/') && !is_executable($program)) {
            throw new LibraryUnavailable("there is no program at $program: set PWVAULT_HELPER to the helper's path");
        }
        $process = @proc_open([$program], [['pipe', 'r'], ['pipe', 'w'], $log], $pipes);
        if (!is_resource($process)) {
            throw new LibraryUnavailable("$program cannot be started: set PWVAULT_HELPER to the helper's path");
        }
        $transport = new self($pipes[0], $pipes[1], $timeout);
        $transport->process = $process;
        return $transport->greet($program);
    }

    /**
     * Connects to a helper that listens at a socket, in a directory of this user with mode 0700 as the helper wants
     * it: whoever else could put a socket there would be handed the KEK.
     *
     * @param float $timeout how long an answer may take, in seconds
     * @throws LibraryUnavailable
     */
    public static function connect(string $socket, float $timeout = 120): self
    {
        $socket = self::owned($socket);
        $stream = @stream_socket_client("unix://$socket", $code, $why, 5.0);
        if ($stream === false) {
            throw new LibraryUnavailable("no helper answers at $socket ($why): start pwvault-helper --socket $socket");
        }
        return (new self($stream, $stream, $timeout))->greet($socket);
    }

    public function open(string $options, array $secrets): int
    {
        return $this->handle($this->ask(['do' => 'open'], $options, $secrets));
    }

    public function session(int $vault, string $options, array $secrets): int
    {
        return $this->handle($this->ask(['do' => 'session', 'target' => $vault], $options, $secrets));
    }

    public function call(int $target, string $name, string $arguments, array $secrets): Reply
    {
        return $this->ask(['do' => 'call', 'target' => $target, 'operation' => $name], $arguments, $secrets)[1];
    }

    public function close(int $handle): void
    {
        // What the helper held is gone with it.
        if ($this->in !== null && getmypid() === $this->owner) {
            try {
                $this->ask(['do' => 'close', 'target' => $handle], '', []);
            } catch (TransportFailed) {
            }
        }
    }

    public function libraryVersion(): string
    {
        return $this->library;
    }

    public function __destruct()
    {
        $this->end();
    }

    /**
     * @return array{}
     */
    public function __debugInfo(): array
    {
        return [];
    }

    /**
     * @return never
     */
    public function __serialize(): array
    {
        throw new \LogicException('a connection to a helper is not serialized');
    }

    public function __clone()
    {
        throw new \LogicException('a connection to a helper is not cloned');
    }

    private static function find(): string
    {
        $named = getenv('PWVAULT_HELPER');
        $own = __DIR__ . '/../resources/pwvault-helper';
        return match (true) {
            is_string($named) && $named !== '' => $named,
            is_file($own) => $own,
            default => 'pwvault-helper',
        };
    }

    /**
     * The socket by the real path of its directory, so that no link is turned between this look and the connection.
     */
    private static function owned(string $socket): string
    {
        $folder = realpath(dirname($socket));
        $found = $folder === false ? false : @stat($folder);
        if ($folder === false || $found === false) {
            throw new LibraryUnavailable("no helper answers at $socket (no such directory): start pwvault-helper --socket $socket");
        }
        // Without the extension posix the mode says enough, for a closed directory of another user leads nowhere.
        $user = function_exists('posix_geteuid') ? posix_geteuid() : $found['uid'];
        if ($found['uid'] !== $user || ($found['mode'] & 0077) !== 0) {
            throw new LibraryUnavailable("$folder: expected a directory of this user with mode 0700, where no one else puts a socket");
        }
        return $folder . '/' . basename($socket);
    }

    private function greet(string $place): self
    {
        try {
            $hello = json_decode($this->ask(['do' => 'hello', 'protocol' => self::PROTOCOL], '', [])[1]->document, true);
        } catch (TransportFailed $error) {
            throw new LibraryUnavailable("$place is no pwvault-helper: {$error->getMessage()}", 0, $error);
        }
        if (($hello['abi'] ?? null) !== FfiTransport::ABI) {
            throw new LibraryUnavailable(sprintf(
                '%s has version %s of the ABI (library %s), and this package needs version %d: install helper and '
                . 'package of one release',
                $place,
                var_export($hello['abi'] ?? null, true),
                $hello['library'] ?? 'unknown',
                FfiTransport::ABI
            ));
        }
        $this->library = (string) $hello['library'];
        return $this;
    }

    /**
     * @param array{0: array<string, mixed>, 1: Reply} $reply
     */
    private function handle(array $reply): int
    {
        $handle = $reply[0]['handle'] ?? null;
        return is_int($handle) ? $handle : $this->fail('the helper gave no handle');
    }

    /**
     * @param array<string, mixed> $header
     * @param list<Secret> $secrets
     * @return array{0: array<string, mixed>, 1: Reply}
     */
    private function ask(array $header, string $document, #[\SensitiveParameter] array $secrets): array
    {
        if (getmypid() !== $this->owner) {
            throw new TransportFailed('the helper belongs to the process before the fork; open the vault anew');
        }
        if ($this->in === null) {
            throw new TransportFailed('the helper is gone; open the vault anew');
        }
        $header = ['request' => ++$this->request] + $header;
        $bodies = array_map(fn (Secret $secret): string => $secret->expose(), $secrets);
        if ($bodies !== []) {
            $header['secrets'] = array_map('strlen', $bodies);
        }
        $text = (string) json_encode($header, JSON_THROW_ON_ERROR);
        $body = implode('', $bodies);
        $frame = pack('NNN', strlen($text), strlen($document), strlen($body)) . $text . $document . $body;
        try {
            $this->write($frame);
        } finally {
            array_walk($bodies, fn (string &$one) => Secret::forget($one));
            Secret::forget($body);
            Secret::forget($frame);
        }
        return $this->answer();
    }

    /**
     * @return array{0: array<string, mixed>, 1: Reply}
     */
    private function answer(): array
    {
        [, $header, $document, $length] = (array) unpack('N3', $this->read(12)) + [null, 0, 0, 0];
        if ($header + $document + $length > self::REPLY_MAX) {
            $this->fail('the helper announced a reply that is too long');
        }
        $said = json_decode($this->read($header), true);
        $document = $this->read($document);
        if (!is_array($said) || ($said['request'] ?? null) !== $this->request || !is_int($said['status'] ?? null)) {
            $this->fail('the helper gave a reply that makes no sense');
        }
        $parts = (array) ($said['secrets'] ?? []);
        if (array_filter($parts, 'is_int') !== $parts || min([0, ...$parts]) < 0 || array_sum($parts) !== $length) {
            $this->fail('the helper gave secrets whose lengths do not add up');
        }
        $secrets = array_map(fn (int $part): Secret => new Secret($this->read($part)), $parts);
        if ($said['final'] ?? false) {
            $this->end();
        }
        return $said['status'] === 0 ? [$said, new Reply($document, $secrets)] : throw Fault::of($document);
    }

    private function write(#[\SensitiveParameter] string $bytes): void
    {
        // A handler of the host that throws would have the arguments of `fwrite` in its trace.
        set_error_handler(static fn (): bool => true);
        try {
            for ($done = 0, $wrote = 1; $done < strlen($bytes) && $wrote > 0; $done += (int) $wrote) {
                $wrote = fwrite($this->in, $done === 0 ? $bytes : substr($bytes, $done));
            }
        } finally {
            restore_error_handler();
        }
        if ($done < strlen($bytes)) {
            $this->fail('the helper is gone');
        }
    }

    private function read(int $length): string
    {
        $bytes = '';
        $until = microtime(true) + $this->timeout;
        while (strlen($bytes) < $length) {
            $left = max(0.0, $until - microtime(true));
            [$ready, $none] = [[$this->out], null];
            $found = @stream_select($ready, $none, $none, (int) $left, (int) (fmod($left, 1.0) * 1e6));
            if ($found === 0) {
                $this->fail("the helper did not answer within $this->timeout seconds");
            }
            if ($found === false) {
                continue; // A signal of the host.
            }
            $more = @fread($this->out, $length - strlen($bytes));
            if ($more === false || $more === '') {
                $this->fail('the helper ended in the middle of a call');
            }
            $bytes .= $more;
        }
        return $bytes;
    }

    private function fail(string $why): never
    {
        if (is_resource($this->process)) {
            proc_terminate($this->process);
        }
        $this->end();
        throw new TransportFailed("$why; whether the call was done is not known");
    }

    private function end(): void
    {
        foreach ([$this->in, $this->out] as $stream) {
            if (is_resource($stream)) {
                fclose($stream);
            }
        }
        [$this->in, $this->out] = [null, null];
        if (is_resource($this->process)) {
            proc_close($this->process);
        }
        $this->process = null;
    }
}
