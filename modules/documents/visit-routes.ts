/** The papers of a visit: `GET /api/documents/encounters/:id/{prescription,statement,ticket}.pdf`, issued when first asked for. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type PaperDefinition, paperOn } from '../../engines/documents/index.ts';
import type { RecordSession, Role } from '../../kernel/access/contract.ts';
import type { Content } from '../../kernel/content/content.ts';
import type { Dated } from '../../kernel/content/dated.ts';
import { sid } from '../../kernel/fhir/systems.ts';
import { loadClaim } from '../insurance/index.ts';
import type { Context } from './context.ts';
import { issuePaper } from './issue/issue.ts';
import { labelsOf } from './issue/labels.ts';
import { isDemo, numberOf, type Paper, type PaperFacts } from './paper.ts';
import { prescriptionPaper } from './prescription.ts';
import { sendPdf } from './sent.ts';
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

export function visitRoutes(app: FastifyInstance, context: Context): void {
  for (const [name, printable] of Object.entries(PAPERS)) {
    app.get<{ Params: { id: string } }>(
      `/api/documents/encounters/:id/${name}.pdf`,
      async (request, reply) => {
        context.kernel.gate.require(request, ...printable.roles);
        return print(context, context.kernel.gate.session(request), request.params.id, printable, reply);
      },
    );
  }
}

async function print(
  context: Context,
  session: RecordSession,
  id: string,
  printable: Printable,
  reply: FastifyReply,
): Promise<Buffer> {
  const { content } = context.kernel;
  const loaded = await loadClaim(session, id);
  const authority = await authorityOf(session, loaded);
  const facts: PaperFacts = { ...loaded, ...(authority ? { authority } : {}) };
  const paper = printable.make(facts, content);
  const definition = paperOn(content, paper.name, paper.date) ?? unlisted(paper);
  const { bytes } = await issuePaper(context, {
    key: paper.name,
    version: definition.from,
    definition: definition.value,
    date: paper.date,
    patient: facts.patient.id!,
    about: `Encounter/${id}`,
    sources: paper.sources,
    labels: labelsOf(paper.about),
    encounter: id,
    unitCode: numberOf(facts.organization, sid.cskcb),
    unit: facts.organization.id ?? null,
    author: {
      ...(session.actor.practitioner ? { reference: `Practitioner/${session.actor.practitioner}` } : {}),
      display: session.actor.name,
    },
    demo: isDemo(facts.patient) || isDemo(facts.encounter),
    number: paper.number,
    ...(paper.options.createdAt ? { createdAt: paper.options.createdAt } : {}),
    fill: async () => ({ data: paper.data, codes: paper.options.codes ?? {} }),
  });
  await session.note('print', paper.said, facts.patient.id ?? null);
  return sendPdf(reply, bytes, paper.fileName);
}

/** A template without a description is printed all the same, and not kept. */
function unlisted({ name, date }: Paper): Dated<PaperDefinition> {
  const value: PaperDefinition = { title: { vi: name, en: name }, size: 'a4', roles: [], kept: false };
  return { key: name, from: date, to: null, file: '', value };
}

async function authorityOf(
  session: RecordSession,
  { organization }: PaperFacts,
): Promise<PaperFacts['authority']> {
  const above = organization.partOf?.reference?.match(/^Organization\/(.+)$/)?.[1];
  return above ? session.read('Organization', above) : undefined;
}
