<?php

/** @var Panel\View $view */
/** @var list<Pwvault\Model\Event> $events */
/** @var Panel\Names $names */

use Pwvault\Model\Outcome;

use function Panel\e;
use function Panel\minute;

$words = $view->words();
?>
<h1>Log</h1>
<p class="lead">The latest events. The log is a signed tree: what is removed or changed shows. Reading it is an event too.</p>
<table class="list card">
  <caption class="unseen">Events, the latest first</caption>
  <thead><tr><th scope="col">Event</th><th scope="col">Who</th><th scope="col">When</th><th scope="col">Entry</th><th scope="col">Came to</th></tr></thead>
  <tbody>
<?php foreach ($events as $event) : ?>
    <tr class="<?= $event->outcome === Outcome::Done ? '' : 'no' ?>">
      <th scope="row"><?= e($words->of($event->kind)) ?><?= $event->reason === null ? '' : '<p class="hint">“' . e($event->reason) . '”</p>' ?></th>
      <td data-label="Who"><?= e($names->of($event->actor)) ?></td>
      <td data-label="When"><?= minute($event->at) ?></td>
      <td data-label="Entry"><?php if ($event->entries === []) : ?><span class="none">none</span><?php else : ?><a href="/entries/<?= e($event->entries[0]) ?>">entry</a><?= count($event->entries) > 1 ? ' and ' . e(count($event->entries) - 1) . ' more' : '' ?><?php endif ?></td>
      <td data-label="Came to"><?= e($words->of($event->outcome)) ?></td>
    </tr>
<?php endforeach ?>
  </tbody>
</table>
