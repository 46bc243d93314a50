<?php

/**
 * The windows that open something locked: any one of them suffices.
 *
 * @var Panel\View $view
 * @var list<Pwvault\Model\Challenge> $challenges
 * @var string $wrong what is wrong with the answer before
 * @var string $entry the entry that is to be shown then, if any
 * @var string $then else the page to go on to
 */

use Pwvault\Model\Challenge;

use function Panel\e;
use function Panel\lock;

$hidden = $view->hidden() . ($entry === ''
    ? '<input type="hidden" name="then" value="' . e($then) . '">'
    : '<input type="hidden" name="entry" value="' . e($entry) . '">');
?>
<?php if ($wrong === '' && $view->here->jar->tickets() !== []) : ?>
<p class="hint">What you have unlocked does not open this, or it has locked itself again.</p>
<?php endif ?>
<?php if ($wrong !== '') : ?>
<p class="fault" role="alert"><?= e($wrong) ?></p>
<?php endif ?>
<?php foreach ($challenges as $number => $challenge) : ?>
<?= $number === 0 ? '' : '<p class="or">or</p>' ?>
<?php if ($challenge instanceof Challenge\Passphrase) : ?>
<form class="window" method="post" action="/unlock"><?= $hidden ?>
  <h3><?= lock() ?> Passphrase</h3>
  <p>The vault holds the private key, wrapped with a passphrase. It stays open for fifteen minutes, for everything under this key.</p>
  <input type="hidden" name="way" value="passphrase"><input type="hidden" name="key" value="<?= e($challenge->key) ?>">
  <label class="field">Passphrase of the key
    <input type="password" name="answer" autocomplete="off" required autofocus>
  </label>
<?php if ($challenge->fingerprint !== '') : ?>
  <p class="print">Key <?= e(substr($challenge->fingerprint, 0, 16)) ?>…</p>
<?php endif ?>
  <button>Unlock</button>
</form>
<?php elseif ($challenge instanceof Challenge\MasterPassword) : ?>
<form class="window" method="post" action="/unlock"><?= $hidden ?>
  <h3><?= lock() ?> Master password</h3>
  <p>The owner set a master password, and the entries are sealed to it: without it the vault does not open them.</p>
  <input type="hidden" name="way" value="master_password">
  <input type="hidden" name="sort" value="<?= e($challenge->owner->case()) ?>">
  <input type="hidden" name="owner" value="<?= e($challenge->owner->value) ?>">
  <label class="field">Master password
    <input type="password" name="answer" autocomplete="off" required autofocus>
  </label>
  <button>Unlock</button>
</form>
<?php elseif ($challenge instanceof Challenge\PrivateKey) : ?>
<div class="window" id="private-key" data-entry="<?= e($entry) ?>" data-key="<?= e($challenge->key) ?>" data-token="<?= e($view->here->visitor->token()) ?>">
  <h3><?= lock() ?> Private key</h3>
  <p>The vault does not hold the private key. Give it to this page: it is read here, never sent, and forgotten when you leave.</p>
  <label class="field">Key file (PEM)
    <input type="file" id="pem-file" accept=".pem,.key,application/x-pem-file">
  </label>
  <label class="field">or paste it
    <textarea id="pem-text" rows="3" autocomplete="off" spellcheck="false" placeholder="-----BEGIN PRIVATE KEY-----"></textarea>
  </label>
  <label class="field">Passphrase of the file, if it has one
    <input type="password" id="pem-passphrase" autocomplete="off">
  </label>
  <p class="print">Key <?= e(substr($challenge->fingerprint, 0, 16)) ?>…</p>
  <p class="fault" role="alert" id="pem-fault" hidden></p>
  <button type="button" id="pem-open">Open in this page</button>
  <noscript><p class="fault">This needs JavaScript: the key is used in the page, so that the server never sees it.</p></noscript>
</div>
<?php endif ?>
<?php endforeach ?>
