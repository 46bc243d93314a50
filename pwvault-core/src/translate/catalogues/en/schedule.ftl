### The calendar of reminders.

# ScheduleError
schedule-zero-period = a period is at least one day; this one is zero
schedule-period-too-long = a period has at most { $max } { $unit }; this one has { $count }
schedule-warning-too-long = the warning comes before the period has begun; it is shorter than the period
schedule-hour = an hour is 0 to 23; this one is { $hour }
schedule-unknown-zone = there is no time zone of this name of { $length } bytes; write an IANA name such as Europe/Vienna
schedule-out-of-range = the time lies outside the years the calendar has
