<?php

/** @var Panel\View $view */
/** @var string $main */
/** @var string $title */

use Pwvault\Model\Ability;
use Pwvault\Model\Section;

use function Panel\e;
use function Panel\when;

$here = $view->here;
$told = $here->visitor->told();
$path = $here->request->path;
$links = $here->principal() === null ? [] : array_filter([
    'Access details' => $here->may(Ability::List) ? '/entries' : null,
    'Categories' => $here->may(Ability::Categories) ? '/categories' : null,
    'Import' => $here->may(Ability::Import) ? '/import' : null,
    'Log' => $here->may(Section::Logs) ? '/log' : null,
]);
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
<?php if ($here->isSignedIn()) : ?>
    <nav aria-label="Main">
      <ul>
<?php foreach ($links as $label => $link) : ?>
        <li><a href="<?= e($link) ?>"<?= when(str_starts_with($path, $link), 'aria-current="page"') ?>><?= e($label) ?></a></li>
<?php endforeach ?>
      </ul>
    </nav>
    <div class="who">
<?php if ($here->jar->tickets() !== []) : ?>
      <form method="post" action="/lock"><?= $view->hidden() ?>
        <button class="quiet" title="Ends what you have unlocked">Lock now</button>
      </form>
<?php endif ?>
<?php if ($here->principal() !== null) : ?>
<?php $me = $view->whoami(); ?>
      <span class="me" title="<?= e($me) ?>"><?= e($me) ?></span>
<?php endif ?>
<?php if (count($here->principals()) > 1 && $path !== '/account') : ?>
      <a class="button quiet" href="/account">Change</a>
<?php endif ?>
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
