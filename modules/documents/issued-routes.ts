/** What was issued: a person's papers, one of them, its copies and its end. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RecordSession, Role } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import type { DocumentReference } from '../../kernel/fhir/types.ts';
import { vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import type { Context } from './context.ts';
import { bytesOf, type PaperState } from './issue/reference.ts';
import {
  cancelPaper,
  copyPaper,
  fileNameOf,
  listPapers,
  type PaperPage,
  type PaperRow,
  readPaper,
  rowOf,
  showPaper,
} from './issued.ts';
import { sendPdf, wantsJson } from './sent.ts';
import { watermarked } from './watermark.ts';

/** Who reads clinical documents at all; policy decides about each person and paper. */
export const READERS: readonly Role[] = ['nurse', 'doctor', 'station-head', 'citizen'];
const STAFF: readonly Role[] = ['nurse', 'doctor', 'station-head'];
/** Who ends a paper that was given out. */
const CANCELLERS: readonly Role[] = ['doctor', 'station-head'];

type One = { Params: { id: string } };

export function issuedRoutes(app: FastifyInstance, context: Context): void {
  const { kernel, documents } = context;
  const opened = async (request: FastifyRequest<One>, roles: readonly Role[]) => {
    kernel.gate.require(request, ...roles);
    const session = kernel.gate.session(request);
    return { session, paper: await readPaper(session, request.params.id) };
  };

  app.get<{ Params: { patient: string }; Querystring: Record<string, string | undefined> }>(
    '/api/documents/people/:patient/papers',
    async (request): Promise<PaperPage> => {
      kernel.gate.require(request, ...READERS);
      const { cursor, count, q, state } = request.query;
      return listPapers(kernel.gate.session(request), request.params.patient, {
        ...(cursor ? { cursor } : {}),
        ...(count ? { count: Number(count) } : {}),
        ...(q ? { text: q.slice(0, LONGEST_WORDS) } : {}),
        ...(state ? { state: stateAsked(state) } : {}),
      });
    },
  );

  app.get<One>('/api/documents/issued/:id/paper.pdf', async (request, reply) => {
    const { session, paper } = await opened(request, READERS);
    const { bytes, fileName } = await showPaper(documents, session, paper);
    await note(session, 'print', paper, 'original');
    return sendPdf(reply, bytes, fileName);
  });

  app.get<One>('/api/documents/issued/:id/original.pdf', async (request, reply) => {
    const { session, paper } = await opened(request, STAFF);
    await note(session, 'print', paper, 'unmarked');
    return sendPdf(reply, bytesOf(paper), fileNameOf(paper));
  });

  app.get<One & { Querystring: { page?: string } }>(
    '/api/documents/issued/:id/picture.svg',
    async (request, reply) => {
      const { session, paper } = await opened(request as FastifyRequest<One>, READERS);
      const page = Number(request.query.page ?? '1');
      if (!Number.isInteger(page) || page < 1 || page > 1000) throw noPage();
      const { bytes } = await showPaper(documents, session, paper);
      const { picture, pages } = await documents.pictureOf(bytes, page);
      await note(session, 'read', paper, `page ${page}`);
      reply.header('content-type', 'image/svg+xml');
      reply.header('cache-control', 'private, no-store');
      reply.header('x-pages', String(pages));
      return watermarked(picture, viewerAt(session, kernel.settings.now()));
    },
  );

  app.get<One>('/api/documents/issued/:id/pages', async (request): Promise<{ pages: number }> => {
    const { paper } = await opened(request, READERS);
    return { pages: documents.pagesOf(bytesOf(paper)) };
  });

  app.post<One>('/api/documents/issued/:id/copies', async (request, reply) => {
    const { session, paper } = await opened(request, STAFF);
    const unit =
      session.actor.unit === null
        ? ''
        : ((await session.read('Organization', session.actor.unit)).name ?? '');
    const { copy, bytes, fileName } = await copyPaper(kernel, documents, paper, unit);
    await note(session, 'print', paper, `copy ${copy}`);
    reply.status(201);
    reply.header('x-copy', String(copy));
    if (wantsJson(request)) return { copy, data: bytes.toString('base64') };
    return sendPdf(reply, bytes, fileName);
  });

  app.post<One & { Body: unknown }>(
    '/api/documents/issued/:id/cancel',
    async (request): Promise<PaperRow> => {
      const { session, paper } = await opened(request as FastifyRequest<One>, CANCELLERS);
      const reason = (request.body as { reason?: unknown } | null)?.reason;
      const done = await cancelPaper(kernel, session, paper, reason);
      await note(session, 'update', paper, 'cancelled');
      return rowOf(done, null);
    },
  );
}

/** Whose screen it is, and when: `Phùng Văn Minh (bacsi) · 23/11/2026 08:30`. */
function viewerAt({ actor }: RecordSession, at: Date): string {
  const [day = '', time = ''] = vietnamInstant(at).split('T');
  const account = actor.roles.includes('citizen') ? '' : ` (${actor.id})`;
  return `${actor.name}${account} · ${day.split('-').reverse().join('/')} ${time.slice(0, 5)}`;
}

/** Every look and print is a line of the audit. */
async function note(
  session: RecordSession,
  action: string,
  paper: DocumentReference,
  how: string,
): Promise<void> {
  const patient = paper.subject?.reference?.replace(/^Patient\//, '') ?? null;
  await session.note(action, `paper DocumentReference/${paper.id} ${how}`, patient);
}

const LONGEST_WORDS = 200;
const STATES: readonly PaperState[] = ['current', 'superseded', 'cancelled'];

function stateAsked(given: string): PaperState {
  const state = STATES.find((each) => each === given);
  if (state) return state;
  throw new Failure('invalid-parameter', `Trạng thái “${given}” không có: dùng ${STATES.join(', ')}.`, {
    textEn: `state must be one of ${STATES.join(', ')}`,
    expression: 'state',
  });
}

const noPage = () =>
  new Failure('invalid-parameter', 'Số trang phải là số nguyên từ 1.', {
    textEn: 'page must be a whole number from 1',
    expression: 'page',
  });
