<?php

declare(strict_types=1);

namespace Pwvault;

use Pwvault\Model\Principal;
use Pwvault\Model\PrincipalKind;
use Pwvault\Model\RequestContext;
use Pwvault\Operations\SessionOperations;
use Pwvault\Wire\Encoder;

/**
 * What one principal may do with a vault, as the rules say. Cheap: begin one in every request.
 */
final class Session extends Handle
{
    use SessionOperations;

    /** @var \Closure(Secret|string): self */
    private \Closure $likeThisWith;

    /**
     * @param array<string, mixed>|Principal|PrincipalKind $principal
     * @param array<string, mixed>|RequestContext $context
     * @param list<Secret|string> $tickets
     * @internal `Vault::session()` begins sessions
     */
    public static function begin(
        Vault $vault,
        Principal|PrincipalKind|array $principal,
        RequestContext|array $context,
        #[\SensitiveParameter] array $tickets
    ): self {
        $tickets = array_map(Secret::of(...), $tickets);
        [$options, $secrets] = Encoder::document([
            'principal' => [
                Principal::class,
                $principal instanceof PrincipalKind ? new Principal($principal) : $principal,
            ],
            'context' => [RequestContext::class, $context],
            'tickets' => [['list', 'secret'], $tickets],
        ]);
        $session = new self($vault->transport, $vault->transport->session($vault->handle, $options, $secrets));
        $session->likeThisWith = static fn (#[\SensitiveParameter] Secret|string $ticket): self
            => self::begin($vault, $principal, $context, [...$tickets, $ticket]);
        return $session;
    }

    /**
     * Another session like this one, in which what the ticket unlocked is open too. This one stays as it is.
     *
     * @param Secret|string $ticket what `unlock()` gave
     * @throws PwvaultException
     */
    public function withTicket(#[\SensitiveParameter] Secret|string $ticket): self
    {
        return ($this->likeThisWith)($ticket);
    }
}
