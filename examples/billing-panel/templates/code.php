<?php

/** @var Panel\View $view */
/** @var string $fault */

use function Panel\e;

?>
<section class="card narrow">
  <h1>Second factor</h1>
<?php if ($fault !== '') : ?>
  <p class="fault" role="alert"><?= e($fault) ?></p>
<?php endif ?>
  <p>Your password is right. Now prove that it is you.</p>
  <form method="post" action="/sign-in/code"><?= $view->hidden() ?>
    <label class="field">Code of your app, or a recovery code
      <input type="text" name="code" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" required autofocus>
    </label>
    <button class="wide">Go on</button>
  </form>
  <p class="hint after">Not you? <a href="/sign-in">Begin again</a></p>
</section>
