/** Who holds the data that a Consent is about: facilities with what is part of them, by roles, teams and groups too. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Resource } from '../../fhir/types.ts';
import { type OpenStore, openStore } from '../index.ts';
import { person, put } from '../samples.testing.ts';
import { type TestDatabase, withDatabase } from '../testing.ts';
import {
  authoritiesOf,
  NOW,
  organization,
  readerOf,
  recipient,
  storedConsent,
  subjectOf,
} from './consents.testing.ts';
import { consentDecision } from './decision.ts';
import { readNotes } from './notes.ts';

let database: TestDatabase;
/** The one kind of Organization that is an authority. */
let authority = 'so-y-te';
let store: OpenStore;
before(async () => {
  database = await withDatabase();
  const authorities = authoritiesOf(() => authority);
  store = await openStore({ url: database.url, sealEvery: 0, authorities });
});
after(async () => {
  await store.close();
  await database.stop();
});

const keep = (resource: Resource) => store.commit([put(resource)], []);
const rulesOf = async (patient: string) =>
  (await store.consentRules.of([patient], new Date(NOW))).get(patient) ?? [];
const isHidden = async (patient: string, reader = readerOf(), subject = subjectOf()) =>
  consentDecision(await rulesOf(patient), reader, subject, NOW) === 'hidden';

test('a holder is its departments and sites as they stand: not those of an authority, and not for ever', async () => {
  for (const one of [organization('h-so', undefined, 'so-y-te'), organization('h-bv', 'h-so')])
    await keep(one);
  await keep(organization('h-khoa', 'h-bv'));
  await keep(person('giu'));
  const holds = (id: string, holder: string) =>
    storedConsent(id, 'giu', { type: 'deny', actor: [recipient(`Organization/${holder}`, 'CST')] });
  const hides = (holder: string) => isHidden('giu', readerOf(), subjectOf({ holder }));
  await keep(holds('giu-1', 'h-so'));
  assert.deepEqual([await hides('h-so'), await hides('h-bv'), await hides('h-khoa')], [true, false, false]);
  await keep(holds('giu-1', 'h-bv'));
  assert.deepEqual([await hides('h-so'), await hides('h-bv'), await hides('h-khoa')], [false, true, true]);
  await keep(organization('h-phong', 'h-khoa'));
  assert.equal(await hides('h-phong'), true, 'a new part of a part');
  await keep(organization('h-khoa', 'h-so'));
  assert.deepEqual(
    [await hides('h-bv'), await hides('h-khoa'), await hides('h-phong')],
    [true, false, false],
  );
  await store.commit([put(organization('h-khoa', 'h-bv')), put(organization('h-bv', 'h-khoa'))], []);
  assert.deepEqual([await hides('h-khoa'), await hides('h-phong')], [true, true], 'in a circle');
  await store.consentRules.rebuild();
  assert.deepEqual([await hides('h-khoa'), await hides('h-phong')], [true, true]);
  const told = await readNotes(database.pool, { patient: 'giu', count: 9 });
  assert.match(told[0]!.issues[0]!.textEn!, /neither is denied/);
  await store.commit([{ op: 'delete', type: 'Consent', id: 'giu-1' }], []);
});

test('other authorities: the parts of holders are read again, once, and the table knows by which', async () => {
  for (const one of [organization('k-so', undefined, 'so-y-te'), organization('k-bv', 'k-so')])
    await keep(one);
  await keep(person('khac'));
  const holder = recipient('Organization/k-so', 'CST');
  await keep(storedConsent('khac-1', 'khac', { type: 'deny', actor: [holder] }));
  const hides = () => isHidden('khac', readerOf(), subjectOf({ holder: 'k-bv' }));
  assert.deepEqual([await store.consentRules.followAuthorities(), await hides()], [null, false]);
  authority = 'bo-y-te';
  const done = await Promise.all([0, 1].map(() => store.consentRules.followAuthorities()));
  assert.equal(done.filter((one) => one !== null).length, 1, 'two programs on one database do it once');
  assert.deepEqual([await store.consentRules.followAuthorities(), await hides()], [null, true]);
  authority = 'so-y-te';
  assert.notEqual(await store.consentRules.followAuthorities(), null);
  assert.equal(await hides(), false);
  await store.commit([{ op: 'delete', type: 'Consent', id: 'khac-1' }], []);
});

test('a Consent and the hospital that it names, with parts and parts of parts, in one Bundle; and at the same instant', async () => {
  for (let turn = 0; turn < 8; turn++) {
    const id = (name: string) => `luc-${turn}-${name}`;
    await keep(person(id('p')));
    const holds = put(
      storedConsent(id('c'), id('p'), {
        type: 'deny',
        actor: [recipient(`Organization/${id('bv')}`, 'CST')],
      }),
    );
    const tree = [id('bv'), id('khoa'), id('phong'), id('buong'), id('giuong')].map((name, at, all) =>
      put(organization(name, all[at - 1])),
    );
    if (turn === 0) await store.commit([holds, ...tree.reverse()], []);
    else await Promise.all([store.commit([holds], []), store.commit(tree, [])]);
    assert.equal(
      await isHidden(id('p'), readerOf(), subjectOf({ holder: id('giuong') })),
      true,
      id('giuong'),
    );
    await store.commit([{ op: 'delete', type: 'Consent', id: id('c') }], []);
  }
});

test('a role, a team and a group hold what their facilities hold: a denial takes it, a permission opens nothing', async () => {
  for (const id of ['n-1', 'n-2', 'n-3']) await keep(organization(id));
  await keep(organization('n-1-khoa', 'n-1'));
  await keep(person('nhom'));
  const role = (at: string): Resource => ({
    resourceType: 'PractitionerRole',
    id: 'n-vai-tro',
    practitioner: { reference: 'Practitioner/n-bs' },
    organization: { reference: `Organization/${at}` },
  });
  const team = (more: object): Resource => ({ resourceType: 'CareTeam', id: 'n-doi', ...more }) as Resource;
  const hides = async () => {
    const all = ['n-1', 'n-1-khoa', 'n-2', 'n-3'].map((holder) =>
      isHidden('nhom', readerOf(), subjectOf({ holder })),
    );
    return (await Promise.all(all)).map((hidden) => (hidden ? 1 : 0)).join('');
  };
  const about = (reference: string, type: 'deny' | 'permit' = 'deny') =>
    keep(
      storedConsent('nhom-1', 'nhom', {
        type,
        actor: [recipient(reference, 'CST'), ...(type === 'permit' ? [recipient('Organization/cs-1')] : [])],
      }),
    );
  await about('PractitionerRole/n-vai-tro');
  assert.equal(await hides(), '1111', 'a role that is not there may be anybody');
  await keep(role('n-1'));
  assert.equal(await hides(), '1100', 'the facility of the role, with its departments');
  await keep(role('n-2'));
  assert.equal(await hides(), '0010', 'a move counts');
  await keep(team({ participant: [{ member: { reference: 'PractitionerRole/n-vai-tro' } }] }));
  await about('CareTeam/n-doi');
  assert.equal(await hides(), '0010');
  await keep(team({ participant: [{ member: { reference: 'Practitioner/n-bs' } }] }));
  assert.equal(await hides(), '1111', 'a person of no facility that is named may be anywhere');
  await keep(team({ managingOrganization: [{ reference: 'Organization/n-3' }] }));
  assert.equal(await hides(), '0001', 'R4: the organization responsible for the team');
  const member = { entity: { reference: 'PractitionerRole/n-vai-tro' } };
  await keep({ resourceType: 'Group', id: 'n-nhom', type: 'practitioner', actual: true, member: [member] });
  await about('Group/n-nhom');
  assert.equal(await hides(), '0010');
  const told = (await readNotes(database.pool, { patient: 'nhom', count: 1 }))[0]!.issues;
  assert.ok(told.some(({ textEn = '' }) => /a denial takes all that they hold/.test(textEn)));
  const opens = async () => (await rulesOf('nhom')).some(({ permit }) => permit);
  await about('Group/n-nhom', 'permit');
  assert.equal(await opens(), false, 'they hold more than it does');
  await about('Organization/n-2', 'permit');
  assert.equal(await opens(), true);
});
