/** The port by which a short message reaches a phone: a gateway of the telephone company, or of the province, over HTTP. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Outbound } from '../../outbound/outbound.ts';

export interface Messenger {
  /**
   * @param to `+84…`
   * @param id of the message, where the same may be sent again later: the gateway sends it once
   * Fails with an Error when the gateway has not taken the message after all tries.
   */
  send(to: string, text: string, id?: string): Promise<void>;
}

/** Milliseconds before each further try; a code that comes minutes later helps nobody. */
const PAUSES = [1_000, 4_000];
const WITHIN_MS = 10_000;

/**
 * `POST <address>` `{"id", "to", "text"}` with a bearer token; any 2xx means taken. The id is the same for every try of one
 * message, so that a gateway which took the first and did not answer sends it once.
 */
export function openMessenger(
  outbound: Outbound,
  address: string,
  token: string | null,
  pauses: readonly number[] = PAUSES,
): Messenger {
  outbound.check(address);
  const attempt = async (body: string): Promise<number> => {
    const answer = await outbound.send({
      method: 'POST',
      url: address,
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body,
      within: WITHIN_MS,
      most: 64 * 1024,
    });
    for await (const _ of answer.body);
    return answer.status;
  };
  return {
    async send(to, text, id = randomUUID()) {
      const body = JSON.stringify({ id, to, text });
      let fault: unknown;
      for (const wait of [0, ...pauses]) {
        await pause(wait);
        try {
          const status = await attempt(body);
          if (status >= 200 && status < 300) return;
          fault = new Error(`the messenger answered ${status}`);
          // What it refuses it will refuse again; what it could not do it may do later.
          if (status < 500 && status !== 429) break;
        } catch (error) {
          fault = error;
        }
      }
      throw new Error('a message was not taken', { cause: fault });
    },
  };
}

/** In the demo province nobody has a phone: the operator's log shows what would have been sent. */
export function demoMessenger(log: (sentence: string) => void): Messenger {
  return { send: async (to, text) => log(`Tỉnh mẫu, tin nhắn tới ${to}: ${text}`) };
}
