<?php

declare(strict_types=1);

namespace Pwvault;

use Pwvault\Model\ConnectorKind;
use Pwvault\Model\KekSource;
use Pwvault\Model\Principal;
use Pwvault\Model\PrincipalKind;
use Pwvault\Model\RequestContext;
use Pwvault\Model\Settings;
use Pwvault\Operations\VaultOperations;
use Pwvault\Wire\Encoder;

/**
 * An open vault. Sign-ins and what bearers of links do are here; everything else is done in a session.
 */
final class Vault extends Handle
{
    use VaultOperations;

    /** The options of opening by parameter: name in documents, and shape. */
    private const OPTIONS = [
        'dsn' => ['store', 'text'],
        'vault' => ['vault', 'text'],
        'kek' => ['kek', KekSource::class],
        'fullAccess' => ['full_access', 'text'],
        'settings' => ['settings', Settings::class],
        'shards' => ['shards', 'int'],
        'minHead' => ['min_head', 'text'],
        'recoveryKey' => ['recovery_key', 'text'],
        'pulledConnectors' => ['pulled_connectors', ['list', ConnectorKind::class]],
        'whm' => ['whm', 'bool'],
        'linkPage' => ['link_page', 'text'],
        'requestPage' => ['request_page', 'text'],
        'invitationPage' => ['invitation_page', 'text'],
    ];

    /**
     * Opens a vault that is there.
     *
     * @param string $dsn where its records are: `sqlite:` and a path, or `memory:`
     * @param string $vault its id, a UUID
     * @param KekSource|array<string, mixed> $kek the key it is sealed under
     * @param string|null $minHead the head that was kept; an older vault is refused
     * @param string|null $recoveryKey the offline recovery key of master passwords, as PEM
     * @param list<ConnectorKind|array<string, mixed>> $pulledConnectors the kinds of servers that the host
     *     signs in to by itself
     * @param bool $whm signs in to servers with WHM
     * @param string|null $linkPage the page that opens links
     * @param string|null $requestPage the page that takes answers to requests
     * @param string|null $invitationPage the page that takes in who was invited
     * @param Transport|null $transport the way to the library; found when absent
     * @throws PwvaultException such as `NoVault`, `Kek`, `Tampered` or `LibraryUnavailable`
     */
    public static function open(
        string $dsn,
        string $vault,
        #[\SensitiveParameter] KekSource|array $kek,
        ?string $minHead = null,
        ?string $recoveryKey = null,
        array $pulledConnectors = [],
        bool $whm = false,
        ?string $linkPage = null,
        ?string $requestPage = null,
        ?string $invitationPage = null,
        ?Transport $transport = null
    ): self {
        return self::make('open', get_defined_vars());
    }

    /**
     * Creates a vault.
     *
     * @param string $fullAccess the role that gets every section
     * @param Settings|array<string, mixed>|null $settings settings in place of the defaults
     * @param int|null $shards audit shards: more allow more writers at once
     * @throws PwvaultException such as `VaultExists`
     * @see open() for the other parameters
     */
    public static function create(
        string $dsn,
        string $vault,
        #[\SensitiveParameter] KekSource|array $kek,
        string $fullAccess,
        Settings|array|null $settings = null,
        ?int $shards = null,
        ?string $recoveryKey = null,
        array $pulledConnectors = [],
        bool $whm = false,
        ?string $linkPage = null,
        ?string $requestPage = null,
        ?string $invitationPage = null,
        ?Transport $transport = null
    ): self {
        return self::make('create', get_defined_vars());
    }

    /**
     * Opens a vault, and creates it where there is none.
     *
     * @throws PwvaultException
     * @see open() and create() for the parameters
     */
    public static function openOrCreate(
        string $dsn,
        string $vault,
        #[\SensitiveParameter] KekSource|array $kek,
        string $fullAccess,
        Settings|array|null $settings = null,
        ?int $shards = null,
        ?string $recoveryKey = null,
        array $pulledConnectors = [],
        bool $whm = false,
        ?string $linkPage = null,
        ?string $requestPage = null,
        ?string $invitationPage = null,
        ?Transport $transport = null
    ): self {
        return self::make('open_or_create', get_defined_vars());
    }

    /**
     * Begins a session.
     *
     * @param Principal|PrincipalKind|array<string, mixed> $principal who acts
     * @param RequestContext|array<string, mixed> $context from where: the surface, the address, a ticket
     * @param list<Secret|string> $tickets what `unlock()` gave in earlier requests
     * @throws PwvaultException
     */
    public function session(
        Principal|PrincipalKind|array $principal,
        RequestContext|array $context = [],
        #[\SensitiveParameter] array $tickets = []
    ): Session {
        return Session::begin($this, $principal, $context, $tickets);
    }

    /**
     * @param array<string, mixed> $given the parameters by name
     */
    private static function make(string $mode, #[\SensitiveParameter] array $given): self
    {
        $transport = $given['transport'] ?? Transports::default();
        $options = ['mode' => ['text', $mode]];
        foreach (self::OPTIONS as $name => [$option, $shape]) {
            $options[$option] = [$shape, $given[$name] ?? null];
        }
        [$document, $secrets] = Encoder::document($options);
        return new self($transport, $transport->open($document, $secrets));
    }
}
