/** Random searches of a small record: every way in which a search might tell of what is not shown. */
import { pick } from '../../fhir/validation/random.testing.ts';

/** Criteria of one type, what it is sorted by, and what comes along. */
interface Ways {
  criteria: readonly string[];
  sorts: readonly string[];
  along: readonly string[];
}

const OF: Record<string, Ways> = {
  Observation: {
    criteria: [
      'code=a',
      'code=a,c',
      'code:not=b',
      'code:missing=false',
      'encounter:missing=true',
      'performer:missing=false',
      'patient=p1',
      'patient=p2,p3',
      'subject:Patient.gender=female',
      'patient.name=nguyen',
      'encounter.service-provider=u2',
      'encounter:Encounter.service-provider.name=u1',
      'date=ge2026-04-01',
      'date=2026-09',
      'performer=Practitioner/d1',
      'performer:Organization.name:contains=u',
      '_security=PSY',
      '_security:not=HIV',
      '_id=f1,f2,f3,f30,f40',
      '_lastUpdated=gt2020-01-01',
      '_content=http',
      'subject:Patient._has:Condition:patient:code=b',
      'subject:Patient._has:Encounter:patient:_security=R',
      '_filter=code eq a and not (patient eq p1)',
      '_filter=patient.gender eq female or code eq d',
    ],
    sorts: ['date', '-date', 'code', '-code', '_id', '-_id', 'patient', 'status'],
    along: [
      '_include=Observation:encounter',
      '_include=Observation:patient',
      '_include=Observation:performer',
      '_include=*',
      '_include=Observation:encounter&_include:iterate=Encounter:service-provider',
    ],
  },
  Condition: {
    criteria: [
      'code=a',
      'code=b,d',
      'code:not=a',
      'patient=p4',
      'patient=p5',
      'patient.gender=male',
      'encounter:missing=false',
      'encounter.date=ge2026-04-01',
      'recorded-date=lt2026-05',
      'asserter:missing=true',
      '_security=HIV,R',
      '_has:Observation:focus:code=a',
      '_filter=code ne a',
    ],
    sorts: ['recorded-date', '-recorded-date', 'code', '_id', '-_id', 'patient'],
    along: ['_include=Condition:encounter', '_include=Condition:patient', '_include=*'],
  },
  Encounter: {
    criteria: [
      'patient=p1',
      'patient=p6',
      'service-provider=u1',
      'service-provider:missing=true',
      'date=ge2026-04-01',
      'subject:Patient.name=tran',
      '_has:Observation:encounter:code=a',
      '_has:Condition:encounter:code=b',
      '_has:Observation:encounter:_security=PSY',
      '_security:missing=true',
      '_filter=not (_has:Observation:encounter:code eq a)',
    ],
    sorts: ['date', '-date', '_id', 'patient', 'status'],
    along: [
      '_revinclude=Observation:encounter',
      '_revinclude=Condition:encounter',
      '_revinclude=*',
      '_include=Encounter:patient&_revinclude:iterate=Observation:encounter',
    ],
  },
  Patient: {
    criteria: [
      'name=nguyen',
      'gender=female',
      'gender:not=male',
      '_id=p1,p2,p3',
      '_has:Observation:patient:code=a',
      '_has:Observation:patient:date=ge2026-09',
      '_has:Observation:patient:encounter.service-provider=u1',
      '_has:Condition:patient:code=c',
      '_has:Condition:patient:_security=HIV',
      '_has:Encounter:patient:_has:Condition:encounter:code=a',
      '_filter=_has:Observation:patient:code eq a or gender eq female',
    ],
    sorts: ['name', '-name', 'gender', '_id', '-_id', '-_lastUpdated'],
    along: [
      '_revinclude=Observation:patient',
      '_revinclude=Condition:patient&_include:iterate=Condition:encounter',
      '_revinclude=*',
      '_revinclude=Encounter:patient&_revinclude:iterate=Condition:encounter',
    ],
  },
};

/** One search, as a path below the base. */
export function randomQuestion(random: () => number): string {
  const type = pick(random, Object.keys(OF));
  const { criteria, sorts, along } = OF[type]!;
  const parts = Array.from({ length: Math.floor(random() * 3) }, () => pick(random, criteria));
  if (random() < 0.6) parts.push(`_sort=${[pick(random, sorts), '_id'].join(',')}`);
  if (random() < 0.5) parts.push(`_count=${pick(random, ['1', '2', '3', '7'])}`);
  if (random() < 0.4) parts.push('_total=accurate');
  else if (random() < 0.15) parts.push('_summary=count');
  if (random() < 0.4) parts.push(pick(random, along));
  return `${type}?${parts.join('&')}`;
}
