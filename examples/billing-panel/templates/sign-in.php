<?php

/** @var Panel\View $view */
/** @var string $realm */
/** @var string $login */
/** @var string $fault */

use function Panel\e;
use function Panel\when;

?>
<section class="card narrow">
  <h1>Sign in</h1>
<?php if ($fault !== '') : ?>
  <p class="fault" role="alert"><?= e($fault) ?></p>
<?php endif ?>
  <form method="post" action="/sign-in"><?= $view->hidden() ?>
    <fieldset class="switch">
      <legend>As</legend>
      <label><input type="radio" name="realm" value="staff"<?= when($realm !== 'client', 'checked') ?>><span>Staff</span></label>
      <label><input type="radio" name="realm" value="client"<?= when($realm === 'client', 'checked') ?>><span>Client</span></label>
    </fieldset>
    <label class="field">E-mail address
      <input type="text" inputmode="email" name="login" value="<?= e($login) ?>" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus>
    </label>
    <label class="field">Password
      <input type="password" name="password" autocomplete="current-password" required>
    </label>
    <button class="wide">Sign in</button>
  </form>
</section>
