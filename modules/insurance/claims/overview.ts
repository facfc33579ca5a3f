/** One visit as a line of the day's claims and as the whole file on the screen. Pure. */
import type { Content } from '../../../kernel/content/content.ts';
import { Failure } from '../../../kernel/failure.ts';
import { ext, sid } from '../../../kernel/fhir/systems.ts';
import { sharesOf, toNumber } from '../../billing/index.ts';
import { buildClaimFile, type ClaimFile } from './build.ts';
import { checkClaim } from './check.ts';
import type { ClaimRow } from './condition.ts';
import { type ClaimFacts, extensionOf, identifierOf } from './facts.ts';
import type { Fault } from './fault.ts';
import type { LoadedVisit } from './load.ts';

/** open: not finished; unreadable: cannot be built; errors: must be repaired; warnings: to be looked at; ready: nothing to say. */
export type ClaimState = 'open' | 'unreadable' | 'errors' | 'warnings' | 'ready';
export const CLAIM_STATES: readonly ClaimState[] = ['open', 'unreadable', 'errors', 'warnings', 'ready'];

export interface ClaimLine {
  /** Encounter id. */
  encounter: string;
  /** MA_LK. */
  episode: string;
  ticket: string;
  /** Patient id; '' when the patient may not be read. */
  patient: string;
  patientName: string;
  birthDate: string;
  sex: string;
  start: string;
  end: string | null;
  /** MA_DOITUONG_KCB. */
  category: string;
  card: string;
  /** Đồng; null while the visit is not billed. */
  total: number | null;
  insurer: number | null;
  patientPays: number | null;
  state: ClaimState;
  errors: number;
  warnings: number;
  /** The first fault, to be read in the list. */
  first: string;
}

export interface ClaimDetail extends ClaimLine {
  release: string;
  tables: {
    name: string;
    label: string;
    fields: { name: string; label: string; isNumber: boolean }[];
    rows: readonly ClaimRow[];
  }[];
  faults: Fault[];
}

/** The checked file of a finished visit. */
export interface CheckedClaim {
  file: ClaimFile;
  faults: Fault[];
}

export function checkVisit(facts: ClaimFacts, content: Content): CheckedClaim {
  const file = buildClaimFile(facts, content);
  return { file, faults: checkClaim(file.tables, file.release, content) };
}

export function claimLine(visit: LoadedVisit, content: Content): ClaimLine {
  const { encounter, facts } = visit;
  const bare = lineWithout(visit);
  if (!facts) return { ...bare, state: 'unreadable', errors: 1, first: `Lượt khám ${visit.reason}.` };
  if (encounter.status !== 'finished') return { ...bare, state: 'open' };
  try {
    return { ...bare, ...faultsOfLine(checkVisit(facts, content).faults) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...bare, state: 'unreadable', errors: 1, first: error.issues[0]?.text ?? '' };
  }
}

export function claimDetail(facts: ClaimFacts, content: Content): ClaimDetail {
  const { file, faults } = checkVisit(facts, content);
  const finished = facts.encounter.status === 'finished';
  const counts = faultsOfLine(faults);
  return {
    ...lineWithout({ encounter: facts.encounter, facts, reason: null }),
    ...counts,
    state: finished ? counts.state : 'open',
    release: file.release.title,
    tables: file.release.tables
      .filter((table) => file.tables[table.name])
      .map((table) => ({
        name: table.name,
        label: table.label,
        fields: table.fields.map(({ name, label, isNumber }) => ({ name, label, isNumber })),
        rows: file.tables[table.name] ?? [],
      })),
    faults,
  };
}

function faultsOfLine(faults: Fault[]): Pick<ClaimLine, 'state' | 'errors' | 'warnings' | 'first'> {
  const errors = faults.filter((fault) => fault.severity === 'error').length;
  const state = errors > 0 ? 'errors' : faults.length > 0 ? 'warnings' : 'ready';
  return { state, errors, warnings: faults.length - errors, first: faults[0]?.text ?? '' };
}

function lineWithout({ encounter, facts }: LoadedVisit): ClaimLine {
  const shares = facts?.claim ? sharesOf(facts.claim) : null;
  return {
    encounter: encounter.id ?? '',
    episode: identifierOf(encounter, sid.episode),
    ticket: identifierOf(encounter, sid.ticket),
    patient: facts?.patient.id ?? '',
    patientName: facts?.patient.name?.[0]?.text ?? '',
    birthDate: facts?.patient.birthDate ?? '',
    sex: facts?.patient.gender ?? '',
    start: encounter.period?.start ?? '',
    end: encounter.period?.end ?? null,
    category: extensionOf(encounter, ext.patientCategory)?.valueCoding?.code ?? '',
    card: identifierOf(facts?.coverage, sid.bhyt),
    total: shares && toNumber(shares.total),
    insurer: shares && toNumber(shares.insurer),
    patientPays: shares && toNumber(shares.copay) + toNumber(shares.own),
    state: 'open',
    errors: 0,
    warnings: 0,
    first: '',
  };
}
