### The stored directory.

# PeopleError
people-username-start = a user name begins with a letter, A to Z
people-username-character = a user name has letters, A to Z, and digits only
people-username-length = a user name has at most { $max } characters; this one has { $length }
people-email = this is no e-mail address; write name@host.example
people-password-length = the password has { $length } characters; at least { $min } are asked for
people-password-too-long = the password has { $length } bytes; at most { $max } are accepted
people-password-strength = the password has strength { $found } of 4; at least { $min } is asked for: make it longer or less usual
people-password-character = the password holds one of the characters & < > " ', which are not accepted here
people-password-holds-name = the password holds the user name or e-mail address; choose one that does not
people-taken = this { $what } is taken; choose another
people-exists = there is a { $what } with this id already
people-no-name = a person who signs in has a user name or an e-mail address
people-misplaced = { $what } belong to { $to } alone
people-not-held = nobody grants or takes what they do not hold: { $permissions }
people-not-over = an administrator is managed by those who hold the same roles and departments, or the section access
people-no-unit = there is no such { $what }; create it first
people-unit-in-use = people belong to it; take them out first
people-oneself = nobody does this to oneself; ask another person who may

# SignInError
sign-in-refused = the name, password or code is wrong, or there were too many attempts; wait a while and try again
sign-in-ended = this link or step has ended; begin again

# InviteError
invite-unknown = there is no such invitation; use the link of the newest message
invite-expired = the invitation has expired; ask for a new one
invite-used = the invitation has been used; sign in instead
invite-cancelled = the invitation was taken back; ask who invited you
invite-wrong-account = the invitation is for another person; sign in with the address it was sent to
invite-sign-in-first = this address has a sign-in already; sign in with it and accept the invitation then
invite-withdrawn = who sent the invitation may not do so any more; ask for a new one
