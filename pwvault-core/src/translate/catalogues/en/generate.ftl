### The password generator.

# GenerateError
generate-too-short = the password would have { $length } characters; the policy asks for at least { $min }
generate-too-long = the password would have { $length } characters; at most { $max } are generated
generate-no-set = no character set is chosen; choose at least one of lower, upper, digits and symbols
generate-set-missing = the policy asks for { $set }; add that set
generate-ambiguous-kept = the policy leaves out characters that look alike; set exclude_ambiguous
generate-not-one-of-each = the policy asks for at least one of each set; set one_of_each
generate-words = a passphrase of { $words } words was asked for; { $min } to { $max } are generated
generate-separator = the separator of words is one blank or ASCII punctuation mark
generate-policy-length-min = generator.length_min: it is { $found }; { $min } to { $max } are accepted
generate-policy-length-default = generator.length_default: it is { $found }; { $min } to { $max } are accepted
generate-policy-strength = generator.strength_min: it is { $found }; 0 to 4 are accepted
generate-cannot-judge = the policy asks for a least strength, which this build cannot judge; build with the feature `strength`
generate-too-weak = the password has strength { $found } of 4; the policy asks for at least { $min }, so take more characters or words
generate-random = the random source failed; nothing was generated

# CharacterSet
generate-set-lower = small letters
generate-set-upper = capital letters
generate-set-digits = digits
generate-set-symbols = punctuation

# Weakness
generate-weakness-common = it stands in lists of common passwords
generate-weakness-like-common = it is like one in lists of common passwords
generate-weakness-word = a word by itself is soon guessed
generate-weakness-name = a name is soon guessed
generate-weakness-keyboard = it follows the keys of a keyboard
generate-weakness-repetition = it repeats itself
generate-weakness-sequence = it counts on, such as abc or 6543
generate-weakness-date = a date or year is soon guessed
