-- Who buys and who works here: accounts with their sessions, roles, API keys, the audit log, customers with their groups
-- and consents.
--
-- Tokens and keys are kept as SHA-256 digests, passwords as PHC strings.

-- +goose Up
CREATE TABLE accounts (
    id            TEXT    NOT NULL PRIMARY KEY,
    version       INTEGER NOT NULL,
    kind          TEXT    NOT NULL,
    state         TEXT    NOT NULL,
    email         TEXT    NOT NULL,
    new_email     TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    password      TEXT    NOT NULL,
    epoch         INTEGER NOT NULL,
    verify_digest BLOB,
    verify_email  TEXT    NOT NULL,
    verify_until  INTEGER,
    reset_digest  BLOB,
    reset_email   TEXT    NOT NULL,
    reset_until   INTEGER,
    customer_id   TEXT,
    staff_id      TEXT,
    owner         INTEGER NOT NULL,
    roles         TEXT,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX accounts_email ON accounts (email, kind) WHERE state <> 'closed';
CREATE UNIQUE INDEX accounts_verify ON accounts (verify_digest) WHERE verify_digest IS NOT NULL;
CREATE UNIQUE INDEX accounts_reset ON accounts (reset_digest) WHERE reset_digest IS NOT NULL;
CREATE INDEX accounts_staff ON accounts (id) WHERE staff_id IS NOT NULL AND state <> 'closed';
CREATE INDEX accounts_owners ON accounts (id) WHERE owner = 1 AND state = 'active';

CREATE TABLE sessions (
    id           TEXT    NOT NULL PRIMARY KEY,
    version      INTEGER NOT NULL,
    account_id   TEXT    NOT NULL,
    state        TEXT    NOT NULL,
    epoch        INTEGER NOT NULL,
    access       BLOB    NOT NULL,
    access_until INTEGER NOT NULL,
    refresh      BLOB    NOT NULL,
    previous     BLOB    NOT NULL,
    nonce        BLOB    NOT NULL,
    device       BLOB    NOT NULL,
    client       TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    refreshed_at INTEGER NOT NULL,
    idle_until   INTEGER NOT NULL,
    until        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sessions_access ON sessions (access);
CREATE INDEX sessions_account ON sessions (account_id, created_at DESC, id DESC);
CREATE INDEX sessions_until ON sessions (until);
CREATE INDEX sessions_ended ON sessions (refreshed_at) WHERE state <> 'active';

-- Every refresh token that a session ever had, for a former one is how a theft shows.
CREATE TABLE session_refreshes (
    digest     BLOB NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_refreshes_session ON session_refreshes (session_id);

CREATE TABLE roles (
    id          TEXT    NOT NULL PRIMARY KEY,
    version     INTEGER NOT NULL,
    name        TEXT    NOT NULL,
    permissions TEXT    NOT NULL,
    retired     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
    id         TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    digest     BLOB    NOT NULL,
    hint       TEXT    NOT NULL,
    scopes     TEXT    NOT NULL,
    created_by TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX api_keys_digest ON api_keys (digest);

CREATE TABLE audit_entries (
    id         BLOB    NOT NULL PRIMARY KEY,
    of_id      BLOB,
    at         INTEGER NOT NULL,
    actor_kind TEXT    NOT NULL,
    actor_id   TEXT    NOT NULL,
    action     TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    outcome    TEXT    NOT NULL,
    code       TEXT    NOT NULL,
    changes    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_entries_subject ON audit_entries (subject, id DESC);
CREATE INDEX audit_entries_actor ON audit_entries (actor_id, id DESC);

CREATE TABLE customers (
    id          TEXT    NOT NULL PRIMARY KEY,
    version     INTEGER NOT NULL,
    status      TEXT    NOT NULL,
    account_id  TEXT,
    email       TEXT    NOT NULL,
    verified_at INTEGER,
    name        TEXT    NOT NULL,
    phone       TEXT    NOT NULL,
    groups      TEXT,
    refs        TEXT    NOT NULL,
    addresses   TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX customers_email ON customers (email) WHERE email <> '';

CREATE TABLE customer_refs (
    source      TEXT NOT NULL,
    ref         TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    PRIMARY KEY (source, ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_refs_customer ON customer_refs (customer_id);

CREATE TABLE customer_members (
    group_key   TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    PRIMARY KEY (group_key, customer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_members_customer ON customer_members (customer_id);

CREATE TABLE customer_groups (
    key        TEXT    NOT NULL PRIMARY KEY,
    version    INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    archived   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE customer_consents (
    position    INTEGER PRIMARY KEY,
    customer_id TEXT    NOT NULL,
    purpose     TEXT    NOT NULL,
    given       INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    source      TEXT    NOT NULL,
    wording     TEXT    NOT NULL
) STRICT;
CREATE INDEX customer_consents_customer ON customer_consents (customer_id, position DESC);

-- +goose Down
DROP TABLE customer_consents;
DROP TABLE customer_groups;
DROP TABLE customer_members;
DROP TABLE customer_refs;
DROP TABLE customers;
DROP TABLE audit_entries;
DROP TABLE api_keys;
DROP TABLE roles;
DROP TABLE session_refreshes;
DROP TABLE sessions;
DROP TABLE accounts;
