-- Signed cards of papers that were cancelled. A line says nothing of whose card it was.
create table documents_revoked (
  rid        text primary key,      -- as the card states it (SMART Health Cards 1.2, vc.rid)
  revoked_at timestamptz not null default now()
);
