<?php

/** @var Panel\View $view */
/** @var array<string, Pwvault\Model\CategoryHead> $categories */
/** @var Panel\Names $names */
/** @var array<string, string> $roles */
/** @var Pwvault\Model\CategoryDraft $draft */
/** @var string $fault */

use function Panel\e;

?>
<h1>Categories</h1>
<p class="lead">A category says who gets at many entries at once: its members may view and reveal what is in it.</p>
<?php if ($fault !== '') : ?>
<p class="fault" role="alert"><?= e($fault) ?></p>
<?php endif ?>
<div class="columns">
  <section class="card" aria-labelledby="there">
    <h2 id="there">There are</h2>
<?php if ($categories === []) : ?>
    <p>None yet.</p>
<?php endif ?>
    <ul class="grants">
<?php foreach ($categories as $id => $category) : ?>
      <li>
        <div>
          <strong><a href="/entries?category=<?= e($id) ?>"><?= e($category->name) ?></a></strong>
          <p><?= e($category->description) ?></p>
          <p class="hint"><?= $category->members === [] ? 'No members' : 'Members: ' . e(implode(', ', array_map($names->of(...), $category->members))) ?></p>
        </div>
        <form method="post" action="/categories/<?= e($id) ?>/delete"><?= $view->hidden() ?>
          <label class="hint"><input type="checkbox" name="force" value="1"> even when used</label>
          <button class="quiet">Delete<span class="unseen"> <?= e($category->name) ?></span></button>
        </form>
      </li>
<?php endforeach ?>
    </ul>
  </section>
  <section class="card" aria-labelledby="new">
    <h2 id="new">A new one</h2>
    <form method="post" action="/categories"><?= $view->hidden() ?>
      <label class="field">Name
        <input type="text" name="name" value="<?= e($draft->name) ?>" required>
      </label>
      <label class="field">Description
        <input type="text" name="description" value="<?= e($draft->description) ?>">
      </label>
      <fieldset class="boxes"><legend>Members</legend>
<?php foreach ($roles as $id => $name) : ?>
        <label><input type="checkbox" name="roles[]" value="<?= e($id) ?>"> <?= e($name) ?></label>
<?php endforeach ?>
      </fieldset>
      <button>Create</button>
    </form>
  </section>
</div>
