<?php

declare(strict_types=1);

namespace Panel\Pages;

use Panel\Here;

/**
 * A page, or a few that belong together.
 */
abstract class Page
{
    public function __construct(protected readonly Here $here)
    {
    }
}
