/**
 * `$everything` in the name of one actor: policy and audit first, then the record piece by piece as stored bytes. What the
 * record refers to outside itself (practitioners, organizations, locations, medications) comes at the end of a page, or of
 * the whole: only there is it known what is no part of it.
 */
import { auditLine } from '../../access/audit.ts';
import type { Actor } from '../../access/contract.ts';
import { personOf } from '../../access/guard.ts';
import { isSharedType } from '../../store/compartment.ts';
import type { PersonPiece, PersonRows, Store, StoredVersion } from '../../store/contract.ts';
import { patientCompartmentParameters } from '../definitions/index.ts';
import { isResourceType } from '../names.ts';
import { findVersion, gone, type Parts } from '../session/reads.ts';
import type { ResourceType } from '../types.ts';
import { addMentioned, type Mentioned } from './mentioned.ts';

export interface EverythingAsk {
  /** Whose or which visit's. */
  type: 'Patient' | 'Encounter';
  id: string;
  types?: readonly ResourceType[];
  /** Epoch milliseconds; see PersonRows. */
  since?: number;
  from?: number;
  to?: number;
  after?: string;
  /** One page of so many; undefined = all, in pieces. */
  count?: number;
}

export interface EverythingPiece {
  /** The record's own resources; the person or the visit itself is the first of all. */
  matches: StoredVersion[];
  /** What they refer to outside the record. */
  includes: StoredVersion[];
  /** Of a page, when there is another. */
  next?: string;
}

/** Rows fetched at once. */
const PIECE = 400;

/** Fails with `not-found`, `gone`, `forbidden` before the first piece. */
export async function* everythingStored(
  parts: Parts,
  actor: Actor,
  ask: EverythingAsk,
): AsyncGenerator<EverythingPiece> {
  const { stored } = await findVersion(parts, actor, ask.type, ask.id);
  const name = `${ask.type}/${ask.id}`;
  const person = personOf(stored);
  const teller = new Teller(parts, actor, `${name}/$everything`);
  if (stored.deleted) {
    await teller.tell([person]);
    throw gone(name, stored);
  }
  const sight = await parts.guard.sight(actor);
  const pieces = piecesOf(
    parts.store,
    { ...rowsOf(ask, person), ...(sight && { sight }) },
    ask.count !== undefined,
  );
  const fetched = pieces.next();
  // Awaited below; a failure of the audit may come first.
  fetched.catch(() => undefined);
  await teller.tell([person]);
  const follower = new Follower(parts, teller, ask, person);
  let matches = ask.after === undefined && isAsked(ask, stored) ? [stored] : [];
  if (matches.length > 0) follower.notice(matches);
  for (let piece = await fetched; !piece.done; piece = await pieces.next()) {
    const { next, last, ...rows } = piece.value;
    matches.push(...(await follower.keep(rows, stored)));
    const includes = last ? await follower.includes() : [];
    yield { matches, includes, ...(ask.count !== undefined && next !== undefined ? { next } : {}) };
    matches = [];
  }
}

/** One page, or all pieces: while one is unpacked and sent, the database reads the next. */
async function* piecesOf(
  store: Store,
  rows: PersonRows,
  isPage: boolean,
): AsyncGenerator<PersonPiece & { last: boolean }> {
  if (isPage) {
    yield { ...(await store.personRows(rows)), last: true };
    return;
  }
  const begin = (part: 'own' | 'elsewhere', after?: string) => {
    const piece = store.personRows({ ...rows, part, ...(after === undefined ? {} : { after }) });
    // Awaited when its turn comes; the reader may have gone by then.
    piece.catch(() => undefined);
    return piece;
  };
  const elsewhere = begin('elsewhere');
  for (let fetched = begin('own'); ; ) {
    const piece = await fetched;
    if (piece.next !== undefined) fetched = begin('own', piece.next);
    yield { ...piece, last: false };
    if (piece.next === undefined) break;
  }
  for (let fetched = elsewhere; ; ) {
    const piece = await fetched;
    if (piece.next !== undefined) fetched = begin('elsewhere', piece.next);
    yield { ...piece, last: piece.next === undefined };
    if (piece.next === undefined) return;
  }
}

function rowsOf(ask: EverythingAsk, person: string | null): PersonRows {
  const { type, id, types, since, from, to, after, count = PIECE } = ask;
  return {
    patient: person,
    count,
    // Practitioners and medications of a record are found by what names them, so all of it is gone through.
    ...(types === undefined || !types.every(isOfPerson) ? {} : { types }),
    ...(since === undefined ? {} : { since }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(after === undefined ? {} : { after }),
    ...(type === 'Encounter' ? { referring: `Encounter/${id}` } : {}),
  };
}

/** True when a person's resources of the type lie in the compartment by a reference of their own. */
function isOfPerson(type: ResourceType): boolean {
  return type === 'Patient' || patientCompartmentParameters(type).length > 0;
}

function isAsked(ask: EverythingAsk, version: StoredVersion): boolean {
  if (ask.types !== undefined && !ask.types.includes(version.type)) return false;
  return ask.since === undefined || Date.parse(version.lastUpdated) >= ask.since;
}

/** One line of the audit for each person whose data is answered, written before the data goes out. */
class Teller {
  readonly #parts: Parts;
  readonly #actor: Actor;
  readonly #what: string;
  readonly #told = new Set<string | null>();

  constructor(parts: Parts, actor: Actor, what: string) {
    this.#parts = parts;
    this.#actor = actor;
    this.#what = what;
  }

  /** Those of the versions that the actor may see. */
  visible(versions: readonly StoredVersion[]): Promise<StoredVersion[]> {
    return versions.length === 0
      ? Promise.resolve([])
      : this.#parts.guard.visible(this.#actor, versions, 'read');
  }

  /** Those of the versions, read within the actor's sight, that the actor's roles reach. */
  async covered(versions: readonly StoredVersion[]): Promise<StoredVersion[]> {
    const covered = await this.#parts.guard.covered(this.#actor, versions, 'read');
    return versions.filter((_, at) => covered[at]);
  }

  async tell(persons: readonly (string | null)[]): Promise<void> {
    const fresh = [...new Set(persons)].filter((one) => !this.#told.has(one));
    // A visit of nobody in particular is told as data of no person; further things of nobody need no line.
    const lines = fresh.filter((one) => one !== null || this.#told.size === 0);
    for (const one of fresh) this.#told.add(one);
    if (lines.length === 0) return;
    await this.#parts.store.audit(lines.map((one) => auditLine(this.#actor, 'read', this.#what, one)));
  }
}

/** Knows what was answered already and what is still to be looked up. */
class Follower {
  readonly #parts: Parts;
  readonly #teller: Teller;
  readonly #ask: EverythingAsk;
  readonly #person: string | null;
  /** Ids by type. */
  readonly #answered = new Map<string, Set<string>>();
  readonly #mentioned = new Map<string, Mentioned>();

  constructor(parts: Parts, teller: Teller, ask: EverythingAsk, person: string | null) {
    this.#parts = parts;
    this.#teller = teller;
    this.#ask = ask;
    this.#person = person;
  }

  notice(versions: readonly StoredVersion[]): void {
    for (const version of versions) {
      this.#answer(version);
      addMentioned(version.body, this.#mentioned);
    }
  }

  #answer({ type, id }: StoredVersion): void {
    const ids = this.#answered.get(type);
    if (ids) ids.add(id);
    else this.#answered.set(type, new Set([id]));
  }

  /** What of a piece may be seen and is asked for. */
  async keep({ own, elsewhere }: PersonPiece, focus: StoredVersion): Promise<StoredVersion[]> {
    const rest = own.filter((version) => version.type !== focus.type || version.id !== focus.id);
    const seen = await this.#teller.covered(rest);
    this.notice(seen);
    const others = await this.#teller.covered(elsewhere);
    await this.#teller.tell(others.map(personOf));
    for (const version of others) {
      this.#answer(version);
      // A group names people who have nothing to do with this one: only what is nobody's is followed.
      const named = new Map<string, Mentioned>();
      addMentioned(version.body, named);
      for (const [name, one] of named) if (isSharedType(one.type)) this.#mentioned.set(name, one);
    }
    const { types } = this.#ask;
    const all = [...seen, ...others];
    return types === undefined ? all : all.filter(({ type }) => types.includes(type));
  }

  /** What the record refers to outside: when all of it has passed, since only then is it known what is no part of it. */
  async includes(): Promise<StoredVersion[]> {
    const wanted: { type: ResourceType; id: string }[] = [];
    for (const { type, id } of this.#mentioned.values()) {
      if (this.#answered.get(type)?.has(id) || !isResourceType(type) || !this.#isWanted(type)) continue;
      wanted.push({ type, id });
    }
    if (wanted.length === 0) return [];
    const found = await this.#parts.store.readMany(wanted);
    // Rows of the person were passed over by dates or types, or stand on another page; a visit brings what it names.
    const outside =
      this.#ask.type === 'Patient' ? found.filter((version) => personOf(version) !== this.#person) : found;
    const visible = await this.#teller.visible(outside);
    await this.#teller.tell(visible.map(personOf));
    return visible;
  }

  #isWanted(type: ResourceType): boolean {
    return this.#ask.types === undefined || this.#ask.types.includes(type);
  }
}
