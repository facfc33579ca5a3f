/** `GET /openapi.json`: every address of the program, for anyone; it says what a stranger learns by trying. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { parseCsv } from '../kernel/content/csv.ts';
import { type InterfaceTables, interfaceDocument } from './interface-document.ts';
import { VERSION } from './version.ts';

const read = (file: string) => parseCsv(readFileSync(join(import.meta.dirname, file), 'utf8'));

export function readInterface(): InterfaceTables {
  const answers = readFileSync(join(import.meta.dirname, 'interface-answers.gen.json'), 'utf8');
  return {
    endpoints: read('endpoints.csv'),
    inputs: read('endpoint-inputs.csv'),
    answers: JSON.parse(answers),
  };
}

export function interfaceRoute(app: FastifyInstance): void {
  const text = JSON.stringify(interfaceDocument(readInterface(), VERSION));
  app.get('/openapi.json', async (_request, reply) =>
    reply.type('application/json; charset=utf-8').header('Cache-Control', 'no-cache').send(text),
  );
}
