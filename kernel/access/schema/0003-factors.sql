-- Second factors, passkeys, strength of sessions, age and history of passwords. Secrets are sealed or hashed; docs/database.md.

alter table access.account
  add column person          text,             -- Patient id, for a citizen's own account
  add column password_once   boolean not null default false,  -- handed over by an administrator, to be changed at first use
  add column password_until  timestamptz,      -- such a password is worth nothing from then on
  add column password_short  boolean not null default false,  -- long enough only beside a second factor
  add column ends_on         date,             -- last day of the post; null = open
  add column closed_why      text,             -- 'left', 'unused', 'by-hand' while not active
  add column in_register     boolean not null default false,  -- follows the staff register
  add column user_handle     uuid not null default gen_random_uuid();  -- what passkeys know the account by
create unique index account_person on access.account (person) where person is not null;
create unique index account_user_handle on access.account (user_handle);
create index account_practitioner on access.account (practitioner) where practitioner is not null;
create index account_unit on access.account (unit, id);

alter table access.session
  add column id         uuid not null default gen_random_uuid(),  -- by which its owner sees and ends it
  add column strength   text not null default 'full' check (strength in ('half', 'full')),
  add column methods    text[] not null default '{pwd}',          -- RFC 8176
  add column proved_at  timestamptz;                              -- the last proof; null = created_at

create table access.old_password (
  account   text not null references access.account (id) on delete cascade,
  password  text not null,                     -- argon2id, PHC string
  until     timestamptz not null,
  primary key (account, until)
);

create table access.totp (
  account       text primary key references access.account (id) on delete cascade,
  secret        text,                          -- sealed; null until the first right code
  next_secret   text,                          -- sealed; shown, and not confirmed yet
  created_at    timestamptz not null,
  last_step     bigint not null default 0      -- the newest 30-second step a code was taken for: none counts twice
);

create table access.recovery_code (
  account  text not null references access.account (id) on delete cascade,
  hash     bytea not null,                     -- SHA-256 of account and code
  used_at  timestamptz,
  primary key (account, hash)
);

create table access.passkey (
  credential    text primary key,              -- base64url
  account       text not null references access.account (id) on delete cascade,
  public_key    bytea not null,                -- COSE
  counter       bigint not null,               -- a hint: synced passkeys always say 0
  aaguid        text not null,
  transports    text[] not null,
  synced        boolean not null,              -- flag BE: may be copied to other devices
  backed_up     boolean not null,              -- flag BS
  name          text not null,
  created_at    timestamptz not null,
  last_used_at  timestamptz
);
create index passkey_account on access.passkey (account);

create table access.challenge (
  browser     bytea not null,                  -- SHA-256 of the cookie that the browser was given with it
  purpose     text not null,                   -- 'register', 'sign-in', 'proof'
  challenge   text not null,
  expires_at  timestamptz not null,
  primary key (browser, purpose)
);
create index challenge_expires on access.challenge (expires_at);
