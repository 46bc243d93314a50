<?php

declare(strict_types=1);

namespace Panel\Pages;

use Panel\Response;
use Pwvault\Model\LogFilter;
use Pwvault\Model\Order;

/**
 * What happened, for staff who may read the log. That it was read is in it too.
 */
final class Log extends Page
{
    private const EVENTS = 40;

    public function list(): Response
    {
        $page = $this->here->session()->readLog(new LogFilter(order: Order::Descending, limit: self::EVENTS));
        return $this->here->page('log', ['title' => 'Log', 'events' => $page->events]);
    }
}
