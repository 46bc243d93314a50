<?php

/** @var Panel\View $view */
/** @var string $main */
/** @var string $title */

use function Panel\e;
use function Panel\when;

$told = $view->here->visitor->told();
$path = $view->here->request->path;
$links = ['/entries' => 'Access details', '/categories' => 'Categories', '/import' => 'Import'];
if ($view->isSignedIn() && $view->here->isStaff()) {
    $links['/log'] = 'Log';
} elseif ($view->isSignedIn() && !$view->here->maySort()) {
    unset($links['/categories']);
}
?>
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title><?= e($title) ?> · Nordwind Hosting</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/panel.css">
<script src="/panel.js" type="module"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
  <div class="bar">
    <a class="brand" href="/entries"><img src="/icon.svg" alt="" width="28" height="28"> Nordwind <span>Hosting</span></a>
<?php if ($view->isSignedIn()) : ?>
    <nav aria-label="Main">
      <ul>
<?php foreach ($links as $link => $label) : ?>
        <li><a href="<?= e($link) ?>"<?= when(str_starts_with($path, $link), 'aria-current="page"') ?>><?= e($label) ?></a></li>
<?php endforeach ?>
      </ul>
    </nav>
    <div class="who">
<?php if ($view->here->tickets()->all() !== []) : ?>
      <form method="post" action="/lock"><?= $view->hidden() ?>
        <button class="quiet" title="Ends what you have unlocked">Lock now</button>
      </form>
<?php endif ?>
      <span class="me"><?= e($view->whoami()) ?></span>
      <form method="post" action="/sign-out"><?= $view->hidden() ?><button class="quiet">Sign out</button></form>
    </div>
<?php endif ?>
  </div>
</header>
<main id="main" tabindex="-1">
<?php if ($told !== '') : ?>
  <p class="told" role="status"><?= e($told) ?></p>
<?php endif ?>
<?= $main ?>
</main>
<footer class="end"><p>A sample panel of <strong>pwvault</strong>. Its data is made up and goes away when it stops.</p></footer>
</body>
</html>
