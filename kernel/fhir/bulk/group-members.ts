/** Persons of a Group: its members of now, also those of the groups in it. */
import { Failure } from '../../failure.ts';
import { intervalOfPeriod } from '../dates.ts';
import { readStoredJson } from '../json/read.ts';
import type { FhirSession } from '../session/session.ts';
import type { Group, GroupMember } from '../types.ts';

/** Groups within groups. */
const MOST_GROUPS = 1_000;

/**
 * Ids of the Patients that are members: neither `inactive` nor with a `period` that has ended or not begun.
 * @param now epoch milliseconds
 * @throws Failure `not-found`, `gone`, `forbidden` of a group that cannot be read; `business-rule` for a Group that describes
 * people (`actual` = false) instead of naming them; `too-large`
 */
export async function groupMembers(session: FhirSession, group: string, now: number): Promise<string[]> {
  const groups = [group];
  const patients = new Set<string>();
  for (let at = 0; at < groups.length; at++) {
    if (at >= MOST_GROUPS) throw tooMany(group);
    const id = groups[at]!;
    const { actual, member = [] } = readStoredJson((await session.readStored('Group', id)).body) as Group;
    if (actual !== true) throw noList(id);
    for (const one of member.filter((each) => isMember(each, now))) {
      const [, type, name] =
        /^(?:\S+\/)?(Patient|Group)\/([^/]+)(?:\/_history\/[^/]+)?$/.exec(one.entity?.reference ?? '') ?? [];
      if (type === 'Patient') patients.add(name!);
      else if (type === 'Group' && !groups.includes(name!)) groups.push(name!);
    }
  }
  return [...patients];
}

function isMember({ inactive, period }: GroupMember, now: number): boolean {
  if (inactive) return false;
  const interval = period === undefined ? null : intervalOfPeriod(period);
  return interval === null || (interval.low <= now && now < interval.high);
}

function noList(id: string): Failure {
  return new Failure('business-rule', `Group/${id} mô tả một nhóm người chứ không kê tên (actual=false).`, {
    textEn: `Group/${id} describes people and names none (actual=false): only a group of named members is exported.`,
    expression: 'Group.actual',
  });
}

function tooMany(id: string): Failure {
  return new Failure('too-large', `Group/${id} gồm hơn ${MOST_GROUPS} nhóm lồng nhau.`, {
    textEn: `Group/${id} consists of more than ${MOST_GROUPS} groups.`,
    expression: 'Group.member',
  });
}
