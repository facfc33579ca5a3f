/** Who works in the demo facilities: the owners of the demo accounts, and invented colleagues everywhere else. */
import type { Content } from '../../kernel/content/content.ts';
import { cs, DEMO_LABEL } from '../../kernel/fhir/systems.ts';
import type { Resource } from '../../kernel/fhir/types.ts';
import type { StaffMember } from '../places/index.ts';
import type { Posts } from './life.ts';
import { drawName, drawSurname } from './names.ts';
import { type Random, randomOf } from './random.ts';
import type { DemoTables } from './tables.ts';
import type { Words } from './words.ts';

/** Posts of a facility by its kind: id ending, role, room. */
const POSTS: Record<string, [ending: string, role: string, room: string][]> = {
  'tram-y-te': [
    ['bacsi', 'doctor', 'kham'],
    ['dieuduong', 'nurse', 'kham'],
    ['xetnghiem', 'laboratory', 'xn'],
  ],
  'benh-vien': [
    ['bacsi', 'doctor', 'kham'],
    ['dieuduong', 'nurse', 'kham'],
  ],
  ttyt: [
    ['bacsi', 'doctor', 'kham'],
    ['dieuduong', 'nurse', 'kham'],
  ],
};

const ROOM_OF_ROLE: Record<string, string> = {
  doctor: 'kham',
  nurse: 'kham',
  reception: 'kham',
  laboratory: 'xn',
  cashier: 'thuoc',
};
const PRACTISING = new Set(['doctor', 'nurse', 'laboratory']);

/** Accounts first, then the posts that no account holds. */
export function demoStaff(
  content: Content,
  seed: string,
  today: string,
  tables: DemoTables,
  words: Words,
): StaffMember[] {
  const rolesOf = (codes: string[]) =>
    codes.map((code) => ({ code, display: words.coding(cs.role, code, today).display ?? code }));
  const working = content.table('demo/accounts').filter((row) => row.practitioner !== '');
  const held = working.map((row): StaffMember => {
    const roles = row.roles!.split(' ');
    const facility = row.unit!.startsWith('cs-') ? row.unit!.slice(3) : null;
    const room = facility ? (roles.map((role) => ROOM_OF_ROLE[role]).find(Boolean) ?? null) : null;
    return {
      id: row.practitioner!,
      name: row.name!,
      roles: rolesOf(roles),
      unit: row.unit!,
      room: facility && room ? `${facility}-${room}` : null,
      licence: roles.some((role) => PRACTISING.has(role)) ? licenceOf(row.practitioner!) : null,
      username: row.username!,
      security: DEMO_LABEL,
    };
  });
  const taken = new Set(held.map((member) => member.id));
  const others = content.table('demo/facilities').flatMap((facility) =>
    (POSTS[facility.type!] ?? [])
      .filter(([ending]) => !taken.has(`nv-${facility.code}-${ending}`))
      .map(([ending, role, room]): StaffMember => {
        const id = `nv-${facility.code}-${ending}`;
        return {
          id,
          name: staffName(tables, randomOf(seed, 'staff', id)),
          roles: rolesOf([role]),
          unit: facility.id!,
          room: `${facility.code}-${room}`,
          licence: licenceOf(id),
          username: null,
          security: DEMO_LABEL,
        };
      }),
  );
  return [...held, ...others];
}

function licenceOf(id: string): string {
  return `DEMO-${id.slice(3)}`;
}

function staffName(tables: DemoTables, random: Random): string {
  const sex = random.chance(0.6) ? 'female' : 'male';
  const birthYear = random.int(1968, 1999);
  return drawName(tables, { surname: drawSurname(tables, '01', random), sex, birthYear }, new Set(), random);
}

/** The doctor who sees the demo's people at a facility, and the nurse who gives injections there. */
function postHolder(staff: StaffMember[], facilityCode: string, ending: string): StaffMember {
  const member = staff.find((each) => each.id === `nv-${facilityCode}-${ending}`);
  if (!member) throw new Error(`No ${ending} at facility ${facilityCode}`);
  return member;
}

/** Who works where, and the facilities themselves as other records name them. */
export function openPosts(staff: StaffMember[], facilities: readonly Resource[]): Posts {
  const organizations = new Map(
    facilities.flatMap((each) => (each.resourceType === 'Organization' ? [[each.id!, each] as const] : [])),
  );
  return {
    doctorAt: (code) => postHolder(staff, code, 'bacsi'),
    nurseAt: (code) => postHolder(staff, code, 'dieuduong'),
    organizationAt: (code) => organizations.get(`cs-${code}`)!,
  };
}
