-- Keys of tokens are sealed (kernel/keys). Those of before stand in the other columns until they are read the next time.
alter table access.signing_key alter column jwk drop not null;
alter table access.signing_key add column sealed text;     -- JSON {jwk, rsa}: the private keys of ES256 and RS256
alter table access.signing_key add column has_rsa boolean not null default false;     -- what is sealed has the second one
