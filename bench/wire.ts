/**
 * The leanest client there is: requests are bytes made ahead, answers are counted and not parsed. The load generator shares
 * the machine's cores with what it measures.
 */
import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  bytes: number;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const LENGTH = /\r\ncontent-length: (\d+)/i;

/** One kept connection; one request at a time. */
export class Wire {
  readonly #socket: Socket;
  #waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  #head: Buffer | undefined;
  #status = 0;
  /** Bytes of the body that are still to come; -1 = chunked. */
  #missing = 0;
  #bytes = 0;
  #tail: Buffer = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    const end = (error?: Error) => this.#waiting?.reject(error ?? new Error('the connection was closed'));
    socket.on('error', end);
    socket.on('close', () => end());
  }

  static open(address: string): Promise<Wire> {
    const { hostname, port } = new URL(address);
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true }, () =>
        resolve(new Wire(socket)),
      );
      socket.once('error', reject);
    });
  }

  ask(request: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#head = undefined;
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    let rest = chunk;
    if (!this.#status) {
      const head = this.#head ? Buffer.concat([this.#head, chunk]) : chunk;
      const end = head.indexOf(HEAD_END);
      if (end < 0) {
        this.#head = head;
        return;
      }
      const text = head.toString('latin1', 0, end);
      this.#status = Number(text.slice(9, 12));
      const length = LENGTH.exec(text);
      this.#missing = length ? Number(length[1]) : this.#status === 204 || this.#status === 304 ? 0 : -1;
      this.#bytes = 0;
      this.#tail = Buffer.alloc(0);
      rest = head.subarray(end + HEAD_END.length);
    }
    this.#bytes += rest.length;
    if (this.#missing >= 0 ? this.#bytes < this.#missing : !this.#isLast(rest)) return;
    const { resolve } = this.#waiting!;
    const answer = { status: this.#status, bytes: this.#bytes };
    this.#waiting = undefined;
    this.#status = 0;
    resolve(answer);
  }

  #isLast(chunk: Buffer): boolean {
    this.#tail =
      chunk.length >= LAST_CHUNK.length
        ? chunk.subarray(-LAST_CHUNK.length)
        : Buffer.concat([this.#tail, chunk]).subarray(-LAST_CHUNK.length);
    return this.#tail.equals(LAST_CHUNK);
  }
}

/** Bytes of a GET with a token. */
export function getBytes(address: string, path: string, authorization: string): Buffer {
  return Buffer.from(
    `GET ${path} HTTP/1.1\r\nHost: ${new URL(address).host}\r\nAuthorization: ${authorization}\r\nAccept: application/fhir+json\r\n\r\n`,
  );
}

export interface Load {
  /** Milliseconds of each request. */
  times: number[];
  /** Requests a second. */
  rate: number;
}

/**
 * Asks over so many connections for so many seconds.
 * @param next bytes of the next request
 * @param wanted status that every answer must have
 */
export async function askFor(
  address: string,
  atOnce: number,
  seconds: number,
  next: (n: number) => Buffer,
  wanted = 200,
): Promise<Load> {
  const wires = await Promise.all(Array.from({ length: atOnce }, () => Wire.open(address)));
  const times: number[] = [];
  const started = performance.now();
  const until = started + seconds * 1000;
  let n = 0;
  const one = async (wire: Wire) => {
    for (let from = performance.now(); from < until; ) {
      const { status } = await wire.ask(next(n++));
      if (status !== wanted) throw new Error(`an answer had status ${status}`);
      const now = performance.now();
      times.push(now - from);
      from = now;
    }
  };
  // Open lines would keep the program from stopping after a failure.
  await Promise.all(wires.map(one)).finally(() => {
    for (const wire of wires) wire.close();
  });
  return { times, rate: times.length / ((performance.now() - started) / 1000) };
}
