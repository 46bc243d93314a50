<?php

/** @var string $title */
/** @var string $text */
/** @var string $path */
/** @var string $label */

use function Panel\e;

?>
<section class="card narrow">
  <h1><?= e($title) ?></h1>
  <p><?= e($text) ?></p>
  <p><a class="button second" href="<?= e($path) ?>"><?= e($label) ?></a></p>
</section>
