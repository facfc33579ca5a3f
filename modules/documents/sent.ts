/** A paper as an answer. */
import type { FastifyReply, FastifyRequest } from 'fastify';

/** @param fileName without its ending */
export function sendPdf(reply: FastifyReply, bytes: Buffer, fileName: string): Buffer {
  reply.header('content-type', 'application/pdf');
  reply.header('content-disposition', `inline; filename="${fileName.replace(/[^\w.-]/g, '_')}.pdf"`);
  reply.header('cache-control', 'private, no-store');
  return bytes;
}

/** A screen asks for JSON and shows the PDF itself. */
export function wantsJson({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return /\bjson\b/.test(headers.accept ?? '');
}
