//! When people are told about an entry.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// A unit of calendar time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PeriodUnit {
    /// Calendar days.
    Days,
    /// Weeks of seven days.
    Weeks,
    /// Calendar months.
    Months,
    /// Calendar years.
    Years,
}

/// A span of calendar time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Period {
    /// How many units.
    pub count: u16,
    /// The unit.
    pub unit: PeriodUnit,
}

impl Period {
    /// So many calendar days.
    #[must_use]
    pub const fn days(count: u16) -> Self {
        Self { count, unit: PeriodUnit::Days }
    }

    /// So many weeks.
    #[must_use]
    pub const fn weeks(count: u16) -> Self {
        Self { count, unit: PeriodUnit::Weeks }
    }

    /// So many calendar months.
    #[must_use]
    pub const fn months(count: u16) -> Self {
        Self { count, unit: PeriodUnit::Months }
    }

    /// So many calendar years.
    #[must_use]
    pub const fn years(count: u16) -> Self {
        Self { count, unit: PeriodUnit::Years }
    }
}

/// Something of an entry that follows the vault's default unless it is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Choice<T> {
    /// As the settings say.
    #[default]
    Default,
    /// Not at all.
    Off,
    /// This.
    Set(T),
}

/// When people are told about one entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EntryReminder {
    /// How long after its last change the secret should be changed again.
    pub change_every: Choice<Period>,
    /// How long before that a warning is sent.
    pub warn_before: Choice<Period>,
    /// Whether changes of the secret are told; as the settings say when absent.
    pub on_change: Option<bool>,
    /// Whether a message about a change holds a one-time link to the new secret.
    #[serde(default)]
    pub with_link: bool,
    /// Whether the owner is told of every reveal.
    #[serde(default)]
    pub on_reveal: bool,
}

/// When a secret ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Expiry {
    /// The moment.
    pub at: Timestamp,
    /// The secret's revision it was set for; a newer secret has no end.
    pub revision: u64,
}

/// What holds for entries that do not say otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReminderDefaults {
    /// How long after its last change a secret should be changed again.
    pub change_every: Option<Period>,
    /// How long before that a warning is sent.
    pub warn_before: Option<Period>,
    /// Whether changes of secrets are told.
    pub on_change: bool,
    /// The hour of the recipient's day at which reminders arrive, 0 to 23.
    pub hour: u8,
}

impl Default for ReminderDefaults {
    fn default() -> Self {
        Self { change_every: None, warn_before: None, on_change: false, hour: 9 }
    }
}
