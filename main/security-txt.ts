/** `/.well-known/security.txt`: whom to tell of a hole (RFC 9116). Only when the operator has said whom. */
import type { FastifyInstance } from 'fastify';

const DAYS = 180;

/** @param contact `mailto:…`, `https://…` or `tel:…` @param now the file is never older than half a year */
export function securityText(contact: string, address: string, now: Date): string {
  const expires = new Date(now.getTime() + DAYS * 86_400_000).toISOString();
  return `Contact: ${contact}\nExpires: ${expires}\nPreferred-Languages: vi, en\nCanonical: ${address}/.well-known/security.txt\n`;
}

export function securityTextRoute(
  app: FastifyInstance,
  contact: string,
  address: () => string,
  now: () => Date,
): void {
  app.get('/.well-known/security.txt', async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send(securityText(contact, address(), now())),
  );
}
