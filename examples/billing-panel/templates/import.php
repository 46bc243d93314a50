<?php

/** @var Panel\View $view */
/** @var string $fault */

use function Panel\e;

?>
<section class="card form">
  <h1>Import</h1>
  <p>Bring access details along as the CSV file that your browser or password manager exports. Bitwarden, KeePass,
    LastPass, 1Password, Chrome, Firefox, Safari and nine more are recognised.</p>
<?php if ($fault !== '') : ?>
  <p class="fault" role="alert"><?= e($fault) ?></p>
<?php endif ?>
  <form method="post" action="/import" enctype="multipart/form-data"><?= $view->hidden() ?>
    <label class="field">CSV file
      <input type="file" name="file" accept=".csv,text/csv" required>
    </label>
    <p class="hint">Nothing is imported yet: the next page says what would become of each row. Until then the file waits
      sealed, and only this browser has the key.</p>
    <button>Look at it</button>
  </form>
</section>
