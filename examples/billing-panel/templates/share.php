<?php

/** @var Panel\View $view */
/** @var Pwvault\Model\EntryView $entry */
/** @var list<Pwvault\Model\Grant> $grants */
/** @var Panel\Names $names */
/** @var array<string, string> $roles */
/** @var string $fault */

use Pwvault\Model\Action;
use Pwvault\Model\Grantee;

use function Panel\day;
use function Panel\e;
use function Panel\when;

$words = $view->words();
$path = '/entries/' . $entry->id . '/share';
?>
<p class="crumb"><a href="/entries/<?= e($entry->id) ?>">← <?= e($entry->head->name) ?></a></p>
<h1>Share</h1>
<div class="columns">
  <section class="card" aria-labelledby="grants">
    <h2 id="grants">Shared with</h2>
<?php if ($grants === []) : ?>
    <p>Nobody yet. Members of its category, and staff whom the access mode lets in, are not listed here.</p>
<?php endif ?>
    <ul class="grants">
<?php foreach ($grants as $grant) : ?>
      <li>
        <div>
          <strong><?= e($names->of($grant->grantee)) ?></strong><?= $grant->grantee instanceof Grantee\Role ? ' <span class="mark">Role</span>' : '' ?>
          <p><?= e($words->of(...$grant->actions)) ?></p>
          <p class="hint">since <?= day($grant->grantedAt) ?> by <?= e($names->of($grant->grantedBy)) ?><?= $grant->endsAt === null ? '' : ', until ' . day($grant->endsAt) ?><?= $grant->obligations->reason ? ', with a reason each time' : '' ?></p>
        </div>
        <form method="post" action="<?= e($path) ?>"><?= $view->hidden() ?>
          <input type="hidden" name="grantee" value="<?= e($grant->grantee->case() . ':' . $grant->grantee->value) ?>">
          <button class="quiet" name="remove" value="1">End<span class="unseen"> the grant of <?= e($names->of($grant->grantee)) ?></span></button>
        </form>
      </li>
<?php endforeach ?>
    </ul>
  </section>
  <section class="card" aria-labelledby="give">
    <h2 id="give">Share with a role</h2>
<?php if ($fault !== '') : ?>
    <p class="fault" role="alert"><?= e($fault) ?></p>
<?php endif ?>
    <form method="post" action="<?= e($path) ?>"><?= $view->hidden() ?>
      <label class="field">Role
        <select name="grantee">
<?php foreach ($roles as $id => $name) : ?>
          <option value="role:<?= e($id) ?>"><?= e($name) ?></option>
<?php endforeach ?>
        </select>
      </label>
      <fieldset class="boxes"><legend>May</legend>
<?php foreach (Action::cases() as $action) : ?>
        <label><input type="checkbox" name="actions[]" value="<?= e($action->value) ?>"<?= when(in_array($action, [Action::View, Action::Reveal], true), 'checked') ?>> <?= e($words->of($action)) ?></label>
<?php endforeach ?>
      </fieldset>
      <label class="field">Until, if it is to end
        <input type="date" name="until">
      </label>
      <p class="checks"><label><input type="checkbox" name="reason" value="1"> Ask for a reason each time</label></p>
      <button>Share</button>
    </form>
    <h2>Share with another client</h2>
    <form method="post" action="<?= e($path) ?>"><?= $view->hidden() ?>
      <input type="hidden" name="actions[]" value="view"><input type="hidden" name="actions[]" value="reveal">
      <label class="field">E-mail address, exactly
        <input type="email" name="email" required autocomplete="off">
      </label>
      <button class="second">Share</button>
    </form>
  </section>
</div>
