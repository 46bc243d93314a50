<?php

/** @var Panel\View $view */
/** @var array<string, string> $given */
/** @var string $fault */
/** @var Pwvault\Model\GeneratorPolicy $policy */
/** @var int $score */
/** @var string $said */

use Pwvault\Model\EntryKind;

use function Panel\e;
use function Panel\when;

?>
<p class="crumb"><a href="/entries">← All access details</a></p>
<section class="card form">
  <h1>Add access details</h1>
<?php if ($fault !== '') : ?>
  <p class="fault" role="alert"><?= e($fault) ?></p>
<?php endif ?>
  <form method="post" action="/entries" id="new-entry" autocomplete="off"><?= $view->hidden() ?>
    <div class="pair">
      <label class="field">Name
        <input type="text" name="name" value="<?= e($given['name']) ?>" required maxlength="512"<?= when($said === '', 'autofocus') ?>>
      </label>
      <label class="field">Kind
        <select name="kind">
<?php foreach (EntryKind::cases() as $kind) : ?>
          <option value="<?= e($kind->value) ?>"<?= when($given['kind'] === $kind->value, 'selected') ?>><?= e($view->words()->of($kind)) ?></option>
<?php endforeach ?>
        </select>
      </label>
    </div>
    <label class="field">User name
      <input type="text" name="username" value="<?= e($given['username']) ?>" autocapitalize="none" spellcheck="false">
    </label>
    <div class="pair">
      <label class="field">Website
        <input type="url" name="website" value="<?= e($given['website']) ?>" placeholder="https://">
      </label>
      <label class="field">Sign in at
        <input type="url" name="loginUrl" value="<?= e($given['loginUrl']) ?>" placeholder="https://">
      </label>
    </div>
    <div class="generator">
      <label class="field" for="password">Password</label>
      <div class="with">
        <input type="password" id="password" name="password" value="<?= e($given['password']) ?>" autocomplete="new-password" spellcheck="false" data-secret>
        <button type="button" class="second" id="show" aria-pressed="false" aria-controls="password" hidden>Show</button>
      </div>
      <p class="strength" aria-live="polite"><meter id="score" min="0" max="4" low="2" high="3" optimum="4" value="<?= e($score) ?>" aria-label="Strength"<?= when($said === '', 'hidden') ?>></meter> <span id="said"><?= e($said) ?></span></p>
      <details<?= when($said !== '', 'open') ?>>
        <summary>Generator</summary>
        <div class="options">
          <label><input type="radio" name="recipe" value="password" checked> Characters</label>
          <label><input type="radio" name="recipe" value="passphrase"> Words</label>
          <label>Length <input type="number" name="length" value="<?= e($policy->lengthDefault) ?>" min="<?= e($policy->lengthMin) ?>" max="128"></label>
          <label><input type="checkbox" name="symbols" value="1"<?= when($policy->symbols, 'checked') ?>> Symbols</label>
          <label><input type="checkbox" name="unambiguous" value="1"<?= when($policy->excludeAmbiguous, 'checked') ?>> Without look-alikes</label>
        </div>
        <p class="hint">This vault asks for at least <?= e($policy->lengthMin) ?> characters of generated passwords.</p>
        <button class="second" id="generate" formaction="/generate" formnovalidate>Generate</button>
      </details>
    </div>
    <label class="field">Notes, kept with the secret
      <textarea name="notes" rows="3"><?= e($given['notes']) ?></textarea>
    </label>
    <div class="pair">
      <label class="field">A field of your own
        <input type="text" name="fieldName" value="<?= e($given['fieldName']) ?>" placeholder="Customer number">
      </label>
      <label class="field">Its value
        <input type="text" name="fieldValue" value="<?= e($given['fieldValue']) ?>" spellcheck="false">
      </label>
    </div>
    <p class="checks">
      <label><input type="checkbox" name="fieldSecret" value="1"> Keep the field with the secret</label>
      <label><input type="checkbox" name="private" value="1"> Private: nobody but me</label>
    </p>
    <p class="buttons"><button>Add</button> <a class="button second" href="/entries">Cancel</a></p>
  </form>
</section>
