### Der Kalender der Erinnerungen.

# ScheduleError
schedule-zero-period = ein Zeitraum ist mindestens ein Tag; dieser ist null
schedule-period-too-long = ein Zeitraum hat höchstens { $max } { $unit }; dieser hat { $count }
schedule-warning-too-long = die Warnung läge vor dem Beginn des Zeitraums; sie ist kürzer als er
schedule-hour = eine Stunde ist 0 bis 23; diese ist { $hour }
schedule-unknown-zone = eine Zeitzone mit diesem Namen von { $length } Bytes gibt es nicht; schreiben Sie einen IANA-Namen wie Europe/Vienna
schedule-out-of-range = die Zeit liegt außerhalb der Jahre, die der Kalender hat
