/** What an application asks for, in words for the person who decides, and what of it an answer may give. Pure. */
import type { Row } from '../../content/content.ts';
import { Failure } from '../../failure.ts';
import type { Action } from '../decide.ts';
import { isPurposeScope } from '../oidc/purpose-scope.ts';
import { formatScope, parseScope, type Scope, scopeWithin } from '../scopes.ts';

export interface Named {
  vi: string;
  en: string;
}

/** One line of the consent page, with its own tick. */
export interface ConsentItem {
  scope: string;
  /** `identity`: who the person is; `offline`: also when the person is away; `data`: of the record. */
  kind: 'identity' | 'offline' | 'data';
  name: Named;
  /** Of the one chosen person, or of everybody whom the person may see. */
  whose?: 'patient' | 'user';
  may?: ('see' | 'write' | 'remove')[];
  /** Criteria that narrow the data: `category = laboratory`. */
  only?: string[];
  /** Of a scope for everything: what may be left out, each with the scope that stands for it. */
  parts?: { scope: string; name: Named }[];
}

export type DataNames = ReadonlyMap<string, Named>;

/** Rows of `content/access/data-names.csv`: type, vi, en. */
export function readDataNames(rows: readonly Row[]): DataNames {
  return new Map(rows.map(({ type = '', vi = '', en = '' }) => [type, { vi, en }]));
}

const WHO: Named = { vi: 'Biết bạn là ai (tên và tài khoản)', en: 'Know who you are (name and account)' };
const AWAY: Named = {
  vi: 'Dùng dữ liệu cả khi bạn không mở ứng dụng',
  en: 'Use the data also while you are away',
};
const OTHER: Named = { vi: 'Dữ liệu kỹ thuật khác', en: 'Other technical data' };

/** The lines for scopes as they were asked; launch scopes need none: what they bring is chosen beside. */
export function consentItems(asked: readonly string[], names: DataNames): ConsentItem[] {
  const items: ConsentItem[] = [];
  const who = asked.filter((scope) => scope === 'fhirUser' || scope === 'profile');
  if (who.length > 0) items.push({ scope: who.join(' '), kind: 'identity', name: WHO });
  for (const text of asked) {
    const scope = parseScope(text);
    if (scope) items.push(dataItem(text, scope, names));
  }
  if (asked.includes('offline_access')) items.push({ scope: 'offline_access', kind: 'offline', name: AWAY });
  return items;
}

function dataItem(text: string, scope: Scope, names: DataNames): ConsentItem {
  const only = (scope.query ?? []).map(([name, value]) => `${name} = ${value.split('|').at(-1)}`);
  return {
    scope: text,
    kind: 'data',
    name: names.get(scope.type) ?? OTHER,
    whose: scope.level === 'patient' ? 'patient' : 'user',
    may: mayOf(scope.actions),
    ...(only.length > 0 && { only }),
    ...(scope.type === '*' && { parts: partsOf(scope, names) }),
  };
}

function mayOf(actions: ReadonlySet<Action>): NonNullable<ConsentItem['may']> {
  const may: NonNullable<ConsentItem['may']> = [];
  if (actions.has('read') || actions.has('search')) may.push('see');
  if (actions.has('create') || actions.has('update')) may.push('write');
  if (actions.has('delete')) may.push('remove');
  return may;
}

function partsOf(scope: Scope, names: DataNames): { scope: string; name: Named }[] {
  return [...names]
    .filter(([type]) => type !== '*')
    .map(([type, name]) => ({ scope: formatScope({ ...scope, type }), name }));
}

/** Scopes that say which context is wanted, and what for; given along with what else is given. */
const CONTEXT = new Set(['openid', 'online_access', 'launch', 'launch/patient', 'launch/encounter']);
const isContext = (scope: string): boolean => CONTEXT.has(scope) || isPurposeScope(scope);

/**
 * The scopes that an answer gives: those of the asked ones and narrower ones that were chosen, with the context that goes
 * along. Fails with `invalid-request` for what was not asked. Empty when nothing but context is left.
 */
export function givenScopes(asked: readonly string[], chosen: readonly string[]): string[] {
  const parsed = asked.map(parseScope).filter((scope) => scope !== null);
  const picked = [...new Set(chosen.flatMap((one) => one.split(' ')))].filter((one) => !isContext(one));
  for (const text of picked) {
    if (asked.includes(text)) continue;
    const scope = parseScope(text);
    if (scope && scopeWithin(scope, parsed)) continue;
    throw new Failure('invalid-request', `Ứng dụng không xin quyền "${text}".`, {
      textEn: `The application did not ask for the scope "${text}".`,
      expression: 'scopes',
    });
  }
  const wanted = asked.some((one) => !isContext(one));
  if (wanted && picked.length === 0) return [];
  return [...asked.filter((one) => isContext(one)), ...picked];
}

/** True when the data is of one person, who must then be known. */
export function needsPatient(scopes: readonly string[]): boolean {
  return scopes.some((text) => text === 'launch/patient' || text.startsWith('patient/'));
}
