<?php

declare(strict_types=1);

namespace Panel\Pages;

use Panel\Names;
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
        $session = $this->here->session();
        $page = $session->readLog(new LogFilter(order: Order::Descending, limit: self::EVENTS));
        $events = array_values(array_filter(array_column($page->events, 'event')));
        return $this->here->page('log', [
            'title' => 'Log',
            'events' => $events,
            'names' => new Names($session, array_column($events, 'actor')),
        ]);
    }
}
