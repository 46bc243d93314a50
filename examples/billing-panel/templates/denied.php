<?php

/** @var Panel\View $view */
/** @var Pwvault\Model\Decision|null $decision */
/** @var Pwvault\Model\EntryView|null $entry */
/** @var Pwvault\Model\Action|null $action */

use Panel\Words;
use Pwvault\Model\Effect;

use function Panel\e;

$allowed = $decision?->effect === Effect::Allow;
$what = $action === null ? 'This page' : ucfirst(Words::plain($action)) . ' “' . ($entry?->head->name ?? '') . '”';
?>
<section class="card narrow why">
  <p class="verdict <?= $allowed ? 'yes' : 'no' ?>"><?= $allowed ? 'Allowed' : 'Not allowed' ?></p>
  <h1><?= e($what) ?></h1>
<?php if ($decision !== null) : ?>
  <h2>Why</h2>
  <ul>
<?php foreach ($decision->reasons as $reason) : ?>
    <li><?= e(Words::reason($reason)) ?></li>
<?php endforeach ?>
  </ul>
<?php if ($decision->remedies !== []) : ?>
  <h2>What would help</h2>
  <ul>
<?php foreach ($decision->remedies as $remedy) : ?>
    <li><?= e(Words::remedy($remedy)) ?></li>
<?php endforeach ?>
  </ul>
<?php endif ?>
  <h2>What you can do</h2>
  <p><?= e(Words::reach($decision->reach)) ?></p>
<?php endif ?>
  <p class="buttons">
<?php if ($entry !== null) : ?>
    <a class="button" href="/entries/<?= e($entry->id) ?>">Back to the entry</a>
<?php endif ?>
    <a class="button second" href="/entries">All access details</a>
  </p>
</section>
