/** Vectors of allergy cross-checks (clinical-logic.md, section 12): how strongly each medicine is told beside a known allergy. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cs } from '../../kernel/fhir/systems.ts';
import type { AllergyIntolerance } from '../../kernel/fhir/types.ts';
import { checkPrescription, order } from './testing.ts';

/** First day of the groups that reach one way. */
const DAY = '2026-11-23';
const patient = { resourceType: 'Patient', id: 'p', birthDate: '1970-05-01' } as const;

function told(known: { code?: string; text?: string; grave?: boolean }, ingredient: string): string {
  const { code, text = code ?? '', grave = false } = known;
  const allergy: AllergyIntolerance = {
    resourceType: 'AllergyIntolerance',
    patient: { reference: 'Patient/p' },
    clinicalStatus: { coding: [{ code: 'active' }] },
    code: { text, ...(code ? { coding: [{ system: cs.ingredient, code }] } : {}) },
    ...(grave ? { reaction: [{ manifestation: [{ text: 'Phản vệ' }], severity: 'severe' as const }] } : {}),
  };
  const requests = [order(ingredient)];
  const check = { requests, activeRequests: [], allergies: [allergy], patient, conditions: [] };
  return checkPrescription(check, { day: DAY })
    .map(({ indicator, needsReason }) => `${indicator}${needsReason ? ' reason' : ''}`)
    .join();
}

const amoxicillin = { code: 'amoxicilin', grave: true };

test('amoxicillin anaphylaxis: ampicillin and cefalexin ask for a reason', () => {
  assert.equal(told(amoxicillin, 'ampicilin'), 'critical reason');
  assert.equal(told(amoxicillin, 'cefalexin'), 'critical reason');
});

test('amoxicillin anaphylaxis: cefazolin is a low warning, meropenem information', () => {
  assert.equal(told(amoxicillin, 'cefazolin'), 'warning reason');
  assert.equal(told(amoxicillin, 'meropenem'), 'info');
});

test('a mild reaction: the dissimilar cephalosporin is information alone', () => {
  assert.equal(told({ code: 'amoxicilin' }, 'ceftriaxon'), 'info');
  assert.equal(told({ code: 'amoxicilin' }, 'cefalexin'), 'critical reason');
});

test('one way: an allergy to cefazolin or meropenem says nothing of penicillins', () => {
  assert.equal(told({ code: 'cefazolin', grave: true }, 'amoxicilin'), '');
  assert.equal(told({ code: 'meropenem', grave: true }, 'amoxicilin'), '');
});

test('ceftazidime and aztreonam share a side chain: a strong warning, both ways', () => {
  assert.equal(told({ code: 'ceftazidim' }, 'aztreonam'), 'critical reason');
  assert.equal(told({ code: 'aztreonam' }, 'ceftazidim'), 'critical reason');
  assert.equal(told({ code: 'aztreonam' }, 'ceftriaxon'), '');
});

test('a penicillin allergy in words reaches as one in codes', () => {
  assert.equal(told({ text: 'Dị ứng penicillin' }, 'amoxicilin'), 'critical reason');
  assert.equal(told({ text: 'Dị ứng penicillin' }, 'meropenem'), 'info');
});

test('co-trimoxazole rash and furosemide: none', () => {
  assert.equal(told({ code: 'sulfamethoxazol' }, 'furosemid'), '');
});
