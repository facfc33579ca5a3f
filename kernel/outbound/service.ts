/** A system of others that speaks JSON at an address of the operator: questions with a bearer token, and plain words when it does not answer. */
import { type Outbound, OutboundError } from './outbound.ts';

/** Why a question brought nothing, in Vietnamese (`text`) and English (`message`). */
export class ServiceFault extends Error {
  readonly text: string;

  constructor(text: string, textEn: string, cause?: unknown) {
    super(textEn, { cause });
    this.name = 'ServiceFault';
    this.text = text;
  }
}

export interface Service {
  /** Where it is, for people: no path, no secret. */
  host: string;
  /**
   * @param path relative to the address, or an address below it (the next page)
   * @returns the parsed body of a 2xx answer. @throws ServiceFault
   */
  get(path: string): Promise<unknown>;
  /** As `get`. @param headers beside the usual ones */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<unknown>;
}

const PATIENCE_MS = 5_000;
const WITHIN_MS = 15_000;
const MOST_BYTES = 4 * 1024 * 1024;

/** @throws OutboundError when the address may not be called */
export function openService(
  outbound: Outbound,
  address: string,
  token: string | null,
  { patience = PATIENCE_MS, within = WITHIN_MS } = {},
): Service {
  outbound.check(address);
  const base = new URL(address.endsWith('/') ? address : `${address}/`);
  const ask = async (
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    more: Record<string, string> = {},
  ) => {
    const url = new URL(path, base);
    // A page that leads elsewhere would take the token with it.
    if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname))
      throw new ServiceFault(
        'Hệ thống kia dẫn sang địa chỉ khác: không đi theo.',
        'It leads to another address.',
      );
    const text = body === undefined ? undefined : JSON.stringify(body);
    const { status, bytes } = await send(url, method, text, more);
    if (status < 200 || status >= 300)
      throw new ServiceFault(`Hệ thống kia trả lời mã ${status}.`, `It answered with status ${status}.`);
    try {
      return bytes.length === 0 ? null : (JSON.parse(bytes.toString('utf8')) as unknown);
    } catch (error) {
      throw new ServiceFault('Hệ thống kia trả lời không đọc được.', 'Its answer is no JSON.', error);
    }
  };
  const send = async (
    url: URL,
    method: 'GET' | 'POST',
    body: string | undefined,
    more: Record<string, string>,
  ) => {
    try {
      const answer = await outbound.send({
        method,
        url: url.href,
        headers: {
          accept: 'application/fhir+json',
          ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...more,
        },
        ...(body === undefined ? {} : { body }),
        patience,
        within,
        most: MOST_BYTES,
      });
      const chunks: Buffer[] = [];
      for await (const chunk of answer.body) chunks.push(chunk);
      return { status: answer.status, bytes: Buffer.concat(chunks) };
    } catch (error) {
      if (error instanceof OutboundError)
        throw new ServiceFault(`${SILENT[error.reason] ?? error.text}.`, error.message, error);
      throw error;
    }
  };
  return {
    host: base.host,
    get: (path) => ask('GET', path),
    post: (path, body, headers) => ask('POST', path, body, headers),
  };
}

/** Without the address, which is the operator's matter. */
const SILENT: Partial<Record<OutboundError['reason'], string>> = {
  timeout: 'Hệ thống kia không trả lời kịp',
  unreachable: 'Không kết nối được hệ thống kia',
  'too-large': 'Hệ thống kia trả lời quá nhiều',
};
