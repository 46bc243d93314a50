<?php

/** @var Panel\View $view */
/** @var list<Pwvault\Model\Challenge> $challenges */
/** @var string $then */

?>
<section class="card narrow">
  <h1>Locked</h1>
  <p>This part is guarded. Unlock it to go on.</p>
<?= $view->part('windows', ['challenges' => $challenges, 'wrong' => $wrong ?? '', 'entry' => '', 'then' => $then]) ?>
</section>
