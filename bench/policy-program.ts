/**
 * The program as bench `policy` asks it: by a message, requests are answered in the name of a doctor with policy and audit,
 * or in the program's own name without either. No setting of the program does that; it is left out here, in the bench.
 */
import type { Actor } from '../kernel/access/contract.ts';
import { startProgram } from '../main/program.ts';
import { UNIT } from './lives.ts';

const [databaseUrl, dataFolder, id, secret] = process.argv.slice(2) as [string, string, string, string];
const program = await startProgram({
  databaseUrl,
  dataFolder,
  demo: false,
  port: 0,
  client: { id, secret },
});

const doctor: Actor = {
  id: 'bench.doctor',
  name: 'Bác sĩ',
  roles: ['doctor'],
  unit: UNIT,
  practitioner: 'bs-1',
  ip: '127.0.0.1',
  purpose: { code: 'TREAT' },
};
const { gate, store } = program.house.kernel;
const { as } = gate;
const { audit, commit } = store;

const inNameOf = (session: () => unknown) => session as typeof as;

function answerBy(policy: boolean): void {
  gate.as = inNameOf(policy ? () => as(doctor) : () => gate.system('bench'));
  store.audit = policy ? audit : async () => undefined;
  store.commit = policy ? commit : (writes) => commit(writes, []);
}

process.on('message', (asked: boolean | 'cpu' | 'stop') => {
  if (typeof asked === 'boolean') answerBy(asked);
  if (asked === 'stop') void program.stop().then(() => process.disconnect());
  else process.send!(process.cpuUsage());
});
process.send!(program.address);
