<?php

/** @var Panel\View $view */
/** @var Pwvault\Model\Decision|null $decision */
/** @var Pwvault\Model\EntryView|null $entry */
/** @var Pwvault\Model\Action|null $action */

use Panel\Words;
use Pwvault\Model\Effect;
use Pwvault\Model\Reach;

use function Panel\e;

$words = $view->words();
$allowed = $decision?->effect === Effect::Allow;
$what = $action === null ? 'This is not open to you' : $words->of($action) . ' “' . ($entry?->head->name ?? '') . '”';
$said = $decision === null ? [] : $words->decision($decision);
?>
<section class="card narrow why">
  <p class="verdict <?= $allowed ? 'yes' : 'no' ?>"><?= $allowed ? 'Allowed' : 'Not allowed' ?></p>
  <h1><?= e($what) ?></h1>
<?php if ($decision !== null) : ?>
<?php foreach (['Why' => $said->reasons, 'What would help' => $said->remedies] as $title => $lines) : ?>
<?php if ($lines !== []) : ?>
  <h2><?= e($title) ?></h2>
  <ul>
<?php foreach ($lines as $line) : ?>
    <li><?= e(Words::sentence($line)) ?></li>
<?php endforeach ?>
  </ul>
<?php endif ?>
<?php endforeach ?>
  <h2><?= $decision->reach instanceof Reach\Actions ? 'What you may do with it' : 'What is open to you' ?></h2>
  <p><?= e($words->of(...$decision->reach->value)) ?: 'Nothing here.' ?></p>
<?php endif ?>
  <p class="buttons">
<?php if ($entry !== null) : ?>
    <a class="button" href="/entries/<?= e($entry->id) ?>">Back to the entry</a>
<?php endif ?>
    <a class="button second" href="/entries">All access details</a>
  </p>
</section>
