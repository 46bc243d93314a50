### One-time codes.

# OtpError
otp-empty = the seed is empty; it is base32 text or an otpauth:// address
otp-too-long = the seed has { $found } bytes; at most { $max } are accepted
otp-character = character { $at } is none of base32; it has the letters A to Z and the digits 2 to 7
otp-cut-off = the base32 text is cut off: { $found } characters do not make whole bytes
otp-padding = the padding does not fit; leave the `=` away, or write as many as make groups of eight
otp-key-length = the key has { $found } bytes; at most { $max } are accepted
otp-kind = the address is of no kind that is known; write otpauth://totp/ or otpauth://hotp/
otp-twice = `{ $name }` stands twice in the address; write it once
otp-missing = `{ $name }` is missing in the address
otp-parameter = `{ $name }` is not accepted: { $rule }
