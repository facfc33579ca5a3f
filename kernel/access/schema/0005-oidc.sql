-- Clients of every kind, several secrets each, and what the OpenID provider keeps (kernel/access/oidc).

alter table access.client
  add column grants               text[] not null default '{client_credentials}',  -- OAuth grant types
  add column auth_method          text not null default 'client_secret_basic',     -- RFC 7591 token_endpoint_auth_method
  add column application          text not null default 'web',                     -- web, native (RFC 8252)
  add column redirect_uris        text[] not null default '{}',
  add column logout_redirect_uris text[] not null default '{}',
  add column jwks                 jsonb,                                           -- public keys of private_key_jwt
  add column jwks_uri             text,
  add column backchannel_logout   text,                                            -- where logout tokens go
  add column launch_url           text,                                            -- SMART EHR launch
  add column trusted              boolean not null default false,                  -- first party: nobody is asked for consent
  add column introspects          boolean not null default false;                  -- may ask about the tokens of others

create table access.client_secret (
  client      text not null references access.client (id) on delete cascade,
  hash        text not null,                   -- argon2id, PHC string
  created_at  timestamptz not null default now(),
  ends_at     timestamptz,                     -- an old secret in its last days; null = until it is taken away
  primary key (client, hash)
);
insert into access.client_secret (client, hash, created_at) select id, secret, created_at from access.client;
alter table access.client drop column secret;

-- What oidc-provider calls models: Session, Grant, Interaction, AuthorizationCode, AccessToken, RefreshToken, DeviceCode …
-- Who holds this table holds no token: a row is found by the SHA-256 of the value that the other side shows.
create table access.oidc_artifact (
  model        text not null,
  id           bytea not null,
  payload      json not null,                  -- without the value itself; json, because jsonb takes no \u0000
  grant_id     bytea,                          -- SHA-256: what ends together
  uid          text,                           -- of a Session
  user_code    text,                           -- of a DeviceCode
  browser      uuid,                           -- access.session.id of a Session: it ends with it
  session_uid  text,                           -- of a Grant that ends with its Session; null = offline access
  account      text,
  client       text,
  consumed_at  timestamptz,
  ends_at      timestamptz not null,
  primary key (model, id)
);
create index oidc_artifact_grant on access.oidc_artifact (grant_id) where grant_id is not null;
create index oidc_artifact_uid on access.oidc_artifact (uid) where uid is not null;
create index oidc_artifact_user_code on access.oidc_artifact (user_code) where user_code is not null;
create index oidc_artifact_session_uid on access.oidc_artifact (session_uid) where session_uid is not null;
create index oidc_artifact_browser on access.oidc_artifact (browser) where browser is not null;
create index oidc_artifact_ends on access.oidc_artifact (ends_at);

-- Logout tokens that clients are still to be told (OpenID Connect Back-Channel Logout 1.0).
create table access.logout_notice (
  id          uuid primary key,
  client      text not null references access.client (id) on delete cascade,
  account     text not null,
  sid         text,
  tries       int not null default 0,
  next_at     timestamptz not null,
  created_at  timestamptz not null,
  last_error  text
);
create index logout_notice_next on access.logout_notice (next_at);

-- Keys are published before they sign, and stay published until their last token is over.
alter table access.signing_key add column signs_from timestamptz not null default now();

-- By which a Session of the provider finds the browser's session that it stands on, whatever its token is now.
create unique index session_id on access.session (id);
