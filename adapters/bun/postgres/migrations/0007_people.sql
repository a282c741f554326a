-- Who buys and who works here: accounts with their sessions, roles, API keys, the audit log, customers with their groups
-- and consents, and the counts of rate limits.
--
-- Tokens and keys are kept as SHA-256 digests, passwords as PHC strings. The ids of accounts, sessions, entries and
-- customers are UUIDv7, so that tables of theirs can be partitioned by ranges of their keys, which are ranges of time.

-- +goose Up
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';

CREATE TABLE commerce.accounts (
    shop          integer     NOT NULL,
    id            uuid        NOT NULL,
    version       bigint      NOT NULL,
    kind          text        NOT NULL,
    state         text        NOT NULL,
    email         text        NOT NULL,
    new_email     text        NOT NULL,
    name          text        NOT NULL,
    password      text        NOT NULL,
    epoch         bigint      NOT NULL,
    verify_digest bytea,
    verify_email  text        NOT NULL,
    verify_until  timestamptz,
    reset_digest  bytea,
    reset_email   text        NOT NULL,
    reset_until   timestamptz,
    customer_id   uuid,
    staff_id      uuid,
    owner         boolean     NOT NULL,
    roles         uuid[],
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (shop, id)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX accounts_email ON commerce.accounts (shop, email, kind) WHERE state <> 'closed';
CREATE UNIQUE INDEX accounts_verify ON commerce.accounts (shop, verify_digest) WHERE verify_digest IS NOT NULL;
CREATE UNIQUE INDEX accounts_reset ON commerce.accounts (shop, reset_digest) WHERE reset_digest IS NOT NULL;
CREATE INDEX accounts_staff ON commerce.accounts (shop, id) WHERE staff_id IS NOT NULL AND state <> 'closed';
CREATE INDEX accounts_owners ON commerce.accounts (shop, id) WHERE owner AND state = 'active';

CREATE TABLE commerce.sessions (
    shop         integer     NOT NULL,
    id           uuid        NOT NULL,
    version      bigint      NOT NULL,
    account_id   uuid        NOT NULL,
    state        text        NOT NULL,
    epoch        bigint      NOT NULL,
    access       bytea       NOT NULL,
    access_until timestamptz NOT NULL,
    refresh      bytea       NOT NULL,
    previous     bytea       NOT NULL,
    nonce        bytea       NOT NULL,
    device       bytea       NOT NULL,
    client       text        NOT NULL,
    created_at   timestamptz NOT NULL,
    refreshed_at timestamptz NOT NULL,
    idle_until   timestamptz NOT NULL,
    until        timestamptz NOT NULL,
    PRIMARY KEY (shop, id)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX sessions_access ON commerce.sessions (shop, access);
CREATE INDEX sessions_account ON commerce.sessions (shop, account_id, created_at DESC, id DESC);
CREATE INDEX sessions_until ON commerce.sessions (shop, until);
CREATE INDEX sessions_ended ON commerce.sessions (shop, refreshed_at) WHERE state <> 'active';

-- Every refresh token that a session ever had, for a former one is how a theft shows.
CREATE TABLE commerce.session_refreshes (
    shop       integer NOT NULL,
    digest     bytea   NOT NULL,
    session_id uuid    NOT NULL,
    PRIMARY KEY (shop, digest)
);
CREATE INDEX session_refreshes_session ON commerce.session_refreshes (shop, session_id);

CREATE TABLE commerce.roles (
    shop        integer     NOT NULL,
    id          uuid        NOT NULL,
    version     bigint      NOT NULL,
    name        text        NOT NULL,
    permissions text[]      NOT NULL,
    retired     boolean     NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (shop, id)
);

CREATE TABLE commerce.api_keys (
    shop       integer     NOT NULL,
    id         uuid        NOT NULL,
    version    bigint      NOT NULL,
    name       text        NOT NULL,
    digest     bytea       NOT NULL,
    hint       text        NOT NULL,
    scopes     text[]      NOT NULL,
    created_by text        NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    used_at    timestamptz,
    PRIMARY KEY (shop, id)
);
CREATE UNIQUE INDEX api_keys_digest ON commerce.api_keys (shop, digest);

CREATE TABLE commerce.audit_entries (
    shop       integer     NOT NULL,
    id         uuid        NOT NULL,
    of_id      uuid,
    at         timestamptz NOT NULL,
    actor_kind text        NOT NULL,
    actor_id   text        NOT NULL,
    action     text        NOT NULL,
    subject    text        NOT NULL,
    outcome    text        NOT NULL,
    code       text        NOT NULL,
    changes    jsonb       NOT NULL,
    PRIMARY KEY (shop, id)
);
CREATE INDEX audit_entries_subject ON commerce.audit_entries (shop, subject, id DESC);
CREATE INDEX audit_entries_actor ON commerce.audit_entries (shop, actor_id, id DESC);

CREATE TABLE commerce.customers (
    shop        integer     NOT NULL,
    id          uuid        NOT NULL,
    version     bigint      NOT NULL,
    status      text        NOT NULL,
    account_id  uuid,
    email       text        NOT NULL,
    verified_at timestamptz,
    name        text        NOT NULL,
    phone       text        NOT NULL,
    groups      text[],
    refs        jsonb       NOT NULL,
    addresses   jsonb       NOT NULL,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL,
    PRIMARY KEY (shop, id)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX customers_email ON commerce.customers (shop, email) WHERE email <> '';

CREATE TABLE commerce.customer_refs (
    shop        integer NOT NULL,
    source      text    NOT NULL,
    ref         text    NOT NULL,
    customer_id uuid    NOT NULL,
    PRIMARY KEY (shop, source, ref)
);
CREATE INDEX customer_refs_customer ON commerce.customer_refs (shop, customer_id);

CREATE TABLE commerce.customer_members (
    shop        integer NOT NULL,
    group_key   text    NOT NULL,
    customer_id uuid    NOT NULL,
    PRIMARY KEY (shop, group_key, customer_id)
);
CREATE INDEX customer_members_customer ON commerce.customer_members (shop, customer_id);

CREATE TABLE commerce.customer_groups (
    shop       integer     NOT NULL,
    key        text        NOT NULL,
    version    bigint      NOT NULL,
    name       text        NOT NULL,
    archived   boolean     NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (shop, key)
);

CREATE TABLE commerce.customer_consents (
    shop        integer     NOT NULL,
    customer_id uuid        NOT NULL,
    position    bigint      GENERATED ALWAYS AS IDENTITY,
    purpose     text        NOT NULL,
    given       boolean     NOT NULL,
    at          timestamptz NOT NULL,
    source      text        NOT NULL,
    wording     text        NOT NULL,
    PRIMARY KEY (shop, customer_id, position)
);

CREATE TABLE commerce.rate_limits (
    shop  integer       NOT NULL,
    key   text          NOT NULL,
    taken timestamptz[] NOT NULL,
    until timestamptz   NOT NULL,
    PRIMARY KEY (shop, key)
) WITH (fillfactor = 50);
CREATE INDEX rate_limits_until ON commerce.rate_limits (shop, until);

-- +goose Down
SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '60s';
DROP TABLE commerce.rate_limits;
DROP TABLE commerce.customer_consents;
DROP TABLE commerce.customer_groups;
DROP TABLE commerce.customer_members;
DROP TABLE commerce.customer_refs;
DROP TABLE commerce.customers;
DROP TABLE commerce.audit_entries;
DROP TABLE commerce.api_keys;
DROP TABLE commerce.roles;
DROP TABLE commerce.session_refreshes;
DROP TABLE commerce.sessions;
DROP TABLE commerce.accounts;
