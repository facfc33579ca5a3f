-- Sign-ins that are under way at a provider of others (VNeID): one row from the way there to the way back.
create table access.external_sign_in (
  state_hash  bytea primary key,               -- SHA-256 of `state`
  browser     bytea not null,                  -- SHA-256 of the cookie that the browser was given with it
  provider    text not null,
  nonce       text not null,
  verifier    text not null,                   -- of PKCE: worth nothing without the code
  next        text not null,                   -- local path
  expires_at  timestamptz not null
);
create index external_sign_in_expires on access.external_sign_in (expires_at);
