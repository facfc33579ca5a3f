/** What a client says over a websocket. R4 subscription.html#websocket; IG channels.html#websockets. Pure. */

export type SocketWord =
  | { say: 'bind'; id: string }
  | { say: 'unbind'; id: string }
  | { say: 'bind-with-token'; token: string };

/**
 * `bind <id>`, `unbind <id>`, `bind-with-token <token>`; the specification writes ids as `:id`, so a colon before one is left off.
 * @returns null for anything else
 */
export function readWord(text: string): SocketWord | null {
  const [, say = '', rest = ''] = /^(bind-with-token|bind|unbind):?\s+(\S+)\s*$/.exec(text) ?? [];
  if (say === 'bind-with-token') return { say, token: rest };
  const id = /^:?(?:Subscription\/)?([A-Za-z0-9.-]{1,64})$/.exec(rest)?.[1];
  return id === undefined || (say !== 'bind' && say !== 'unbind') ? null : { say, id };
}
