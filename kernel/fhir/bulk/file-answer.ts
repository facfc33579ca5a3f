/** A file as an answer: whole, as gzip (`Accept-Encoding`), or a part of it (`Range`), so that a reader can go on where a line broke. */
import { pipeline } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Failure } from '../../failure.ts';
import type { FoundFile } from './export-files.ts';

export interface Span {
  from: number;
  /** In it. */
  to: number;
}

export function sendFile(request: FastifyRequest, reply: FastifyReply, file: FoundFile): FastifyReply {
  reply.header('Content-Type', mediaTypeOf(file.name)).header('Accept-Ranges', 'bytes');
  reply.header('Vary', 'Accept-Encoding');
  const span = spanOf(request.headers.range, file.size);
  if (span === 'outside') {
    reply.header('Content-Range', `bytes */${file.size}`);
    throw outside(file);
  }
  if (span) {
    return reply
      .code(206)
      .header('Content-Range', `bytes ${span.from}-${span.to}/${file.size}`)
      .header('Content-Length', span.to - span.from + 1)
      .send(file.read(span.from, span.to));
  }
  if (takesGzip(request.headers['accept-encoding']) && !file.name.endsWith('.parquet')) {
    const packed = createGzip({ level: constants.Z_BEST_SPEED });
    // A reader who goes away, and a file that was removed, end both.
    pipeline(file.read(), packed, () => undefined);
    return reply.header('Content-Encoding', 'gzip').send(packed);
  }
  return reply.header('Content-Length', file.size).send(file.read());
}

/** RFC 9110 section 12.5.3; `q=0` refuses. Pure. */
export function takesGzip(header: string | string[] | undefined): boolean {
  return [header ?? '']
    .flat()
    .join(',')
    .split(',')
    .some((part) => /^\s*gzip\s*(;|$)/i.test(part) && !/;\s*q=0(\.0*)?\s*$/i.test(part));
}

/** RFC 9110 section 14.2: one range of bytes; several, and what is no range, are not looked at. Pure. */
export function spanOf(header: string | undefined, size: number): Span | 'outside' | null {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return null;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < from) return null;
  return from >= size || from > to ? 'outside' : { from, to };
}

function mediaTypeOf(name: string): string {
  if (name.endsWith('.csv')) return 'text/csv; charset=utf-8';
  return name.endsWith('.parquet') ? 'application/vnd.apache.parquet' : 'application/fhir+ndjson';
}

function outside({ name, size }: FoundFile): Failure {
  return new Failure('range-not-satisfiable', `Tệp "${name}" chỉ có ${size} byte.`, {
    textEn: `The file "${name}" has ${size} bytes only.`,
    expression: 'Range',
  });
}
