/**
 * Accounts follow the staff register: who begins gets an account that waits for its first password, who moves gets the new
 * unit and roles on the day, who leaves is out the same day. Table `access.post` is a view of PractitionerRoles.
 */
import type { Pool, PoolClient } from 'pg';
import type { Content } from '../../content/content.ts';
import type { Events } from '../../events/contract.ts';
import { DEMO_LABEL, sid } from '../../fhir/systems.ts';
import type { Practitioner, PractitionerRole } from '../../fhir/types.ts';
import type { Change, Store } from '../../store/contract.ts';
import { inTransaction } from '../../store/index.ts';
import { vietnamDay } from '../../text/vietnam-time.ts';
import { type Account, isUnused } from '../accounts/account.ts';
import { type Accounts, foldId } from '../accounts/accounts.ts';
import { auditLine } from '../audit.ts';
import type { Actor } from '../contract.ts';
import type { Limits } from '../limits.ts';
import { type Post, postOf, rolesAfter, type Standing, signInName, standingOn } from './posts.ts';

export interface StaffRegister {
  /** Follows the change feed and the calendar. */
  follow(events: Events): void;
  /** Brings every account up to what the register says today, and closes those that nobody uses. */
  settle(): Promise<void>;
}

interface Parts {
  pool: Pool;
  store: Store;
  content: Content;
  accounts: Accounts;
  limits: Limits;
  now(): Date;
  /** The program itself, in whose name the audit says what was done. */
  actor: Actor;
  log(sentence: string, error?: unknown): void;
}

const TICK_MS = 60_000;
/** Held by whoever brings accounts up to date: two would open one account twice. */
const LOCK = `select pg_advisory_xact_lock(hashtext('access.staff'))`;

export function openStaffRegister(parts: Parts): StaffRegister {
  const { pool, store, now } = parts;
  const rows = () => parts.content.inForce('access/posts', vietnamDay(now()));
  let settledOn = '';

  async function settle(): Promise<void> {
    await inTransaction(pool, async (client) => {
      await client.query(LOCK);
      const posts = await readPosts(client, null);
      await bringAll(parts, rows(), posts, new Set(posts.map(({ practitioner }) => practitioner)));
      await closeUnused(parts);
    });
    settledOn = vietnamDay(now());
  }

  return {
    settle,
    follow(events) {
      events.consume(
        'access.staff',
        async (changes, client) => {
          const told = changes.filter(isOfStaff);
          if (told.length === 0) return;
          await client.query(LOCK);
          const touched = await writePosts(client, store, told, rows());
          const posts = await readPosts(client, [...touched]);
          await bringAll(parts, rows(), posts, touched);
        },
        { fromStart: true, concerns: isOfStaff },
      );
      const tick = () => {
        if (settledOn === vietnamDay(now())) return;
        settle().catch((error) =>
          parts.log('accounts could not follow the staff register; it is tried again', error),
        );
      };
      tick();
      setInterval(tick, TICK_MS).unref();
    },
  };
}

/** @returns the practitioners whose posts may have changed */
async function writePosts(
  client: PoolClient,
  store: Store,
  changes: readonly Change[],
  rows: ReturnType<Content['inForce']>,
): Promise<Set<string>> {
  const roles = changes.filter(({ type }) => type === 'PractitionerRole');
  const touched = new Set(changes.filter(({ type }) => type === 'Practitioner').map(({ id }) => id));
  const found = await store.latest(roles);
  for (const id of new Set(roles.map((change) => change.id))) {
    const resource = found.get(`PractitionerRole/${id}`) as PractitionerRole | undefined;
    const post = resource ? postOf(resource, rows) : null;
    const { rows: before } = await client.query<{ practitioner: string }>(
      'delete from access.post where role = $1 returning practitioner',
      [id],
    );
    for (const { practitioner } of before) touched.add(practitioner);
    if (!post) continue;
    touched.add(post.practitioner);
    await client.query(
      'insert into access.post (role, practitioner, unit, roles, starts, ends) values ($1, $2, $3, $4, $5, $6)',
      [post.role, post.practitioner, post.unit, post.roles, post.starts, post.ends],
    );
  }
  return touched;
}

/** @param practitioners null = all */
async function readPosts(client: PoolClient, practitioners: string[] | null): Promise<Post[]> {
  const { rows } = await client.query<Post>(
    `select role, practitioner, unit, roles, to_char(starts, 'YYYY-MM-DD') as starts, to_char(ends, 'YYYY-MM-DD') as ends
     from access.post where $1::text[] is null or practitioner = any($1)`,
    [practitioners],
  );
  return rows;
}

async function bringAll(
  parts: Parts,
  rows: ReturnType<Content['inForce']>,
  posts: readonly Post[],
  practitioners: ReadonlySet<string>,
): Promise<void> {
  if (practitioners.size === 0) return;
  const day = vietnamDay(parts.now());
  const accounts = await parts.accounts.ofPractitioners([...practitioners]);
  for (const practitioner of practitioners) {
    const own = posts.filter((post) => post.practitioner === practitioner);
    const mine = accounts.filter((account) => account.practitioner === practitioner);
    const standing = standingOn(own, day);
    if (standing) {
      if (mine.length === 0) await open(parts, practitioner, standing);
      for (const account of mine) await move(parts, account, standing, rows);
    } else {
      for (const account of mine) if (own.length > 0 || account.inRegister) await leave(parts, account);
    }
  }
}

async function open(parts: Parts, practitioner: string, { unit, roles, endsOn }: Standing): Promise<void> {
  const stored = await parts.store.read('Practitioner', practitioner);
  if (!stored || stored.deleted) return;
  const person = JSON.parse(stored.body.toString('utf8')) as Practitioner;
  const isDemo = person.meta?.security?.some(
    ({ system, code }) => system === DEMO_LABEL.system && code === DEMO_LABEL.code,
  );
  // The demo province names colleagues in every facility; only those of content/demo/accounts.csv sign in.
  if (person.active === false || isDemo) return;
  const given = person.name?.[0];
  const name = given?.text ?? [given?.family, ...(given?.given ?? [])].filter(Boolean).join(' ');
  if (name === '') return;
  const wished = foldId(person.identifier?.find(({ system }) => system === sid.user)?.value ?? '');
  const base = /^[a-z0-9][a-z0-9._-]{1,50}$/.test(wished) ? wished : signInName(name);
  const id = await parts.accounts.open({ id: base, name, roles, unit, practitioner, endsOn });
  await note(parts, 'account-open', id);
}

async function move(
  parts: Parts,
  account: Account,
  standing: Standing,
  rows: ReturnType<Content['inForce']>,
): Promise<void> {
  const roles = rolesAfter(account.roles, standing.roles, rows);
  const { unit, endsOn } = standing;
  const isSame =
    account.unit === unit && account.endsOn === endsOn && [...account.roles].sort().join() === roles.join();
  if (!isSame || !account.inRegister) {
    await parts.accounts.change(account.id, { ...(isSame ? {} : { roles, unit, endsOn }), inRegister: true });
    if (!isSame) await note(parts, 'account-change', account.id);
  }
  // Whoever was closed by somebody, or by disuse, is opened again by somebody.
  if (account.active || account.closedWhy !== 'left') return;
  await parts.accounts.setActive(account.id, true);
  await note(parts, 'account-open', account.id);
}

async function leave(parts: Parts, account: Account): Promise<void> {
  if (!account.active) return;
  await parts.accounts.setActive(account.id, false, 'left');
  await note(parts, 'account-close', account.id);
}

/** TCVN 14423: what nobody has used for so long is disabled; `GET /api/access/accounts?state=unused` lists it. */
async function closeUnused(parts: Parts): Promise<void> {
  for (const account of await parts.accounts.list()) {
    if (!account.active || !isUnused(account, parts.limits, parts.now())) continue;
    await parts.accounts.setActive(account.id, false, 'unused');
    await note(parts, 'account-close', account.id);
  }
}

async function note({ store, actor }: Parts, action: string, id: string): Promise<void> {
  await store.audit([auditLine(actor, action, `account/${id}`, null)]);
}

const isOfStaff = ({ type }: Change) => type === 'PractitionerRole' || type === 'Practitioner';
