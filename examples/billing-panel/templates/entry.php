<?php

/** @var Panel\View $view */
/** @var Pwvault\Model\EntryView $entry */
/** @var Panel\Names $names */
/** @var array<string, Pwvault\Model\CategoryHead> $categories */
/** @var Pwvault\Model\EntrySecret|null $secret */
/** @var list<Pwvault\Model\Challenge> $challenges */
/** @var string $wrong */
/** @var bool $askReason */

use Pwvault\Model\Action;
use Pwvault\Model\Challenge;
use Pwvault\Model\FieldValue;

use function Panel\day;
use function Panel\e;
use function Panel\lock;
use function Panel\minute;
use function Panel\when;

$head = $entry->head;
$words = $view->words();
$lock = $words->lock($head);
$may = fn (Action $action): bool => in_array($action, $entry->actions, true);
$fieldNames = array_column($head->fields, 'name', 'id');
?>
<p class="crumb"><a href="/entries">← All access details</a></p>
<div class="head">
  <h1><?= e($head->name) ?></h1>
<?php if ($may(Action::Share) && !$head->private) : ?>
  <a class="button second" href="/entries/<?= e($entry->id) ?>/share">Share</a>
<?php endif ?>
</div>
<p class="marks">
  <span class="mark"><?= e($words->of($head->kind)) ?></span>
<?php if ($lock !== '') : ?>
  <span class="mark lock"><?= lock() ?> <?= e($lock) ?></span>
<?php endif ?>
<?php if ($head->private) : ?>
  <span class="mark">Private</span>
<?php endif ?>
<?php if ($head->service !== null) : ?>
  <span class="mark">Service <?= e($head->service->service->id) ?></span>
<?php endif ?>
</p>
<div class="columns">
  <div>
  <section class="card" aria-labelledby="secret">
    <h2 id="secret">Secret</h2>
<?php if ($secret !== null) : ?>
    <div class="secrets" data-secret>
<?php
    $shown = ['Password' => $secret->password, 'Notes' => $secret->notes, 'One-time code seed' => $secret->totp];
    foreach ($secret->fields as $field) {
        $shown[$fieldNames[$field->id] ?? 'Field'] = $field->value;
    }
?>
<?php foreach ($shown as $label => $value) : ?>
<?php if (!$value->isEmpty()) : ?>
      <div class="secret">
        <p class="label"><?= e($label) ?></p>
        <pre tabindex="0" aria-label="<?= e($label) ?>"><?= e($value->expose()) ?></pre>
        <button type="button" class="quiet" data-copy hidden>Copy</button>
      </div>
<?php endif ?>
<?php endforeach ?>
      <p class="hint">This reveal is in the log. <a href="/entries/<?= e($entry->id) ?>">Hide it again</a></p>
    </div>
<?php elseif ($challenges !== []) : ?>
<?= $view->part('windows', ['challenges' => $challenges, 'wrong' => $wrong, 'entry' => $entry->id, 'then' => '']) ?>
<?php if (array_filter($challenges, fn ($challenge) => $challenge instanceof Challenge\PrivateKey) !== []) : ?>
    <div class="secrets" id="opened" data-secret aria-live="polite" hidden></div>
    <script type="module" src="/unseal-here.js"></script>
<?php endif ?>
<?php elseif ($may(Action::Reveal)) : ?>
    <p class="dots" aria-hidden="true">••••••••••••</p>
    <form method="post" action="/entries/<?= e($entry->id) ?>/reveal"><?= $view->hidden() ?>
<?php if ($askReason) : ?>
      <label class="field">Why do you need it? Your answer goes into the log.
        <input type="text" name="reason" required maxlength="500" autofocus>
      </label>
<?php endif ?>
      <button>Reveal</button>
    </form>
<?php else : ?>
    <p class="dots" aria-hidden="true">••••••••••••</p>
    <p>You may see this entry, not its secret. <a href="/entries/<?= e($entry->id) ?>/why/reveal">Why?</a></p>
<?php endif ?>
  </section>
  <section class="card" aria-labelledby="access">
    <h2 id="access">Your access</h2>
    <ul class="rights">
<?php foreach (Action::cases() as $action) : ?>
      <li class="<?= $may($action) ? 'yes' : 'no' ?>"><span><?= e($words->of($action)) ?></span>
        <a href="/entries/<?= e($entry->id) ?>/why/<?= e($action->value) ?>"><?= $may($action) ? 'Why?' : 'Why not?' ?></a></li>
<?php endforeach ?>
    </ul>
  </section>
  </div>
  <div>
  <section class="card" aria-labelledby="facts">
    <h2 id="facts">Overview</h2>
    <dl class="facts">
      <div><dt>User name</dt><dd><?= e($head->username) ?: '<span class="none">none</span>' ?></dd></div>
<?php if ($head->website !== null && $head->website !== '') : ?>
      <div><dt>Website</dt><dd><a href="/entries/<?= e($entry->id) ?>/open/website" target="_blank" rel="noopener noreferrer"><?= e($head->website) ?></a></dd></div>
<?php endif ?>
<?php if ($head->loginUrl !== null && $head->loginUrl !== '') : ?>
      <div><dt>Sign in at</dt><dd><a href="/entries/<?= e($entry->id) ?>/open/login" target="_blank" rel="noopener noreferrer"><?= e($head->loginUrl) ?></a></dd></div>
<?php endif ?>
<?php foreach ($head->fields as $field) : ?>
      <div><dt><?= e($field->name) ?></dt><dd><?= $field->value instanceof FieldValue\Visible ? e($field->value->value) : '<span class="none">secret</span>' ?></dd></div>
<?php endforeach ?>
      <div><dt>Owner</dt><dd><?= e($names->of($head->owner)) ?></dd></div>
      <div><dt>Added</dt><dd><?= minute($head->createdAt) ?> by <?= e($names->of($head->createdBy)) ?></dd></div>
      <div><dt>Secret changed</dt><dd><?= day($head->secret->changedAt) ?></dd></div>
    </dl>
  </section>
<?php if ($may(Action::Share) && !$head->private && $categories !== []) : ?>
  <section class="card" aria-labelledby="category">
    <h2 id="category">Category</h2>
    <form method="post" action="/entries/<?= e($entry->id) ?>/category"><?= $view->hidden() ?>
      <label class="field">Its members may view and reveal the entry
        <select name="category">
          <option value="">None</option>
<?php foreach ($categories as $id => $category) : ?>
          <option value="<?= e($id) ?>"<?= when($head->category?->category === $id, 'selected') ?>><?= e($category->name) ?></option>
<?php endforeach ?>
        </select>
      </label>
      <button class="second">Save</button>
    </form>
  </section>
<?php endif ?>
  </div>
</div>
