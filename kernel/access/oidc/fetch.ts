/** `fetch` for oidc-provider through kernel/outbound: public HTTPS addresses, or peers that the operator allows. */
import type { Outbound } from '../../outbound/outbound.ts';

/** Key sets are small. */
const MOST_BYTES = 256 * 1024;
const WITHIN_MS = 5_000;

/** GET only; fails with OutboundError. */
export function fetchThrough(
  outbound: Outbound,
): (url: string, options: { headers?: HeadersInit }) => Promise<Response> {
  return async (url, { headers }) => {
    const answer = await outbound.send({
      method: 'GET',
      url,
      headers: Object.fromEntries(new Headers(headers)),
      within: WITHIN_MS,
      most: MOST_BYTES,
    });
    const chunks: Buffer[] = [];
    for await (const chunk of answer.body) chunks.push(chunk);
    const kept = new Headers();
    for (const name of ['content-type', 'cache-control', 'expires']) {
      const value = answer.headers[name];
      if (typeof value === 'string') kept.set(name, value);
    }
    return new Response(Buffer.concat(chunks), { status: answer.status, headers: kept });
  };
}
