### Templates of messages, and their delivery.

# TemplatePlace, TemplatePart
template-subject = subject
template-body = body
template-place = { $part } of the template for { $audience } in { $locale }, { $kind }
template-place-line = line { $line } of the { $part } of the template for { $audience } in { $locale }, { $kind }

# TemplateError
template-too-long = { $place }: it has { $found } bytes; at most { $max } are accepted
template-empty = { $place }: it is empty; write a text, or switch the message off
template-subject-lines = { $place }: a subject is one line without control characters
template-syntax = { $place }: it does not parse; write text, placeholders in double braces, and if, elif, else, endif in braces with percent signs
template-unsupported = { $place }: loops, assignments, filters and functions are not accepted; write placeholders and if, elif, else, endif
template-unknown-placeholder = { $place }: there is no placeholder { $placeholder }; there are { $known }
template-does-not-render = { $place }: it does not render
template-message-too-long = { $place }: the message is longer than the { $max } bytes that are sent

# SmtpError
smtp-sender = the sender is no e-mail address
smtp-domain = the domain is none; write a host name such as panel.example
smtp-plain-elsewhere = mail goes unencrypted to a server on this machine alone; choose TLS or STARTTLS
smtp-authorities = the certificate authorities are no PEM certificates
smtp-timeout = the time-out is zero; allow at least a second
smtp-tls = TLS could not be set up for this host
