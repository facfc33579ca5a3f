import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MedicationRequest } from '../../kernel/fhir/types.ts';
import { checkPrescription, content, listed, medicineNamed, order, rules } from './testing.ts';

const patient = { resourceType: 'Patient', id: 'p', gender: 'male', birthDate: '1970-05-01' } as const;

function interactions(requests: MedicationRequest[], activeRequests: MedicationRequest[] = []) {
  const alerts = checkPrescription(
    { requests, activeRequests, allergies: [], patient, conditions: [] },
    rules,
  );
  return alerts.filter((alert) => alert.kind === 'tuong-tac-chong-chi-dinh');
}

test('every row of Decision 5948/QĐ-BYT alerts in both orders, with its own mechanism and management', () => {
  const rows = content.table('drug/contraindicated-pairs');
  assert.equal(rows.length, 633);
  for (const row of rows) {
    const orders = [row.a!, row.b!].map((side, index) =>
      order(side.split('+'), { route: (index ? row.route_b : row.route_a) === 'oral' ? '1.01' : '2.10' }),
    );
    for (const requests of [orders, [...orders].reverse()]) {
      const alerts = interactions(requests);
      assert.ok(alerts.length >= 1, `${row.no}: ${row.name_a} – ${row.name_b}`);
      for (const alert of alerts) {
        assert.equal(alert.severity, 'high');
        assert.equal(alert.needsReason, true);
        assert.match(alert.source.label, /QĐ 5948\/QĐ-BYT/);
        assert.match(alert.reason, /^Cơ chế: .*Hậu quả: /s);
      }
    }
  }
});

const CONTRAINDICATED: [string, string | string[], string | string[]][] = [
  ['aceclofenac – ketorolac', 'aceclofenac', 'ketorolac'],
  ['rifampicin – voriconazol', 'rifampicin', 'voriconazol'],
  ['simvastatin – voriconazol', 'simvastatin', 'voriconazol'],
  ['sacubitril/valsartan – trandolapril', ['sacubitril', 'valsartan'], 'trandolapril'],
  ['tramadol – xanh methylen', 'tramadol', 'xanh-methylen'],
  ['clarithromycin – simvastatin', 'clarithromycin', 'simvastatin'],
  ['domperidon – fluconazol', 'domperidon', 'fluconazol'],
  ['sildenafil – isosorbid dinitrat', 'sildenafil', 'isosorbid-dinitrat'],
];
for (const [name, a, b] of CONTRAINDICATED) {
  test(`contraindicated: ${name}`, () => {
    const alerts = interactions([order(a), order(b)]);
    assert.equal(alerts.length, 1);
    assert.deepEqual(alerts[0]!.implicated.map((one) => one.line).sort(), [0, 1]);
  });
}

test('amlodipin with metformin, paracetamol with amoxicilin, omeprazol with amoxicilin: nothing', () => {
  assert.deepEqual(interactions([order('amlodipin'), order('metformin')]), []);
  assert.deepEqual(interactions([order('paracetamol'), order('amoxicilin')]), []);
  assert.deepEqual(interactions([order('omeprazol'), order('amoxicilin'), order('clarithromycin')]), []);
});

test('tamoxifen with warfarin keeps the note that it concerns primary prophylaxis', () => {
  const [alert] = interactions([order('tamoxifen'), order('warfarin')]);
  assert.match(alert!.management, /dự phòng tiên phát ung thư vú/);
});

test('an ingredient inside a combination product counts: valsartan of sacubitril/valsartan with aliskiren', () => {
  const alerts = interactions([order(['sacubitril', 'valsartan']), order('aliskiren')]);
  assert.ok(alerts.some((alert) => alert.title.includes('Aliskiren')));
});

test('a combination named by the list needs all of its ingredients: lopinavir alone with alfuzosin is not the pair', () => {
  assert.deepEqual(interactions([order('lopinavir'), order('alfuzosin')]), []);
  assert.equal(interactions([order(['lopinavir', 'ritonavir']), order('alfuzosin')]).length, 1);
  assert.equal(interactions([order('lopinavir'), order('ritonavir'), order('alfuzosin')]).length, 1);
});

test('spellings of the list meet the ingredients of the formulary: aspirin, nitroglycerin, nicoradil', () => {
  assert.equal(interactions([order('acid-acetylsalicylic'), order('ketorolac')]).length, 1);
  assert.equal(interactions([order('glyceryl-trinitrat'), order('sildenafil')]).length, 1);
  assert.equal(interactions([order('nicorandil'), order('tadalafil')]).length, 1);
});

test('brand names of the formulary: Becoclari 500 with Simvastatin 20 mg', () => {
  const requests = [
    listed(medicineNamed('Becoclari 500'), 1, ['MORN', 'EVE']),
    listed(medicineNamed('Simvastatin 20 mg'), 1, ['EVE'], 30),
  ];
  const [alert] = interactions(requests);
  assert.deepEqual(alert!.implicated.map((one) => one.name).sort(), ['Becoclari 500', 'Simvastatin 20 mg']);
});

test('a still running earlier prescription counts, one that has ended does not', () => {
  const running = order('simvastatin', { id: 'old', status: 'active', start: '2026-11-01', days: 30 });
  const ended = order('simvastatin', { id: 'old', status: 'active', start: '2026-10-01', days: 30 });
  const [alert] = interactions([order('clarithromycin')], [running]);
  assert.equal(alert!.implicated.find((one) => one.line === null)!.reference, 'MedicationRequest/old');
  assert.equal(alert!.implicated.find((one) => one.line === null)!.until, '2026-11-30');
  assert.deepEqual(interactions([order('clarithromycin')], [ended]), []);
});

test('cancelled and stopped earlier prescriptions do not count', () => {
  for (const status of ['cancelled', 'stopped', 'entered-in-error', 'draft'] as const) {
    const old = order('simvastatin', { id: 'old', status, start: '2026-11-01', days: 30 });
    assert.deepEqual(interactions([order('clarithromycin')], [old]), []);
  }
});

test('wash-out as the list states it: linezolid 14 days before pseudoephedrin, not the other way round', () => {
  const past = (code: string) => order(code, { id: 'old', status: 'active', start: '2026-11-01', days: 10 });
  assert.equal(interactions([order('pseudoephedrin')], [past('linezolid')]).length, 1);
  assert.deepEqual(interactions([order('linezolid')], [past('pseudoephedrin')]), []);
  const longAgo = order('linezolid', { id: 'old', status: 'active', start: '2026-10-20', days: 10 });
  assert.deepEqual(interactions([order('pseudoephedrin')], [longAgo]), []);
});

test('medicines that act where they are put do not interact: tetracyclin eye ointment with isotretinoin', () => {
  assert.equal(interactions([order('tetracyclin'), order('isotretinoin')]).length, 1);
  assert.deepEqual(interactions([order('tetracyclin', { route: '6.02' }), order('isotretinoin')]), []);
});

test('kali clorid by mouth is meant, not by vein: with hyoscin butylbromid', () => {
  assert.equal(interactions([order('kali-clorid'), order('hyoscin-butylbromid')]).length, 1);
  assert.deepEqual(interactions([order('kali-clorid', { route: '2.14' }), order('hyoscin-butylbromid')]), []);
});

test('two earlier prescriptions that interact with each other are not this prescription’s matter', () => {
  const old = ['simvastatin', 'clarithromycin'].map((code) =>
    order(code, { id: code, status: 'active', start: '2026-11-10', days: 30 }),
  );
  assert.deepEqual(interactions([order('paracetamol')], old), []);
});

test('the key of an alert is the same whatever the order of lines', () => {
  const a = interactions([order('clarithromycin'), order('simvastatin')]);
  const b = interactions([order('simvastatin'), order('clarithromycin')]);
  assert.equal(a[0]!.key, b[0]!.key);
});
