/** Subject of the hint among processes that subscriptions have new events, or were changed: whoever has bound sockets looks. */
export const CHANGED = 'subscriptions';
