/** HTTP of the claims: the day's list with faults, one visit's tables, its file, the day's files. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RecordSession } from '../../../kernel/access/contract.ts';
import { spreadsheetCsv } from '../../../kernel/content/csv.ts';
import { Failure } from '../../../kernel/failure.ts';
import { sid } from '../../../kernel/fhir/systems.ts';
import type { Kernel } from '../../../kernel/kernel.ts';
import { foldText, foldWords } from '../../../kernel/text/fold.ts';
import { isDay, vietnamDay, vietnamDayBounds } from '../../../kernel/text/vietnam-time.ts';
import { type ZipEntry, zip } from '../../../kernel/text/zip.ts';
import { identifierOf } from './facts.ts';
import type { Fault } from './fault.ts';
import { loadClaim, loadClaims } from './load.ts';
import {
  CLAIM_STATES,
  type ClaimLine,
  type ClaimState,
  checkVisit,
  claimDetail,
  claimLine,
} from './overview.ts';

/** Visits read at once: about forty resources each. */
const PAGE = 25;
/** Characters of a search; no name is longer. */
const LONGEST_TEXT = 200;
const IN_THE_LIST = 'planned,arrived,triaged,in-progress,onleave,finished';

export function claimRoutes(app: FastifyInstance, kernel: Kernel): void {
  const enter = (request: FastifyRequest): RecordSession => {
    kernel.gate.require(request, 'insurance', 'station-head', 'cashier');
    return kernel.gate.session(request);
  };
  const ofVisit = (request: FastifyRequest) => (request.params as { encounter: string }).encounter;

  app.get('/api/insurance/claims', async (request) => listClaims(enter(request), request, kernel));
  app.get('/api/insurance/claims/day.zip', async (request, reply) =>
    dayFiles(enter(request), request, reply, kernel),
  );
  app.get('/api/insurance/claims/:encounter', async (request) =>
    claimDetail(await loadClaim(enter(request), ofVisit(request)), kernel.content),
  );
  app.get('/api/insurance/claims/:encounter/file.xml', async (request, reply) =>
    oneFile(enter(request), ofVisit(request), reply, kernel),
  );
}

/** `?date=&unit=&state=&q=&cursor=` → `{rows, next?}`; a state or words are looked for page after page until there is something to show. */
async function listClaims(
  session: RecordSession,
  request: FastifyRequest,
  kernel: Kernel,
): Promise<{ date: string; rows: ClaimLine[]; next?: string }> {
  const asked = readQuery(session, request, kernel);
  const rows: ClaimLine[] = [];
  let query: [string, string][] | string | undefined = asked.cursor || dayQuery(asked);
  while (query !== undefined && rows.length < PAGE) {
    const page = await loadClaims(session, query);
    const lines = page.visits.map((visit) => claimLine(visit, kernel.content));
    rows.push(...lines.filter((line) => isAsked(line, asked)));
    query = page.next;
  }
  return { date: asked.date, rows, ...(query === undefined ? {} : { next: query as string }) };
}

async function oneFile(
  session: RecordSession,
  id: string,
  reply: FastifyReply,
  kernel: Kernel,
): Promise<string> {
  const facts = await loadClaim(session, id);
  if (facts.encounter.status !== 'finished') {
    throw new Failure(
      'conflict',
      'Lượt khám chưa kết thúc nên chưa có hồ sơ BHYT: kết thúc khám rồi tải lại.',
      {
        textEn: 'The visit is not finished',
      },
    );
  }
  const { file } = checkVisit(facts, kernel.content);
  const episode = identifierOf(facts.encounter, sid.episode) || id;
  await session.note('export', `insurance file ${episode}`, facts.patient.id ?? null);
  reply.header('content-type', 'application/xml; charset=utf-8');
  reply.header('content-disposition', `attachment; filename="${fileName(episode)}.xml"`);
  return file.envelope;
}

/** Files without errors, and `loi.csv` with the faults of the others: nothing is left out silently. */
async function dayFiles(
  session: RecordSession,
  request: FastifyRequest,
  reply: FastifyReply,
  kernel: Kernel,
): Promise<Buffer> {
  const asked = readQuery(session, request, kernel);
  const entries: ZipEntry[] = [];
  const faults: Record<string, string>[] = [];
  let query: [string, string][] | string | undefined = dayQuery(asked);
  while (query !== undefined) {
    const page = await loadClaims(session, query);
    for (const { encounter, facts, reason } of page.visits) {
      const episode = identifierOf(encounter, sid.episode) || (encounter.id ?? '');
      if (!facts) faults.push({ MA_LK: episode, noi_dung: `Lượt khám ${reason}.` });
      if (!facts || encounter.status !== 'finished') continue;
      const { file, faults: found } = checkVisit(facts, kernel.content);
      faults.push(...found.map((fault) => faultRow(episode, fault)));
      if (found.some((fault) => fault.severity === 'error')) continue;
      entries.push({ name: `${fileName(episode)}.xml`, bytes: Buffer.from(file.envelope, 'utf8') });
      await session.note('export', `insurance file ${episode}`, facts.patient.id ?? null);
    }
    query = page.next;
  }
  const columns = ['MA_LK', 'muc_do', 'bang', 'dong', 'truong', 'noi_dung', 'can_cu'];
  entries.push({ name: 'loi.csv', bytes: Buffer.from(spreadsheetCsv(columns, faults), 'utf8') });
  reply.header('content-type', 'application/zip');
  reply.header(
    'content-disposition',
    `attachment; filename="bhyt-${fileName(asked.unit)}-${asked.date}.zip"`,
  );
  return zip(entries);
}

function faultRow(episode: string, fault: Fault): Record<string, string> {
  return {
    MA_LK: episode,
    muc_do: fault.severity === 'error' ? 'lỗi' : 'cảnh báo',
    bang: fault.table,
    dong: fault.row === null ? '' : String(fault.row),
    truong: fault.field,
    noi_dung: fault.text,
    can_cu: fault.basis,
  };
}

interface Asked {
  date: string;
  unit: string;
  state: ClaimState | null;
  /** Words of name, card, MA_LK or ticket, folded. */
  words: string[];
  cursor: string;
}

function isAsked(line: ClaimLine, { state, words }: Asked): boolean {
  if (state && line.state !== state) return false;
  const text = foldText([line.patientName, line.card, line.episode, line.ticket].join(' '));
  return words.every((word) => text.includes(word));
}

function readQuery(session: RecordSession, request: FastifyRequest, kernel: Kernel): Asked {
  const given = request.query as Record<string, string | undefined>;
  const date = given.date || vietnamDay(kernel.settings.now());
  if (!isDay(date))
    throw wrong(
      'date',
      'Ngày phải có dạng năm-tháng-ngày, ví dụ 2026-11-22.',
      'A day is written like 2026-11-22.',
    );
  const unit = given.unit || session.actor.unit || '';
  if (!/^[A-Za-z0-9.-]{1,64}$/.test(unit))
    throw wrong('unit', 'Chọn đơn vị cần xem hồ sơ.', 'Choose the unit whose files are to be shown.');
  const state = given.state ?? '';
  if (state !== '' && !CLAIM_STATES.includes(state as ClaimState)) {
    const states = CLAIM_STATES.join(', ');
    throw wrong('state', `Trạng thái phải là một trong: ${states}.`, `State is one of: ${states}.`);
  }
  const words = foldWords((given.q ?? '').slice(0, LONGEST_TEXT));
  return { date, unit, state: (state || null) as ClaimState | null, words, cursor: given.cursor ?? '' };
}

/** Visits that began on the day, earliest first. */
function dayQuery({ date, unit }: Asked): [string, string][] {
  const { from, to } = vietnamDayBounds(date);
  return [
    ['service-provider', `Organization/${unit}`],
    ['date', `sa${before(from)}`],
    ['date', `lt${to}`],
    ['status', IN_THE_LIST],
    ['_sort', 'date'],
    ['_count', String(PAGE)],
  ];
}

/** `sa` is strict: a visit that starts at the first instant of the day belongs to it. */
function before(instant: string): string {
  return new Date(Date.parse(instant) - 1000).toISOString();
}

function fileName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/g, '_');
}

function wrong(parameter: string, text: string, textEn: string): Failure {
  return new Failure('invalid-parameter', text, { textEn, expression: parameter });
}
