### Translations.

# TranslateError
translate-bad-locale = this text of { $length } bytes is no locale; write a BCP 47 tag such as de-AT
translate-missing-locale = there is no catalogue for locale { $locale }; there are { $known }
translate-unknown-key = no message has the key { $key }
translate-too-large = the catalogue has { $found } bytes; at most { $max } are accepted
translate-syntax = line { $line } of the catalogue is not Fluent syntax; write `key = text`
translate-repeated = the key { $key } stands twice in the catalogue
translate-unknown-placeholder = the message { $key } has no placeholder { $placeholder }; it has { $known }
translate-unsupported = the message { $key } uses functions, attributes or references; write text, placeholders and selections only
translate-does-not-render = the message { $key } does not render; name every placeholder as the English text does
