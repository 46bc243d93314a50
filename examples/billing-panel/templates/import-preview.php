<?php

/** @var Panel\View $view */
/** @var Pwvault\Model\ImportReport $report */
/** @var array{new: int, known: int, skipped: int, bad: int} $counts */

use Panel\Words;
use Pwvault\Model\RowPlan;

use function Panel\e;
use function Panel\when;

$file = $report->file;
$shown = array_slice($report->rows, 0, 200);
$mood = fn (RowPlan $plan): string => match (true) {
    $plan instanceof RowPlan\Create => 'yes',
    $plan instanceof RowPlan\Bad, $plan instanceof RowPlan\Unfit => 'no',
    default => 'same',
};
?>
<h1>Preview</h1>
<p class="lead">Nothing is imported yet. The file was taken for one of <strong><?= e($file->dialect) ?></strong>
  (<?= e($file->confidence) ?> % sure), with a <?= e($file->delimiter->value) ?> between cells.</p>
<ul class="tiles">
  <li><strong><?= e($counts['new']) ?></strong> new</li>
  <li><strong><?= e($counts['known']) ?></strong> known already</li>
  <li><strong><?= e($counts['skipped']) ?></strong> left out</li>
  <li class="<?= $counts['bad'] > 0 ? 'bad' : '' ?>"><strong><?= e($counts['bad']) ?></strong> not possible</li>
</ul>
<form class="buttons" method="post" action="/import/preview"><?= $view->hidden() ?>
  <button<?= when($counts['new'] === 0, 'disabled') ?>><?= $counts['new'] === 1 ? 'Import one entry' : 'Import ' . e($counts['new']) . ' entries' ?></button>
  <button class="second" name="cancel" value="1">Cancel</button>
</form>
<table class="list card">
  <caption class="unseen">What would become of each row</caption>
  <thead><tr><th scope="col">Entry</th><th scope="col">Line of the file</th><th scope="col">What becomes of it</th></tr></thead>
  <tbody>
<?php foreach ($shown as $row) : ?>
    <tr class="<?= $mood($row->plan) ?>">
      <th scope="row"><?= e($row->name) ?: '<span class="none">no name</span>' ?></th>
      <td data-label="Line of the file"><?= e($row->line) ?></td>
      <td data-label="What becomes of it"><?= e($view->words()->row($row->plan)) ?><?php foreach ($row->remarks as $remark) : ?><p class="hint"><?= e(Words::problem($remark)) ?></p><?php endforeach ?></td>
    </tr>
<?php endforeach ?>
  </tbody>
</table>
<?= count($report->rows) > count($shown) ? '<p class="hint">The first 200 rows are shown.</p>' : '' ?>
