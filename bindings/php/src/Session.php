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

    /**
     * @param array<string, mixed>|Principal|PrincipalKind $principal
     * @param array<string, mixed>|RequestContext $context
     * @param list<Secret|string> $tickets
     * @internal `Vault::session()` begins sessions
     */
    public static function begin(
        Transport $transport,
        int $vault,
        Principal|PrincipalKind|array $principal,
        RequestContext|array $context,
        #[\SensitiveParameter] array $tickets
    ): self {
        [$options, $secrets] = Encoder::document([
            'principal' => [
                Principal::class,
                $principal instanceof PrincipalKind ? new Principal($principal) : $principal,
            ],
            'context' => [RequestContext::class, $context],
            'tickets' => [['list', 'secret'], $tickets],
        ]);
        return new self($transport, $transport->session($vault, $options, $secrets));
    }
}
