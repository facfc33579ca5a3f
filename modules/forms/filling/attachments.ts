/** Files of a form: each a DocumentReference of the person, written and read through policy and audit as any document. */
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Failure } from '../../../kernel/failure.ts';
import type { Attachment, DocumentReference } from '../../../kernel/fhir/types.ts';
import type { Kernel, RecordSession } from '../../../kernel/kernel.ts';
import { vietnamInstant } from '../../../kernel/text/vietnam-time.ts';
import { objectOf, wrong } from '../drafts/routes.ts';
import { ATTACHERS } from '../roles.ts';

/** Bytes of a file; a photograph made smaller by the screen has about 300,000. */
const LARGEST = 5_000_000;
const TYPE = /^[a-z]+\/[\w.+-]{1,80}$/i;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
/** What a browser may show of itself; everything else is saved. */
const SHOWN = /^(image\/(jpeg|png|webp|gif|bmp)|application\/pdf|text\/plain)$/;

export function attachmentRoutes(app: FastifyInstance, kernel: Kernel): void {
  app.post(
    '/api/forms/attachments',
    { bodyLimit: 2 * LARGEST },
    async (request, reply): Promise<Attachment> => {
      const actor = kernel.gate.require(request, ...ATTACHERS);
      const { patient, contentType, title, data, replaces } = objectOf(request.body);
      if (typeof patient !== 'string' || !ID.test(patient))
        throw wrong('patient', 'Thiếu mã người bệnh.', 'patient must be the id of a Patient.');
      if (typeof contentType !== 'string' || !TYPE.test(contentType))
        throw wrong('contentType', 'Thiếu loại tệp.', 'contentType must be a MIME type.');
      if (typeof data !== 'string' || !BASE64.test(data) || data.length % 4 !== 0)
        throw wrong(
          'data',
          'Nội dung tệp phải là base64 và không rỗng.',
          'data must be base64 and not empty.',
        );
      const bytes = Buffer.from(data, 'base64');
      if (bytes.length > LARGEST)
        throw new Failure('too-large', 'Tệp này quá lớn (nhiều nhất 5 MB).', {
          textEn: 'The file has more than 5 MB.',
        });
      const attachment: Attachment = {
        contentType,
        title: typeof title === 'string' && title.trim() !== '' ? title.trim().slice(0, 200) : 'tệp',
        size: bytes.length,
        hash: createHash('sha1').update(bytes).digest('base64'),
      };
      const session = kernel.gate.session(request);
      const before = replaces === undefined ? null : await replacedFile(session, replaces, patient);
      const made: DocumentReference = {
        resourceType: 'DocumentReference',
        status: 'current',
        subject: { reference: `Patient/${patient}` },
        date: vietnamInstant(kernel.settings.now()),
        ...(actor.practitioner ? { author: [{ reference: `Practitioner/${actor.practitioner}` }] } : {}),
        ...(actor.unit ? { custodian: { reference: `Organization/${actor.unit}` } } : {}),
        ...(before
          ? { relatesTo: [{ code: 'replaces', target: { reference: `DocumentReference/${before.id}` } }] }
          : {}),
        content: [{ attachment: { ...attachment, data } }],
      };
      const id = before
        ? await replaceFile(session, before, made)
        : (await session.create<DocumentReference>(made)).id;
      reply.code(201);
      return { ...attachment, url: `DocumentReference/${id}` };
    },
  );

  app.get<{ Params: { id: string } }>('/api/forms/attachments/:id', async (request, reply) => {
    kernel.gate.require(request, ...ATTACHERS);
    const { content } = await kernel.gate.session(request).read('DocumentReference', request.params.id);
    const { data, contentType = '' } = content?.[0]?.attachment ?? {};
    if (data === undefined)
      throw new Failure('not-found', 'Tài liệu này không có tệp kèm theo.', {
        textEn: 'The document holds no file.',
      });
    const shown = SHOWN.test(contentType);
    return reply
      .header('content-type', shown ? contentType : 'application/octet-stream')
      .header('content-disposition', shown ? 'inline' : 'attachment')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'private, max-age=600')
      .send(Buffer.from(data, 'base64'));
  });
}

/** The file that another takes the place of (a turned photograph); of the same person. Fails with its place. */
async function replacedFile(
  session: RecordSession,
  replaces: unknown,
  patient: string,
): Promise<DocumentReference> {
  if (typeof replaces !== 'string' || !ID.test(replaces))
    throw wrong(
      'replaces',
      'Mã của tệp trước không đúng.',
      'replaces must be the id of a DocumentReference.',
    );
  const before = await session.read('DocumentReference', replaces);
  if (before.subject?.reference !== `Patient/${patient}`)
    throw wrong('replaces', 'Tệp trước không phải của người này.', 'replaces is a file of somebody else.');
  return before;
}

/** Both or neither: the new file is there and the one before is superseded, and stays in the record. */
async function replaceFile(
  session: RecordSession,
  before: DocumentReference,
  made: DocumentReference,
): Promise<string> {
  const { entry = [] } = await session.transaction({
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      { resource: made, request: { method: 'POST', url: 'DocumentReference' } },
      {
        resource: { ...before, status: 'superseded' },
        request: {
          method: 'PUT',
          url: `DocumentReference/${before.id}`,
          ifMatch: `W/"${before.meta?.versionId}"`,
        },
      },
    ],
  });
  const [, id = ''] =
    /DocumentReference\/([A-Za-z0-9\-.]{1,64})/.exec(entry[0]?.response?.location ?? '') ?? [];
  return id;
}
