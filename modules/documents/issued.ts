/** Issued papers: the list of a person, one paper as it is shown, copies, cancelling. Read in the name of who asks. */
import type { Documents } from '../../engines/documents/index.ts';
import type { Found, RecordSession } from '../../kernel/access/contract.ts';
import { Failure } from '../../kernel/failure.ts';
import { cs } from '../../kernel/fhir/systems.ts';
import type { DocumentReference } from '../../kernel/fhir/types.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { foldText } from '../../kernel/text/fold.ts';
import { vietnamDay, vietnamInstant } from '../../kernel/text/vietnam-time.ts';
import { revoke, ridOf } from './cards/revoked.ts';
import { takeCopy } from './issue/numbers.ts';
import {
  aboutOf,
  bytesOf,
  cancellationOf,
  cancelled,
  definitionOf,
  fingerprintIn,
  isPaper,
  numberOf,
  type PaperState,
  stateOf,
} from './issue/reference.ts';
import { viDay } from './paper.ts';

/** One paper of a person's list. */
export interface PaperRow {
  id: string;
  key: string;
  title: string;
  number: string;
  /** Instant of the issue. */
  at: string;
  author: string;
  unit: string | null;
  state: PaperState;
  about: string;
  /** Id and number of the paper that stands for it now. */
  replacedBy: { id: string; number: string } | null;
  cancelled: { reason: string; by: string; at: string } | null;
  version: number;
}

export interface PaperPage {
  rows: PaperRow[];
  next?: string;
}

const PAGE = 30;
const MOST = 200;

/** Which papers of a person are asked for; what is left out is not asked. */
export interface PaperQuery {
  cursor?: string;
  /** Papers of a page, at most 200; where words are given a page may hold some more. */
  count?: number;
  state?: PaperState;
  /** Words of title, number or author; marks need not be typed. */
  text?: string;
}

/** Newest first. Words are looked for in all papers of the person, not in those that were read already. */
export async function listPapers(
  session: RecordSession,
  patient: string,
  { cursor, count, state, text = '' }: PaperQuery,
): Promise<PaperPage> {
  const size = Math.min(Math.max(count || PAGE, 1), MOST);
  const words = foldText(text).split(' ').filter(Boolean);
  const rows: PaperRow[] = [];
  let query: string | [string, string][] = cursor ?? [
    ['patient', patient],
    ['type', `${cs.paper}|`],
    ...(state ? [['status', STATUS[state]] satisfies [string, string]] : []),
    ['_sort', '-date'],
    ['_count', String(size)],
  ];
  for (;;) {
    const found: Found<DocumentReference> = await session.search('DocumentReference', query);
    rows.push(...(await rowsOf(session, found.matches, patient, words)));
    if (found.next === undefined) return { rows };
    if (rows.length >= size || words.length === 0) return { rows, next: found.next };
    query = found.next;
  }
}

const STATUS: Record<PaperState, string> = {
  current: 'current',
  superseded: 'superseded',
  cancelled: 'entered-in-error',
};

async function rowsOf(
  session: RecordSession,
  matches: readonly DocumentReference[],
  patient: string,
  words: readonly string[],
): Promise<PaperRow[]> {
  const papers = matches.filter((each) => isPaper(each) && patientIdOf(each) === patient);
  const successors = successorsOf(papers);
  const wanted = papers.filter((each) => {
    const { title, number, author } = rowOf(each, null);
    const said = foldText(`${title} ${number} ${author}`);
    return words.every((word) => said.includes(word));
  });
  return Promise.all(
    wanted.map(async (each) => rowOf(each, successors.get(each.id!) ?? (await successorOf(session, each)))),
  );
}

const patientIdOf = ({ subject }: DocumentReference) => subject?.reference?.replace(/^Patient\//, '') ?? '';

function successorsOf(papers: readonly DocumentReference[]): Map<string, DocumentReference> {
  const found = new Map<string, DocumentReference>();
  for (const paper of papers) {
    const replaced = replacedBy(paper);
    if (replaced) found.set(replaced, paper);
  }
  return found;
}

const replacedBy = ({ relatesTo }: DocumentReference) =>
  relatesTo?.find(({ code }) => code === 'replaces')?.target?.reference?.replace(/^DocumentReference\//, '');

/** The paper that replaced it; null for one that stands. */
async function successorOf(
  session: RecordSession,
  paper: DocumentReference,
): Promise<DocumentReference | null> {
  if (stateOf(paper) !== 'superseded') return null;
  const found = await session.search('DocumentReference', [
    ['patient', patientIdOf(paper)],
    ['relatesto', `DocumentReference/${paper.id}`],
  ]);
  return found.matches.find((each) => replacedBy(each) === paper.id) ?? null;
}

export function rowOf(paper: DocumentReference, successor: DocumentReference | null): PaperRow {
  return {
    id: paper.id ?? '',
    key: definitionOf(paper).key,
    title: paper.description ?? '',
    number: numberOf(paper),
    at: paper.date ?? '',
    author: paper.author?.[0]?.display ?? '',
    unit: paper.custodian?.reference?.replace(/^Organization\//, '') ?? null,
    state: stateOf(paper),
    about: aboutOf(paper),
    replacedBy: successor ? { id: successor.id ?? '', number: numberOf(successor) } : null,
    cancelled: cancellationOf(paper),
    version: Number(paper.meta?.versionId ?? 1),
  };
}

/** @throws Failure `not-found` also for a DocumentReference that is no paper of ours */
export async function readPaper(session: RecordSession, id: string): Promise<DocumentReference> {
  const document = await session.read('DocumentReference', id);
  if (isPaper(document)) return document;
  throw new Failure('not-found', 'Tài liệu này không phải giấy do chương trình ban hành.', {
    textEn: `DocumentReference/${id} is no paper that was issued here`,
  });
}

export interface Shown {
  bytes: Buffer;
  fileName: string;
}

/** As it stands: a paper in force unmarked, a cancelled or replaced one marked with why. */
export async function showPaper(
  documents: Documents,
  session: RecordSession,
  paper: DocumentReference,
): Promise<Shown> {
  const bytes = bytesOf(paper);
  const marks = await marksOf(session, paper);
  const day = (paper.date ?? '').slice(0, 10);
  return {
    bytes:
      marks === null ? bytes : await documents.stampPaper(bytes, marks.stamp, stampDay(day), marks.lines),
    fileName: fileNameOf(paper),
  };
}

/** Stamps are of this program's time, whatever the day of the paper. */
const FIRST_STAMPS = '2026-01-01';
const stampDay = (day: string) => (day < FIRST_STAMPS ? FIRST_STAMPS : day);

async function marksOf(session: RecordSession, paper: DocumentReference) {
  const state = stateOf(paper);
  if (state === 'cancelled') {
    const { reason = '', by = '', at = '' } = cancellationOf(paper) ?? {};
    return { stamp: 'stamp-cancelled', lines: ['ĐÃ HUỶ', `${viDay(at)} ${by}`.trim(), cut(reason)] };
  }
  if (state === 'current') return null;
  const successor = await successorOf(session, paper);
  const number = successor ? numberOf(successor) : '';
  return {
    stamp: 'stamp-copy',
    lines: [
      'ĐÃ ĐƯỢC THAY THẾ',
      number === '' ? `ngày ${viDay(successor?.date ?? '')}` : `bằng giấy số ${number}`,
    ],
  };
}

/** A stamp is one line over the paper. */
const cut = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

export function fileNameOf(paper: DocumentReference): string {
  return [definitionOf(paper).key, numberOf(paper)].filter(Boolean).join('-');
}

/** A marked copy of a paper that stands, numbered. @throws Failure `conflict` for one that does not stand */
export async function copyPaper(
  kernel: Kernel,
  documents: Documents,
  paper: DocumentReference,
  unit: string,
) {
  if (stateOf(paper) !== 'current')
    throw new Failure('conflict', 'Giấy này đã huỷ hoặc đã được thay thế nên không in bản sao.', {
      textEn: 'A paper that was cancelled or replaced has no copies',
    });
  const bytes = bytesOf(paper);
  const copy = await takeCopy(kernel.pool, paper.id!);
  const day = vietnamDay(kernel.settings.now());
  const lines = [`BẢN SAO lần ${copy}`, `in ngày ${viDay(day)}`, ...(unit === '' ? [] : [cut(unit)])];
  return {
    copy,
    bytes: await documents.stampPaper(bytes, 'stamp-copy', stampDay(day), lines),
    fileName: `${fileNameOf(paper)}-ban-sao-${copy}`,
  };
}

const SHORTEST_REASON = 5;
const LONGEST_REASON = 500;

/** @throws Failure `invalid-parameter` without a reason, `conflict` for a paper that is cancelled or replaced already */
export async function cancelPaper(
  kernel: Kernel,
  session: RecordSession,
  paper: DocumentReference,
  reason: unknown,
): Promise<DocumentReference> {
  const said = typeof reason === 'string' ? reason.trim() : '';
  if (said.length < SHORTEST_REASON || said.length > LONGEST_REASON)
    throw new Failure(
      'invalid-parameter',
      `Ghi lý do huỷ giấy từ ${SHORTEST_REASON} đến ${LONGEST_REASON} ký tự.`,
      { textEn: `reason must have ${SHORTEST_REASON} to ${LONGEST_REASON} characters`, expression: 'reason' },
    );
  // Again for a paper that is cancelled already: what was cut off between the two is made good.
  if (stateOf(paper) === 'cancelled') await revoke(kernel.pool, ridOf(fingerprintIn(paper)));
  if (stateOf(paper) !== 'current')
    throw new Failure('conflict', 'Giấy này đã huỷ hoặc đã được thay thế: tải lại danh sách.', {
      textEn: 'The paper is cancelled or replaced already',
    });
  const at = vietnamInstant(kernel.settings.now());
  const next = cancelled(paper, { reason: said, by: session.actor.name, at });
  const written = await kernel.gate.system('papers').update(next, Number(paper.meta?.versionId));
  await revoke(kernel.pool, ridOf(fingerprintIn(paper)));
  return written;
}
