/** One whole visit by the calls its screens make, timed by step: what a desk and a doctor ask of the server. */
import type { RunningProgram } from './program.ts';

export interface Hands {
  /** Cookie of the reception desk, and of the doctor. */
  desk: string;
  doctor: string;
}

type Steps = Record<string, number[]>;

/** Told before and after each step, outside its time. */
export interface Watch {
  begins(step: string): void;
  ends(step: string): void;
}

const ROOM = '25D01-kham';
const CONSULTATION = {
  vitals: {
    systolic: 142,
    diastolic: 88,
    pulse: 82,
    temperature: 37.2,
    breathing: 18,
    spo2: 98,
    weight: 56,
    height: 158,
  },
  notes: {
    complaint: 'Đau đầu, chóng mặt',
    illness: 'Đau đầu ba ngày, không sốt',
    exam: 'Tỉnh, tim đều, phổi trong',
    advice: 'Ăn nhạt, đo huyết áp hằng ngày',
  },
  diagnoses: [
    { code: 'I10', status: 'confirmed' },
    { code: 'J06.9', status: 'provisional' },
  ],
};
const LINES = [
  {
    medicine: 'T001',
    morning: '1',
    noon: '',
    afternoon: '',
    evening: '1',
    perDay: null,
    days: 5,
    quantity: null,
    advice: 'Sau ăn',
  },
];

/** Walks one visit of a patient; each step's milliseconds are added to `steps`. Fails on any answer that is no success. */
export async function walkVisit(
  program: RunningProgram,
  hands: Hands,
  patient: string,
  steps: Steps,
  watch?: Watch,
): Promise<void> {
  const call = caller(program, steps, watch);
  const arrival = { patient, room: ROOM, reason: 'Đau đầu', identifiedBy: 'search' };
  const { encounter } = await call('check-in', hands.desk, 'POST', '/api/clinic/check-ins', arrival);
  const at = `/api/clinic/visits/${encounter}`;
  const shown = await call('open', hands.doctor, 'GET', at);
  const begun = await call('start', hands.doctor, 'POST', `${at}/start`, {}, shown.version);
  const saved = await call(
    'consultation',
    hands.doctor,
    'PUT',
    `${at}/consultation`,
    CONSULTATION,
    begun.version,
  );
  await call('check', hands.doctor, 'POST', `${at}/prescription/check`, { lines: LINES });
  const sign = { lines: LINES, overrides: [], companion: '', replaces: null, replaceReason: '' };
  const signed = await call('sign', hands.doctor, 'POST', `${at}/prescription/sign`, sign, saved.version);
  const finish = { outcome: '2', dischargeType: '1', followUp: null, followUpReason: '' };
  await call('finish', hands.doctor, 'POST', `${at}/finish`, finish, signed.version);
}

/** Registers so many new people by the desk's own call. @returns their ids */
walkVisit.patients = async (program: RunningProgram, desk: string, count: number): Promise<string[]> => {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const born = 1950 + (index % 50);
    const person = {
      name: `Nguyễn Văn ${String.fromCodePoint(65 + (index % 26))}${String.fromCodePoint(97 + (index % 23))}`,
      sex: index % 2 ? 'female' : 'male',
      birthDate: `${born}-0${1 + (index % 9)}-1${index % 9}`,
      citizenNumber: `099${index % 2}${String(born % 100).padStart(2, '0')}${String(500_000 + index)}`,
      confirmedNotDuplicateOf: [],
    };
    const answer = await program.send('POST', '/api/people', person, {
      cookie: desk,
      'idempotency-key': `bench-${index}`,
    });
    const body = JSON.parse(answer.text) as { person?: { id: string } };
    const id = body.person?.id;
    if (!id) throw new Error(`a person was refused: ${answer.status} ${answer.text.slice(0, 400)}`);
    ids.push(id);
  }
  return ids;
};

interface Shown {
  version: number;
  encounter: string;
}

function caller(program: RunningProgram, steps: Steps, watch?: Watch) {
  return async (
    step: string,
    cookie: string,
    method: string,
    path: string,
    body?: unknown,
    version?: number,
  ): Promise<Shown> => {
    watch?.begins(step);
    const from = performance.now();
    const answer = await program.send(method, path, body, {
      cookie,
      'idempotency-key': crypto.randomUUID(),
      ...(version === undefined ? {} : { 'if-match': `W/"${version}"` }),
    });
    if (answer.status >= 300) throw new Error(`${step}: ${answer.status} ${answer.text.slice(0, 600)}`);
    const times = steps[step] ?? [];
    times.push(performance.now() - from);
    steps[step] = times;
    watch?.ends(step);
    return JSON.parse(answer.text) as Shown;
  };
}
