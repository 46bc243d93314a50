<?php

/**
 * What templates call. Everything that is not a constant goes through `e()`.
 */

declare(strict_types=1);

namespace Panel;

/** Text for HTML, inside and outside of attributes. */
function e(string|int|null $text): string
{
    return htmlspecialchars((string) $text, ENT_QUOTES | ENT_SUBSTITUTE | ENT_HTML5, 'UTF-8');
}

/** `checked`, `selected` or the like, when it holds. */
function when(bool $holds, string $attribute): string
{
    return $holds ? " $attribute" : '';
}

function day(\DateTimeInterface $time): string
{
    return sprintf('<time datetime="%s">%s</time>', $time->format(DATE_ATOM), $time->format('j M Y'));
}

function minute(\DateTimeInterface $time): string
{
    return sprintf('<time datetime="%s">%s</time>', $time->format(DATE_ATOM), $time->format('j M Y, H:i') . ' UTC');
}

/** A lock, drawn: not every system has the character. */
function lock(): string
{
    return '<svg class="padlock" viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">'
        . '<path fill="currentColor" d="M4 7V5a4 4 0 0 1 8 0v2h.5A1.5 1.5 0 0 1 14 8.5v5A1.5 1.5 0 0 1 12.5 15h-9A1.5 1.5 0 0 1 2 13.5v-5A1.5 1.5 0 0 1 3.5 7z'
        . 'M5.7 7h4.6V5a2.3 2.3 0 0 0-4.6 0z" fill-rule="evenodd"/></svg>';
}
