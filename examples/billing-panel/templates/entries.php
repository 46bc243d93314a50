<?php

/** @var Panel\View $view */
/** @var list<Pwvault\Model\EntryView> $entries */
/** @var Panel\Names $names */
/** @var array{q: string, category: string, sort: string} $asked */
/** @var array<string, Pwvault\Model\CategoryHead> $categories */
/** @var int $number */
/** @var bool $more */
/** @var string $total */
/** @var bool $none */

use Pwvault\Model\Ability;

use function Panel\day;
use function Panel\e;
use function Panel\lock;
use function Panel\when;

$narrowed = $asked['q'] !== '' || $asked['category'] !== '';
$to = fn (int $page): string => '/entries?' . http_build_query([...array_filter($asked), 'page' => $page]);
$sorts = ['name' => 'By name', 'last_changed' => 'Last changed', 'newest_first' => 'Newest', 'oldest_first' => 'Oldest'];
$words = $view->words();
$mayAdd = $view->here->may(Ability::Create);
?>
<div class="head">
  <h1>Access details</h1>
<?php if ($mayAdd) : ?>
  <a class="button" href="/entries/new">Add</a>
<?php endif ?>
</div>
<form class="filters" method="get" action="/entries" role="search">
  <label class="field grow"><span>Search</span>
    <input type="search" name="q" value="<?= e($asked['q']) ?>" placeholder="Name, user name or address" maxlength="100">
  </label>
<?php if ($categories !== []) : ?>
  <label class="field"><span>Category</span>
    <select name="category">
      <option value="">All</option>
<?php foreach ($categories as $id => $category) : ?>
      <option value="<?= e($id) ?>"<?= when($asked['category'] === $id, 'selected') ?>><?= e($category->name) ?></option>
<?php endforeach ?>
    </select>
  </label>
<?php endif ?>
  <label class="field"><span>Order</span>
    <select name="sort">
<?php foreach ($sorts as $value => $label) : ?>
      <option value="<?= e($value) ?>"<?= when($asked['sort'] === $value, 'selected') ?>><?= e($label) ?></option>
<?php endforeach ?>
    </select>
  </label>
  <button class="second">Show</button>
</form>
<?php if ($none) : ?>
<div class="card empty">
<?php if ($narrowed) : ?>
  <h2>No match</h2>
  <p>Nothing that you may see fits. Search looks at names, user names, addresses and visible fields, never at secrets.</p>
  <p><a class="button second" href="/entries">Show everything</a></p>
<?php else : ?>
  <h2>Nothing here yet</h2>
<?php if ($mayAdd) : ?>
  <p>Add your first access details, or bring them along from another password manager.</p>
  <p><a class="button" href="/entries/new">Add</a> <a class="button second" href="/import">Import</a></p>
<?php else : ?>
  <p>What is shared with you will be here.</p>
<?php endif ?>
<?php endif ?>
</div>
<?php else : ?>
<p class="count"><?= e($total) ?> <?= $total === '1' ? 'entry' : 'entries' ?><?= $narrowed ? ' found · <a href="/entries">show everything</a>' : '' ?></p>
<table class="list card">
  <caption class="unseen">Entries that you may see</caption>
  <thead><tr><th scope="col">Name</th><th scope="col">User name</th><th scope="col">Owner</th><th scope="col">Category</th><th scope="col">Changed</th></tr></thead>
  <tbody>
<?php foreach ($entries as $entry) : ?>
<?php $head = $entry->head; $lock = $words->lock($head); ?>
    <tr>
      <th scope="row">
        <a href="/entries/<?= e($entry->id) ?>"><?= e($head->name) ?></a>
        <span class="marks">
          <span class="mark"><?= e($words->of($head->kind)) ?></span>
<?php if ($lock !== '') : ?>
          <span class="mark lock"><?= lock() ?> <?= e($lock) ?></span>
<?php endif ?>
<?php if ($head->private) : ?>
          <span class="mark">Private</span>
<?php endif ?>
        </span>
      </th>
      <td data-label="User name"><?= e($head->username) ?: '<span class="none">none</span>' ?></td>
      <td data-label="Owner"><?= e($names->of($head->owner)) ?></td>
      <td data-label="Category"><?= $head->category === null ? '<span class="none">none</span>' : e($names->of($head->category)) ?></td>
      <td data-label="Changed"><?= day($head->updatedAt) ?></td>
    </tr>
<?php endforeach ?>
  </tbody>
</table>
<?php if ($number > 1 || $more) : ?>
<nav class="pages" aria-label="Pages">
<?= $number > 1 ? '<a class="button second" rel="prev" href="' . e($to($number - 1)) . '">Previous</a>' : '<span></span>' ?>
  <span>Page <?= e($number) ?></span>
<?= $more ? '<a class="button second" rel="next" href="' . e($to($number + 1)) . '">Next</a>' : '<span></span>' ?>
</nav>
<?php endif ?>
<?php endif ?>
