/** Files attached to a person's record: scans, photographs, PDFs of elsewhere; each with a category of the content (DOC-18). */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Found, RecordSession, Role } from '../../../kernel/access/contract.ts';
import { Failure } from '../../../kernel/failure.ts';
import { cs } from '../../../kernel/fhir/systems.ts';
import type { Attachment, Coding, DocumentReference } from '../../../kernel/fhir/types.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { foldText } from '../../../kernel/text/fold.ts';
import { vietnamDay, vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { cancelled } from '../issue/reference.ts';
import {
  type AttachmentRow,
  documentOf,
  fileIn,
  isAttachment,
  kindOf,
  rowOf,
  sortedIn,
  thumbnailIn,
  turnedTo,
} from './attachment.ts';
import { LARGEST_FILE, readFile, readThumbnail, wrong } from './file.ts';

const STAFF: readonly Role[] = ['nurse', 'doctor', 'station-head'];
/** Who takes away a file that was attached to the wrong person. */
const REMOVERS: readonly Role[] = ['doctor', 'station-head'];
const PAGE = 30;
const LONGEST_TITLE = 200;
const LONGEST_WORDS = 200;
const [SHORTEST_REASON, LONGEST_REASON] = [5, 500];
/** In the place of a category: files that nobody has sorted in. */
export const UNSORTED = 'chua-phan-loai';

export interface AttachmentKind {
  code: string;
  name: string;
  nameEn: string;
}

interface OfPerson {
  Params: { patient: string };
  Querystring: { kind?: string; q?: string; cursor?: string };
  Body: unknown;
}
interface One {
  Params: { id: string };
  Body: unknown;
}
/** `version`: of the document as a list has shown it, so that a picture that was turned has an address of its own. */
interface OneFile extends One {
  Querystring: { version?: string };
}

export function attachmentRoutes(app: FastifyInstance, kernel: Kernel): void {
  const opened = async (request: FastifyRequest<One>, roles: readonly Role[] = STAFF) => {
    kernel.gate.require(request, ...roles);
    const session = kernel.gate.session(request);
    return { session, document: await readAttachment(session, request.params.id) };
  };

  app.get('/api/documents/attachment-kinds', async (request): Promise<{ rows: AttachmentKind[] }> => {
    kernel.gate.require(request, ...STAFF);
    return { rows: kindsOn(kernel) };
  });

  app.get<OfPerson>('/api/documents/people/:patient/attachments', async (request) => {
    kernel.gate.require(request, ...STAFF);
    return listOf(kernel.gate.session(request), request.params.patient, request.query);
  });

  app.post<OfPerson>(
    '/api/documents/people/:patient/attachments',
    { bodyLimit: 2 * LARGEST_FILE },
    async (request, reply): Promise<AttachmentRow> => {
      const actor = kernel.gate.require(request, ...STAFF);
      const body = objectOf(request.body);
      const made = documentOf({
        ...sortedBy(kernel, body),
        patient: request.params.patient,
        file: readFile(body.data),
        thumbnail: readThumbnail(body.thumbnail),
        author: {
          ...(actor.practitioner ? { reference: `Practitioner/${actor.practitioner}` } : {}),
          display: actor.name,
        },
        unit: actor.unit,
        at: vietnamInstant(kernel.settings.now()),
        demo: kernel.settings.demo,
      });
      const kept = await kernel.gate.session(request).create<DocumentReference>(made);
      reply.code(201);
      return rowOf(kept);
    },
  );

  app.put<One>(
    '/api/documents/attachments/:id',
    { bodyLimit: 2 * LARGEST_FILE },
    async (request): Promise<AttachmentRow> => {
      const { session, document } = await opened(request);
      standing(document);
      const body = objectOf(request.body);
      const at = vietnamInstant(kernel.settings.now());
      const sorted = sortedIn(document, sortedBy(kernel, body));
      const changed =
        body.data === undefined
          ? sorted
          : turnedTo(sorted, { file: readFile(body.data), thumbnail: readThumbnail(body.thumbnail), at });
      return rowOf(await session.update(changed, versionAsked(body, document)));
    },
  );

  app.post<One>('/api/documents/attachments/:id/remove', async (request): Promise<AttachmentRow> => {
    const { session, document } = await opened(request, REMOVERS);
    standing(document);
    const said = objectOf(request.body).reason;
    const reason = typeof said === 'string' ? said.trim() : '';
    if (reason.length < SHORTEST_REASON || reason.length > LONGEST_REASON)
      throw wrong(
        'reason',
        `Ghi lý do bỏ tệp từ ${SHORTEST_REASON} đến ${LONGEST_REASON} ký tự.`,
        `reason must have ${SHORTEST_REASON} to ${LONGEST_REASON} characters.`,
      );
    const at = vietnamInstant(kernel.settings.now());
    const next = cancelled(document, { reason, by: session.actor.name, at });
    return rowOf(await session.update(next, Number(document.meta?.versionId)));
  });

  app.get<OneFile>('/api/documents/attachments/:id/file', async (request, reply) => {
    const { session, document } = await opened(request);
    standing(document);
    asSeen(request.query.version, document);
    const patient = document.subject?.reference?.replace(/^Patient\//, '') ?? null;
    await session.note('read', `attachment DocumentReference/${document.id}`, patient);
    return send(reply, fileIn(document));
  });

  app.get<OneFile>('/api/documents/attachments/:id/thumbnail', async (request, reply) => {
    const { document } = await opened(request);
    standing(document);
    asSeen(request.query.version, document);
    return send(reply, thumbnailIn(document));
  });
}

function kindsOn({ content, settings }: Kernel): AttachmentKind[] {
  return content
    .inForce('documents/attachment-kinds', vietnamDay(settings.now()))
    .map(({ code, name_vi, name_en }) => ({ code: code!, name: name_vi!, nameEn: name_en! }));
}

/** Category and title that a body says. Fails with `invalid-request` at its place. */
function sortedBy(kernel: Kernel, { kind, title }: Record<string, unknown>): { kind: Coding; title: string } {
  const found = kindsOn(kernel).find(({ code }) => code === kind);
  if (!found)
    throw wrong('kind', 'Chọn loại tài liệu trong danh sách.', 'kind must be a category of the content.');
  const words = typeof title === 'string' ? title.trim() : '';
  if (words === '' || words.length > LONGEST_TITLE)
    throw wrong(
      'title',
      `Ghi tên tài liệu, nhiều nhất ${LONGEST_TITLE} ký tự.`,
      `title must have 1 to ${LONGEST_TITLE} characters.`,
    );
  return { kind: { system: cs.attachmentKind, code: found.code, display: found.name }, title: words };
}

/** Newest first; files of forms too. Words are looked for in all files of the person. */
async function listOf(
  session: RecordSession,
  patient: string,
  { kind = '', q = '', cursor }: OfPerson['Querystring'],
): Promise<{ rows: AttachmentRow[]; next?: string }> {
  const words = foldText(q.slice(0, LONGEST_WORDS)).split(' ').filter(Boolean);
  const rows: AttachmentRow[] = [];
  let query: string | [string, string][] = cursor ?? [
    ['patient', patient],
    ...(kind !== '' && kind !== UNSORTED
      ? [['category', `${cs.attachmentKind}|${kind}`] satisfies [string, string]]
      : []),
    ['_sort', '-date'],
    ['_count', String(PAGE)],
  ];
  for (;;) {
    const found: Found<DocumentReference> = await session.search('DocumentReference', query);
    for (const one of found.matches) {
      if (!isAttachment(one) || one.status === 'superseded') continue;
      if (kind === UNSORTED && kindOf(one) !== null) continue;
      const row = rowOf(one);
      const said = foldText(`${row.title} ${row.kindName} ${row.author}`);
      if (words.every((word) => said.includes(word))) rows.push(row);
    }
    if (found.next === undefined) return { rows };
    if (rows.length >= PAGE) return { rows, next: found.next };
    query = found.next;
  }
}

/** Fails with `not-found` also for a paper that the program issued. */
async function readAttachment(session: RecordSession, id: string): Promise<DocumentReference> {
  const document = await session.read('DocumentReference', id);
  if (isAttachment(document)) return document;
  throw new Failure('not-found', 'Tài liệu này không có tệp đính kèm.', {
    textEn: `DocumentReference/${id} is no attached file`,
  });
}

function standing({ status }: DocumentReference): void {
  if (status === 'current') return;
  throw new Failure('conflict', 'Tệp này đã bỏ hoặc đã được thay: tải lại danh sách.', {
    textEn: 'The file was removed or replaced already',
  });
}

/** Fails with `conflict` when the document has become another since it was listed. */
function asSeen(version: string | undefined, document: DocumentReference): void {
  if (version === undefined || version === (document.meta?.versionId ?? '1')) return;
  throw new Failure('conflict', 'Tệp này đã được sửa: tải lại danh sách.', {
    textEn: `The file is no longer version ${version}`,
    expression: 'version',
  });
}

/** The version that the screen saw; another one in the record is a conflict. */
function versionAsked({ version }: Record<string, unknown>, document: DocumentReference): number {
  if (version === undefined) return Number(document.meta?.versionId);
  if (Number.isInteger(version)) return version as number;
  throw wrong('version', 'Số phiên bản phải là số nguyên.', 'version must be a whole number.');
}

function objectOf(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw wrong('body', 'Thiếu nội dung gửi lên.', 'the body must be a JSON object.');
}

function send(reply: FastifyReply, attachment: Attachment | undefined): FastifyReply {
  if (attachment?.data === undefined)
    throw new Failure('not-found', 'Tệp này không có ảnh nhỏ.', { textEn: 'there is no such rendering' });
  const type = attachment.contentType ?? '';
  const isShown = /^(image\/(jpeg|png|webp)|application\/pdf)$/.test(type);
  return reply
    .header('content-type', isShown ? type : 'application/octet-stream')
    .header('content-disposition', isShown ? 'inline' : 'attachment')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'private, no-store')
    .send(Buffer.from(attachment.data, 'base64'));
}
