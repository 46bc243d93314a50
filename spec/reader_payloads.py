"""Bytes to structures: section 11 of spec/format.md, with what all of the reader stands on."""
import unicodedata
import uuid


class Refused(Exception):
    """What was opened is not what was sealed, or the key does not fit. `kind` is a class of [13]."""

    def __init__(self, kind, text):
        super().__init__(f"{kind}: {text}")
        self.kind = kind


class Cursor:
    """Reads parts off the front; what is missing is `kind`."""

    def __init__(self, data, kind="malformed"):
        self.data, self.at, self.kind = data, 0, kind

    def take(self, length):
        part = self.data[self.at:self.at + length]
        if len(part) != length:
            raise Refused(self.kind, "it ends too soon")
        self.at += length
        return part

    def number(self, length):
        return int.from_bytes(self.take(length), "big")

    def bytes32(self):
        return self.take(self.number(4))

    def rest(self):
        return self.data[self.at:]

    def finish(self):
        if self.rest():
            raise Refused(self.kind, "bytes are left over")


def utf8(data):
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Refused("bad-payload", "a text is not UTF-8") from None


# [11] Payloads of heads. `?T` is an option, `*T` a list, `[n]` n bytes.
STRUCTURES = {name: [field.split(":") for field in fields.split()] for name, fields in {
    "EntryHead": "name:text kind:EntryKind username:text website:?text login_url:?text fields:*FieldHead owner:Owner "
                 "created_by:Person created_at:i64 updated_at:i64 version:u64 private:bool trashed:?Trashed "
                 "grants:*Grant locks:*LockRef secret:SecretState category:?Assignment tags:*uuid "
                 "service:?ServiceLink reminder:EntryReminder expires:?Expiry connect:?ServerAccess",
    "FieldHead": "id:uuid name:text value:FieldValue",
    "Trashed": "at:i64 by:Person",
    "Grant": "grantee:Grantee actions:Actions granted_by:Person granted_at:i64 ends_at:?i64 bound_to:?Binding "
             "obligations:Obligations",
    "Obligations": "reason:bool approval:bool",
    "Assignment": "category:uuid actions:Actions",
    "ServiceLink": "service:ServiceRef part:ServicePart",
    "ServiceRef": "id:host_id client:host_id product:?host_id product_group:?host_id",
    "EntryReminder": "change_every:PeriodChoice warn_before:PeriodChoice on_change:?bool with_link:bool "
                     "on_reveal:bool",
    "Period": "count:u16 unit:PeriodUnit",
    "Expiry": "at:i64 revision:u64",
    "ServerAccess": "connector:text address:text rule:ServerRule",
    "LockRef": "recipient:Recipient tier:Tier fingerprint:[32]",
    "SecretState": "revision:u64 changed_at:i64 changed_by:Person revealed_to:*Person needs_rotation:bool history:u32 "
                   "has_totp:bool",
    "PastSecretHead": "entry:uuid revision:u64 since:i64 set_by:Person replaced_at:i64 fields:*FieldHead has_totp:bool "
                      "locks:*LockRef",
    "KeyHead": "name:text owner:KeyOwner suite:KeySuite bits:u32 configuration:KeyConfiguration public_key:bytes "
               "fingerprint:[32] possession_proved:bool may_attach:*Grantee generation:u32 "
               "created_by:Person created_at:i64",
    "MasterHead": "owner:Owner state:MasterState public_key:bytes fingerprint:[32] recovery_code:bool "
                  "recovery_key:?[32] must_change:bool generation:u32 set_at:i64 changed_at:i64",
    "TicketHead": "person:Person recipient:Recipient owner:?Owner fingerprint:[32] generation:u32 "
                  "issued_at:i64 used_at:i64",
    "CheckpointHead": "at:i64 text:text",
    "Tombstone": "before:*[32] removals:*Removal remains:*Remains",
    "Removal": "cause:RemovalCause by:Person reason:?text at:i64 events:u32",
    "Remains": "sequence:u64 leaf:[32] at:?i64 changes:*Change",
    "RetentionJob": "finished_at:i64 rules:[32]",
    "Contact": "person:Person name:text email:?text locale:?text zone:?text wants_mail:bool roles:*host_id "
               "departments:*host_id groups:*host_id permissions:Permissions",
    "StoredTemplate": "kind:NoticeKind audience:Audience locale:?text text:?TemplateText",
    "TemplateText": "subject:text body:text",
    "StoredCatalogue": "locale:text text:text",
    "Usage": "account:host_id",
    "PermitHead": "person:Person purpose:PermitPurpose token_hash:[32] ends_at:i64",
    "LinkHead": "entry:uuid key_hash:[32] created_by:Person created_at:i64 rests_on:Standing needs:Actions expires_at:i64 "
                "views:u32 views_left:u32 passphrase:bool failures:u32",
    "Standing": "person:Person known:bool roles:*host_id departments:*host_id groups:*host_id permissions:Permissions",
    "CredentialRequestHead": "token_hash:[32] client:host_id owner:Owner name:text kind:EntryKind wanted:*Wanted "
                             "message:text keys:*AnswerKey created_by:Person created_at:i64 rests_on:Standing "
                             "expires_at:i64 given:?Given",
    "Wanted": "part:WantedPart required:bool",
    "AnswerKey": "key:uuid fingerprint:[32]",
    "Given": "entry:uuid by:Person at:i64",
    "SignOnPermit": "entry:uuid connector:text address:text",
    "Replan": "after:?[16]",
    "DueHead": "work:DueWork",
    "DueReminder": "entry:uuid changed_at:i64 told:?i64",
    "DueExpiry": "entry:uuid at:i64",
    "DueGrantsEnd": "entry:uuid at:i64",
    "MessageHead": "id:uuid notice:Notice created_at:i64 state:MessageState attempts:u32 failure:?text",
    "Notice": "kind:NoticeKind audience:Audience to:Addressee entry:?uuid facts:*Fact locale:?text changed_at:?i64",
    "Fact": "name:text text:text",
    "Policy": "rules:*Rule settings:Settings",
    "Rule": "id:uuid name:text full_access:bool allow:*Section restrict:*Section admins:*host_id roles:*host_id",
    "Settings": "access_mode:AccessMode extended_roles:*host_id private_entries:bool master_passwords:bool "
                "audit_views:bool search_limit:u32 ticket_idle_ms:i64 ticket_max_ms:i64 history_limit:u32 "
                "kdf:KdfParams service_entries:bool forbidden_clients:*host_id forbidden_groups:*host_id "
                "excluded_products:*host_id excluded_product_groups:*host_id entry_quota:?u32 "
                "generator:GeneratorPolicy reminders:ReminderDefaults retention:*Retention display:Display "
                "login:LoginRules",
    "GeneratorPolicy": "length_min:u16 length_default:u16 lower:bool upper:bool digits:bool symbols:bool "
                       "exclude_ambiguous:bool one_of_each:bool strength_min:?u8",
    "ReminderDefaults": "change_every:?Period warn_before:?Period on_change:bool hour:u8",
    "Retention": "kinds:*EventKind days:u32",
    "Display": "client_area:bool summary:bool tickets:bool guide:bool",
    "LoginRules": "length_min:u16 strength_min:?u8 panel_characters:bool attempts:u16 lock_ms:i64 lock_max_ms:i64",
    "KdfParams": "memory_kib:u32 passes:u32 lanes:u32",
    "StaffList": "admins:*host_id roles:*host_id",
    "SubUser": "account:host_id user:host_id",
    "Event": "at:i64 kind:EventKind outcome:Outcome actor:Person on_behalf_of:?Person surface:Surface ticket:?host_id "
             "service:?host_id ip:?text user_agent:?text reason:?text request_id:?text entries:*uuid changes:*Change "
             "sealed_to:*[32]",
    "Change": "kind:record_kind id:[16] revision:u64 digest:?[16] before:?[16]",
}.items()}
ENUMERATIONS = {name: [(variant + ":").split(":")[:2] for variant in variants.split()] for name, variants in {
    "Owner": "admin:host_id client:host_id",
    "Person": "admin:host_id client:host_id sub_user:SubUser system bearer",
    "Grantee": "admin:host_id role:host_id client:host_id",
    "DueWork": "reminder:DueReminder expiry:DueExpiry grants_end:DueGrantsEnd",
    "MessageState": "waiting claimed dead",
    "Addressee": "person:Person address:text",
    "Binding": "ticket:host_id service:host_id",
    "ServicePart": "adopted additional",
    "WantedPart": "username password notes totp website login_url visible_field:text secret_field:text",
    "PermitPurpose": "service_reveal:ServiceRef sign_on:SignOnPermit",
    "ServerRule": "unrestricted roles:*host_id",
    "PeriodUnit": "days weeks months years",
    "NoticeKind": "secret_changed change_soon change_due secret_expired secret_revealed invitation "
                  "credentials_requested credentials_given approval_asked approval_decided",
    "Audience": "clients administrators",
    "PeriodChoice": "default off set:Period",
    "KeyOwner": "vault admin:host_id client:host_id",
    "Recipient": "key:uuid master_password",
    "EntryKind": "login licence_key server note",
    "FieldValue": "visible:text secret",
    "Tier": "vault key_stored master_password key_passphrase key_public_only",
    "KeySuite": "rsa_oaep256 hpke_x25519",
    "KeyConfiguration": "public_only passphrase stored",
    "MasterState": "enabling active disabling",
    "AccessMode": "full restricted:StaffList shared:StaffList",
    "Section": "entries entries_for_clients entries_import entries_export keys keys_manage access access_explain "
               "logs logs_export logs_verify settings rotation principals categories tags templates outbox "
               "translations connect connect_configure requests approvals directory logs_prune subjects "
               "host_events dashboard tickets reports scheduled",
    "Surface": "api admin_area client_area summary ticket cron",
    "Outcome": "done denied failed",
    "RemovalCause": "retention request damage",
    "EventKind": "vault_created entry_created entry_updated secret_changed secret_restored entry_trashed "
                 "entry_restored entry_purged entries_listed entry_viewed secret_revealed past_secret_revealed "
                 "secret_copied entries_imported entries_exported sharing_changed keys_attached keys_detached "
                 "key_created key_updated key_deleted unlocked ticket_ended master_password_set "
                 "master_password_changed master_password_disabled master_password_recovered access_changed "
                 "settings_changed principals_synced rotated log_read log_exported log_verified category_created "
                 "category_updated category_deleted category_assigned tag_created tag_updated tag_deleted "
                 "tags_assigned reminder_changed scheduled_run message_claimed message_delivered message_failed "
                 "message_removed template_changed translations_changed totp_shown url_opened connect_changed "
                 "sign_on_started sign_on_finished service_revealed service_secret_changed link_created link_opened "
                 "link_revoked credentials_requested credentials_given credential_request_ended approval_asked "
                 "approval_given approval_refused log_pruned checkpoints_copied person_created person_updated "
                 "person_deleted unit_changed invite_created invite_accepted invite_cancelled signed_in "
                 "second_factor_changed login_password_changed host_event_applied subject_exported subject_erased "
                 "report_read access_explained migrated turned_away second_factor_asked login_reset_asked "
                 "people_listed recovery_code_renewed rotation_required approval_withdrawn",
}.items()}

# A set is a number; bit n stands for the n-th name.
SETS = {
    "Actions": ("u8", "view reveal use edit delete share".split()),
    "Permissions": ("u32", "view reveal use create edit delete share transfer keys manage_users profile contacts "
                           "products manage_products product_sso domains manage_domains invoices quotes tickets "
                           "affiliates emails orders".split()),
}


def decode_payload(name, payload):
    cursor = Cursor(payload, "bad-payload")
    value = decode(name, cursor)
    cursor.finish()
    return value


def decode(sort, cursor):
    if sort in STRUCTURES:
        return {name: decode(field, cursor) for name, field in STRUCTURES[sort]}
    if sort in ENUMERATIONS:
        number = varint(cursor, 32)
        if number >= len(ENUMERATIONS[sort]):
            raise Refused("bad-payload", f"{number} is no variant of {sort}")
        name, content = ENUMERATIONS[sort][number]
        return {name: decode(content, cursor)} if content else name
    if sort in SETS:
        number, names = SETS[sort]
        bits = PLAIN[number](cursor)
        return [name for bit, name in enumerate(names) if bits >> bit & 1]
    if sort[0] == "?":
        return decode(sort[1:], cursor) if flag(cursor) else None
    if sort[0] == "*":
        return [decode(sort[1:], cursor) for _ in range(varint(cursor, 64))]
    if sort[0] == "[":
        return cursor.take(int(sort[1:-1])).hex()
    return PLAIN[sort](cursor)


def varint(cursor, bits):
    number = 0
    for shift in range(0, bits, 7):
        byte = cursor.number(1)
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            if number >> bits:
                break
            return number
    raise Refused("bad-payload", f"a number is larger than {bits} bits")


def flag(cursor):
    byte = cursor.number(1)
    if byte > 1:
        raise Refused("bad-payload", "neither 0 nor 1")
    return byte == 1


def data(cursor):
    return cursor.take(varint(cursor, 64))


def signed(cursor):
    number = varint(cursor, 64)
    return (number >> 1) ^ -(number & 1)


def uuid_text(cursor):
    read = data(cursor)
    if len(read) != 16:
        raise Refused("bad-payload", "a UUID is not 16 bytes")
    return str(uuid.UUID(bytes=read))


def host_id(cursor):
    read = data(cursor)
    if not 1 <= len(read) <= 128 or any(unicodedata.category(char) == "Cc" for char in utf8(read)):
        raise Refused("bad-payload", "not a host id")
    return utf8(read)


def record_kind(cursor):
    number = cursor.number(1)
    if not 1 <= number <= RECORD_KINDS:
        raise Refused("bad-payload", f"{number} is no kind of record")
    return number


RECORD_KINDS = 27
PLAIN = {"u8": lambda cursor: cursor.number(1), "u16": lambda cursor: varint(cursor, 16),
         "u32": lambda cursor: varint(cursor, 32),
         "u64": lambda cursor: varint(cursor, 64), "i64": signed, "bool": flag,
         "text": lambda cursor: utf8(data(cursor)), "bytes": lambda cursor: data(cursor).hex(),
         "uuid": uuid_text, "host_id": host_id, "record_kind": record_kind}
