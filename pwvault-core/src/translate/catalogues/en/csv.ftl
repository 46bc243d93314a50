### Import and export of CSV.

# CsvError
csv-too-large = the file has { $found } bytes; at most { $max } are read at once
csv-not-utf8 = the byte at offset { $offset } (line { $line }) is not UTF-8; a CSV file like this was probably saved as Windows-1252 or Latin-1: save it as `CSV UTF-8` and try again
csv-bad-utf16 = the UTF-16 text is damaged at byte offset { $offset }; save the file as `CSV UTF-8` and try again
csv-empty = the file is empty; a header line and at least one row are expected
csv-workbook = this is a workbook or an archive and no text: open it in the spreadsheet and save it as `CSV UTF-8`
csv-binary = the first line holds NUL bytes and is no header: this is no text, or one in UTF-16 without its mark; save it as `CSV UTF-8`
csv-unknown-header = no column of line { $line } is known to the dialect `{ $dialect }`; name another dialect or give a column map
csv-unknown-column = entry { $entry } of the column map names a column that the file does not have; it has { $columns } columns
csv-unclosed-quote = the quote opened on line { $line } is never closed; close it, and double every quote inside a cell
csv-too-many-columns = the row that starts on line { $line } has over { $max } columns; at most { $max } are read
csv-row-too-long = the row that starts on line { $line } has over { $max } bytes; shorten it, or close the quote of the cell that starts on line { $cell_line } if it has one
csv-too-many-rows = the file has over { $max } rows; split it into parts of at most { $max }
csv-write = the export could not be written

# ProblemKind
csv-problem-ragged = { $found } cells where the header has { $expected }; give every row one cell for each column
csv-problem-stray-quote = text after a closing quote; double every quote inside a cell
csv-problem-too-long = { $found } bytes where at most { $max } are kept; shorten the text
csv-problem-entry-too-long = the row makes an entry of { $found } bytes; at most { $max } are kept
csv-problem-too-many-fields = the row makes over { $max } custom fields; at most { $max } are kept
csv-problem-bad-flag = neither `true` nor `false`
csv-problem-bad-list = not the JSON list that `spec/csv.md` describes
csv-problem-bad-mark = neither `v1` nor `v1-safe`; the row was not written by a version this one reads
csv-problem-name-derived = the name is empty; one was derived from the address, the user name or the row
csv-problem-name-cleaned = a name held control characters, such as a line break; they became blanks
csv-problem-scheme-added = the address has no scheme; `https://` was put before it
csv-problem-not-an-address = not an http or https address of at most 2048 bytes; it was kept as a custom field
csv-problem-not-a-time = not a time such as `2024-01-31T12:00:00Z`; it was kept as a custom field
csv-problem-unknown-kind = not a kind of entry (login, note, server, licence_key); it was kept as a custom field
csv-problem-unescaped = the apostrophe that keeps spreadsheets from taking the password for a formula was taken off

# SkipReason
csv-skip-empty = every cell of the row is empty
csv-skip-firefox-account = the row is Firefox's own account
csv-skip-folder = the row only names a folder

# Problem
csv-problem-in-row = row { $row } (line { $line }): { $problem }
csv-problem-in-column = row { $row } (line { $line }), column { $column }: { $problem }
csv-problem-in-named-column = row { $row } (line { $line }), column { $column } `{ $name }`: { $problem }
