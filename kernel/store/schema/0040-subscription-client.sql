-- Through which application somebody asked for a subscription: what the application may no longer do, it is not told of either.
alter table subscription_state add column client text; -- client id; null: an account or client by itself
