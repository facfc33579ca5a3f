-- SMART App Launch 2.2 (sso-openid-connect): ID tokens are signed with RSA SHA-256. Made with the first question after the key itself.
alter table access.signing_key add column rsa jsonb;
