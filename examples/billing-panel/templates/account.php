<?php

/** @var Panel\View $view */
/** @var array<string, string> $accounts names by account */

use function Panel\e;

?>
<section class="card narrow">
  <h1>For whom?</h1>
<?php if ($accounts === []) : ?>
  <p>You act for no account now. Ask the client you work for to add you again.</p>
<?php else : ?>
  <p>You act for more than one client. Choose whose access details you want to see; you can change it at any time.</p>
  <form method="post" action="/account" class="choice"><?= $view->hidden() ?>
<?php foreach ($accounts as $account => $name) : ?>
    <button class="second wide" name="account" value="<?= e($account) ?>"><?= e($name) ?></button>
<?php endforeach ?>
  </form>
<?php endif ?>
</section>
