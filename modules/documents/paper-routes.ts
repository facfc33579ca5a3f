/** Papers of the content: which there are, and `POST /api/documents/papers/:key` with what the paper is about → PDF. */
import type { FastifyInstance } from 'fastify';
import { papersOf } from '../../engines/documents/index.ts';
import type { Role } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import { vietnamDay } from '../../kernel/text/vietnam-time.ts';
import type { Context } from './context.ts';
import { definitionFor, draftOf } from './issue/draft.ts';
import { issuePaper } from './issue/issue.ts';
import { fileNameOf, type PaperRow, rowOf } from './issued.ts';
import { sendPdf, wantsJson } from './sent.ts';

/** Roles that papers may name; each paper says which of them print it. */
export const PRINTERS: readonly Role[] = [
  'reception',
  'nurse',
  'doctor',
  'laboratory',
  'cashier',
  'station-head',
  'citizen',
];

/** A paper that may be made, for the screen. */
export interface PaperKind {
  key: string;
  title: string;
  titleEn: string;
  size: string;
  about: string[];
  kept: boolean;
}

/** What was made, for programs: `Accept: application/json`. */
export interface PaperMade {
  /** Null for papers that are not kept. */
  row: PaperRow | null;
  /** The PDF, base64. */
  data: string;
}

export function paperRoutes(app: FastifyInstance, context: Context): void {
  const { gate, content, settings } = context.kernel;

  app.get('/api/documents/papers', async (request): Promise<{ rows: PaperKind[] }> => {
    const actor = gate.require(request, ...PRINTERS);
    const today = vietnamDay(settings.now());
    const rows = papersOf(content)
      .filter(({ from, to }) => from <= today && (to === null || today <= to))
      .filter(
        ({ value }) => value.fields && value.roles.some((role) => (actor.roles as string[]).includes(role)),
      )
      .map(({ key, value }) => ({
        key,
        title: value.title.vi,
        titleEn: value.title.en,
        size: value.size,
        about: value.about ?? [],
        kept: value.kept !== false,
      }));
    return { rows };
  });

  app.post<{ Params: { key: string }; Body: unknown }>(
    '/api/documents/papers/:key',
    async (request, reply) => {
      const actor = gate.require(request, ...PRINTERS);
      const definition = definitionFor(context, actor, request.params.key);
      const session = gate.session(request);
      const draft = await draftOf(context, session, definition, subjectOf(request.body));
      const { bytes, document, isNew } = await issuePaper(context, draft);
      const row = document ? rowOf(document, null) : null;
      await session.note('print', `${definition.key} ${row?.number ?? ''}`.trim(), draft.patient);
      reply.status(isNew && document ? 201 : 200);
      if (row) reply.header('location', `/api/documents/issued/${row.id}`);
      if (wantsJson(request)) return { row, data: bytes.toString('base64') } satisfies PaperMade;
      return sendPdf(reply, bytes, document ? fileNameOf(document) : definition.key);
    },
  );
}

function subjectOf(body: unknown): string {
  const subject = (body as { subject?: unknown } | null)?.subject;
  if (typeof subject === 'string') return subject;
  throw new Failure('invalid-parameter', 'Nêu giấy lập cho ai hoặc từ đâu: {"subject": "Patient/…"}.', {
    textEn: 'The body must be {"subject": "Type/id"}',
    expression: 'subject',
  });
}
