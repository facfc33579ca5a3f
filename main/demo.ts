/** The demo province: its accounts, and its people on the first start. */
import type { GrantType } from '../kernel/access/clients.ts';
import type { Role } from '../kernel/access/contract.ts';
import { loadSources } from '../kernel/store/index.ts';
import { demoCitizen, generateDemo, keepDay, type Load, layInVaccines } from '../modules/demo/index.ts';
import type { House } from './house.ts';

/** One word for all of them: they exist only in the demo province, which keeps to the loopback address. */
export const DEMO_PASSWORD = 'demo';

/**
 * Makes sure of the demo accounts, fills the province up to the number of people asked for, and draws the day that has
 * begun; what is there already is kept.
 * @param withDay false: nobody comes today, for tests that count their own visits. @returns people in the province
 */
export async function createDemo(
  house: House,
  people: number,
  log: (sentence: string) => void,
  withDay = true,
): Promise<number> {
  await addAccounts(house);
  await addClients(house);
  let told = 0;
  const summary = await generateDemo(house.kernel, {
    people,
    load: loadInto(house),
    onProgress: ({ people: done, of }) => {
      if (told === 0) log(`Đang dựng tỉnh mẫu với ${of} người dân …`);
      if (done - told >= 10_000) log(`  ${done} / ${of}`);
      if (told === 0 || done - told >= 10_000) told = done;
    },
  });
  await addCitizens(house);
  const day = withDay ? await keepDay(house.kernel) : null;
  if (withDay) await layInVaccines(house.kernel);
  if (day) {
    const date = day.day.split('-').reverse().join('/');
    log(
      `Tỉnh mẫu ngày ${date}: thêm ${day.visits} lượt khám mẫu của hôm nay, ${day.present} người đang chờ hoặc đang khám.`,
    );
  }
  return summary.people;
}

/** @throws Error when a made resource is refused: a defect of its maker */
function loadInto({ kernel }: House): Load {
  const act = { who: 'system:demo', whoDisplay: 'Tạo dữ liệu trình diễn', why: 'demo' };
  return async (source) => {
    const faults: string[] = [];
    const summary = await loadSources(kernel.store, {
      ...act,
      sources: [source],
      onRefused: (_, refusals) => faults.push(...refusals.map(({ place, textEn }) => `${place}: ${textEn}`)),
    });
    if (faults.length > 0) throw new Error(`the demo made resources that are refused: ${faults[0]}`);
    return { resources: summary.created - summary.before, complete: summary.complete };
  };
}

/** Applications of `content/demo/clients.csv`: public and of the house, a kiosk for one. */
async function addClients({ kernel, access }: House): Promise<void> {
  const known = new Set((await access.clients.list()).map(({ id }) => id));
  for (const { id = '', name = '', grants = '', scopes = '' } of kernel.content.table('demo/clients')) {
    if (known.has(id)) continue;
    await access.clients.add({
      id,
      name,
      scopes,
      grants: grants.split(' ') as GrantType[],
      authMethod: 'none',
      trusted: true,
    });
  }
}

/** Those of staff: rows of `content/demo/accounts.csv` that name a practitioner. */
async function addAccounts({ kernel, access }: House): Promise<void> {
  for (const row of kernel.content.table('demo/accounts')) {
    if (row.practitioner === '' || (await access.accounts.read(row.username!))) continue;
    await access.accounts.add({
      id: row.username!,
      name: row.name!,
      roles: row.roles!.split(' ') as Role[],
      unit: row.unit || null,
      practitioner: row.practitioner!,
      password: DEMO_PASSWORD,
      demo: true,
    });
  }
}

/** Rows without a practitioner are citizens; who they are is drawn when there are people. */
async function addCitizens({ kernel, access }: House): Promise<void> {
  for (const row of kernel.content.table('demo/accounts')) {
    if (row.practitioner !== '' || (await access.accounts.read(row.username!))) continue;
    const citizen = await demoCitizen(kernel);
    if (!citizen) return;
    await access.accounts.add({
      id: row.username!,
      name: citizen.name,
      roles: ['citizen'],
      unit: null,
      practitioner: null,
      person: citizen.patient,
      password: DEMO_PASSWORD,
      demo: true,
    });
  }
}
