/** `GET /api/citizen/looks/paper.pdf`: who looked at my record, as a paper. Printed and forgotten: the log itself is what is kept. */
import type { FastifyInstance } from 'fastify';
import { openDocuments, paperOn } from '../../engines/documents/index.ts';
import { auditLine } from '../../kernel/access/audit.ts';
import { readLooks } from '../../kernel/access/looks/looks.ts';
import { readLookWords, type Words } from '../../kernel/access/looks/words.ts';
import { Failure } from '../../kernel/failure.ts';
import { DEMO_LABEL } from '../../kernel/fhir/systems.ts';
import type { Patient } from '../../kernel/fhir/types.ts';
import { vietnamDay, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { type Context, personAsked } from './context.ts';
import { type LookRow, rowsOf } from './looks-routes.ts';

/** Key of the paper in content/documents. */
const PAPER = 'looks';
/** Looks of one paper; of more the paper says that there are older ones. */
const MOST = 500;

type Query = { Querystring: Record<string, string | undefined> };

export function looksPaperRoute(app: FastifyInstance, context: Context): void {
  const { kernel } = context;
  const { content, settings } = kernel;
  const words = readLookWords(content);
  const documents = openDocuments(content);
  app.addHook('onClose', async () => documents.close());

  app.get<Query>('/api/citizen/looks/paper.pdf', async (request, reply) => {
    const { patient: named, from, to, unit } = request.query;
    const { actor, patient, dependant } = await personAsked(context, request, named);
    const now = settings.now();
    const day = vietnamDay(now);
    const paper = paperOn(content, PAPER, day);
    if (!paper)
      throw new Failure('not-found', `Chưa có mẫu giấy “${PAPER}” đang có hiệu lực.`, {
        textEn: `No paper "${PAPER}" is in force on ${day}.`,
      });
    await kernel.store.audit([auditLine(actor, 'print', 'AuditEvent', patient)]);
    const page = await readLooks(kernel.pool, {
      patient,
      ...(from && { from }),
      ...(to && { to }),
      ...(unit && { unit }),
      count: MOST,
    });
    const silent = dependant !== null && dependant.veiled.length > 0;
    const rows = await rowsOf(context, words, page.groups, actor.id, silent);
    const stored = await kernel.store.read('Patient', patient);
    const person = JSON.parse(stored!.body.toString('utf8')) as Patient;
    const data = {
      title: paper.value.title.vi,
      ...facts(person, now),
      range: rangeWords(from, to),
      rows: rows.map((row) => lineOf(row, roleNames(context))),
      more: page.next !== undefined,
    };
    const bytes = await documents.renderPaper(PAPER, day, data, { createdAt: vietnamInstant(now) });
    reply.header('content-type', 'application/pdf');
    reply.header('content-disposition', 'inline; filename="luot-xem-ho-so.pdf"');
    reply.header('cache-control', 'private, no-store');
    return bytes;
  });
}

/** Who the paper is about, and when it was printed. */
function facts({ name, birthDate = '', meta }: Patient, now: Date) {
  const instant = vietnamInstant(now);
  const [year, month, day] = instant.slice(0, 10).split('-').map(Number);
  return {
    day: { year, month, day },
    name: name?.[0]?.text ?? '',
    birth: written(birthDate),
    printed: `${instant.slice(11, 16)} ngày ${written(instant.slice(0, 10))}`,
    demo: meta?.security?.some(({ code }) => code === DEMO_LABEL.code) ?? false,
  };
}

const written = (day: string): string => day.slice(0, 10).split('-').reverse().join('/');
const time = (instant: string): string => vietnamInstant(new Date(instant)).slice(11, 16);

function rangeWords(from = '', to = ''): string {
  if (from === '' && to === '') return 'từ đầu đến nay';
  return [from && `từ ${written(from)}`, to && `đến ${written(to)}`].filter(Boolean).join(' ');
}

const roleNames = ({ inForce }: Context): ReadonlyMap<string, string> =>
  new Map(inForce('catalog/vai-tro').map(({ code, display }) => [code!, display!]));

/** One line of the paper. Pure. */
export function lineOf(row: LookRow, roles: ReadonlyMap<string, string>) {
  const said = (all: readonly Words[]) => all.map(({ vi }) => vi);
  const [first, last] = [time(row.first), time(row.last)];
  const place = [row.roles.flatMap((role) => roles.get(role) ?? []).join(', '), row.unitName ?? ''];
  return {
    day: written(row.day),
    time: first === last ? first : `${first}–${last}`,
    who: row.own ? `Chính chủ hoặc người đại diện (${row.name})` : (row.program?.vi ?? row.name),
    place: place.filter((each) => each !== '').join(' · '),
    acts: said(row.acts).join('; '),
    why: said(row.why).join(', '),
    reason: row.reason === null ? '' : `Lý do ghi lại: ${row.reason}`,
    refused: row.refused > 0 ? `Bị từ chối ${row.refused} lần` : '',
    emergency: row.emergency,
  };
}
