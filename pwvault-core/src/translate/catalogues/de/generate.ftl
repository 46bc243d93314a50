### Der Passwortgenerator.

# GenerateError
generate-too-short = das Passwort hätte { $length } Zeichen; die Richtlinie verlangt mindestens { $min }
generate-too-long = das Passwort hätte { $length } Zeichen; erzeugt werden höchstens { $max }
generate-no-set = es ist kein Zeichensatz gewählt; wählen Sie mindestens einen von lower, upper, digits und symbols
generate-set-missing = die Richtlinie verlangt { $set }; nehmen Sie diesen Zeichensatz dazu
generate-ambiguous-kept = die Richtlinie lässt Zeichen weg, die sich ähneln; setzen Sie exclude_ambiguous
generate-not-one-of-each = die Richtlinie verlangt mindestens ein Zeichen aus jedem Satz; setzen Sie one_of_each
generate-words = verlangt wurde eine Passphrase aus { $words } Wörtern; erzeugt werden { $min } bis { $max }
generate-separator = das Trennzeichen der Wörter ist ein Leerzeichen oder ein Satzzeichen aus ASCII
generate-policy-length-min = generator.length_min: der Wert ist { $found }; angenommen werden { $min } bis { $max }
generate-policy-length-default = generator.length_default: der Wert ist { $found }; angenommen werden { $min } bis { $max }
generate-policy-strength = generator.strength_min: der Wert ist { $found }; angenommen werden 0 bis 4
generate-cannot-judge = die Richtlinie verlangt eine Mindeststärke, die dieser Build nicht beurteilen kann; bauen Sie mit dem Feature `strength`
generate-too-weak = das Passwort hat die Stärke { $found } von 4; die Richtlinie verlangt mindestens { $min }, nehmen Sie also mehr Zeichen oder Wörter
generate-random = die Zufallsquelle hat versagt; es wurde nichts erzeugt

# CharacterSet
generate-set-lower = Kleinbuchstaben
generate-set-upper = Großbuchstaben
generate-set-digits = Ziffern
generate-set-symbols = Satzzeichen

# Weakness
generate-weakness-common = es steht in Listen häufiger Passwörter
generate-weakness-like-common = es ähnelt einem aus Listen häufiger Passwörter
generate-weakness-word = ein einzelnes Wort ist bald erraten
generate-weakness-name = ein Name ist bald erraten
generate-weakness-keyboard = es folgt den Tasten einer Tastatur
generate-weakness-repetition = es wiederholt sich
generate-weakness-sequence = es zählt weiter, etwa abc oder 6543
generate-weakness-date = ein Datum oder Jahr ist bald erraten
