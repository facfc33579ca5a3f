/** The papers of a visit over HTTP: `GET /api/documents/encounters/:id/{prescription,statement,ticket}.pdf`. */
import { join } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type Documents, openDocuments } from '../../engines/documents/index.ts';
import type { RecordSession, Role } from '../../kernel/access/contract.ts';
import type { Content } from '../../kernel/content/content.ts';
import type { Kernel, Module } from '../../kernel/kernel.ts';
import { loadClaim } from '../insurance/index.ts';
import type { Paper, PaperFacts } from './paper.ts';
import { prescriptionPaper } from './prescription.ts';
import { statementPaper } from './statement.ts';
import { ticketPaper } from './ticket.ts';

interface Printable {
  roles: Role[];
  make(facts: PaperFacts, content: Content): Paper;
}

/** Who may print what; what the paper is made of is read in the person's own name. */
const PAPERS: Record<string, Printable> = {
  prescription: { roles: ['doctor', 'nurse', 'station-head'], make: prescriptionPaper },
  statement: { roles: ['doctor', 'station-head', 'cashier', 'insurance'], make: statementPaper },
  ticket: { roles: ['reception', 'nurse', 'doctor', 'station-head'], make: ticketPaper },
};

export const documentsModule: Module = {
  name: 'documents',
  schemaFolder: join(import.meta.dirname, 'schema'),
  routes(app: FastifyInstance, kernel: Kernel) {
    const documents = openDocuments(kernel.content);
    app.addHook('onClose', async () => documents.close());
    for (const [name, printable] of Object.entries(PAPERS)) {
      app.get<{ Params: { id: string } }>(
        `/api/documents/encounters/:id/${name}.pdf`,
        async (request, reply) => {
          kernel.gate.require(request, ...printable.roles);
          return print(kernel.gate.session(request), request.params.id, printable, {
            kernel,
            documents,
            reply,
          });
        },
      );
    }
  },
};

async function print(
  session: RecordSession,
  id: string,
  printable: Printable,
  { kernel, documents, reply }: { kernel: Kernel; documents: Documents; reply: FastifyReply },
): Promise<Buffer> {
  const facts = await loadClaim(session, id);
  const paper = printable.make({ ...facts, authority: await authorityOf(session, facts) }, kernel.content);
  const bytes = await documents.renderPaper(paper.name, paper.date, paper.data, paper.options);
  await session.note('print', paper.said, facts.patient.id ?? null);
  reply.header('content-type', 'application/pdf');
  reply.header('content-disposition', `inline; filename="${paper.fileName.replace(/[^\w.-]/g, '_')}.pdf"`);
  reply.header('cache-control', 'private, no-store');
  return bytes;
}

async function authorityOf(
  session: RecordSession,
  { organization }: PaperFacts,
): Promise<PaperFacts['authority']> {
  const above = organization.partOf?.reference?.match(/^Organization\/(.+)$/)?.[1];
  return above ? session.read('Organization', above) : undefined;
}
