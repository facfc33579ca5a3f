/** A design becomes a version of its form: checked, tried, with the day from which it is in force. Nothing that was published is changed. */
import { checkForm, profilesOf, sliceFaults } from '../../../engines/forms/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { ext } from '../../../kernel/fhir/systems.ts';
import type { Questionnaire } from '../../../kernel/fhir/types.ts';
import type { RecordSession } from '../../../kernel/kernel.ts';
import { isDay } from '../../../kernel/text/vietnam-time.ts';
import { canonicalOf, type Definition } from '../definitions.ts';
import { demandFaults } from './demands.ts';
import { designFaults } from './faults.ts';
import { runTrial, type Trial } from './trials.ts';

export interface Publication {
  /** Last part of the address. */
  key: string;
  form: Questionnaire;
  url: string;
  /** ISO day from which it is in force; not before today. */
  from: string;
  today: string;
  reason: string;
  /** Every version that there is. */
  versions: readonly Definition[];
  trials: readonly Trial[];
}

/** Writes the new version. Fails with `business-rule`, each fault at its place, when it cannot be filled in or a test case fails. */
export async function publish(session: RecordSession, ask: Publication): Promise<Questionnaire> {
  const { from, today } = ask;
  if (!isDay(from) || from < today)
    throw new Failure('invalid-parameter', 'Ngày hiệu lực phải từ hôm nay trở đi; quá khứ không thay đổi.', {
      textEn: 'The first day of validity must be today or later: the past does not change.',
      expression: 'from',
    });
  const form = versionOf(ask);
  const found = [
    ...checkForm(form),
    ...sliceFaults(form, await profilesOf(session, form)),
    ...designFaults(form),
    ...demandFaults(ask.key, form),
  ];
  const faults = found.filter(({ severity }) => severity === 'error');
  if (faults.length > 0)
    throw new Failure('business-rule', 'Biểu mẫu còn lỗi nên chưa công bố được.', { issues: faults });
  refuseFailing(form, ask.trials);
  return session.create<Questionnaire>(form);
}

function versionOf({ form, url, from, reason, versions }: Publication): Questionnaire {
  const { id: _, meta: __, effectivePeriod: ___, extension = [], derivedFrom: ____, ...rest } = form;
  const before = versions.filter((one) => one.from <= from).at(-1);
  const others = extension.filter((one) => one.url !== ext.versionReason);
  const extensions = reason === '' ? others : [...others, { url: ext.versionReason, valueString: reason }];
  return {
    ...rest,
    ...(extensions.length > 0 ? { extension: extensions } : {}),
    ...(before ? { derivedFrom: [canonicalOf({ url, version: before.version })] } : {}),
    url,
    version: freeVersion(from, versions),
    status: 'active',
    date: from,
    subjectType: form.subjectType ?? ['Patient'],
    effectivePeriod: { start: from },
  };
}

/** The first day, and a number behind it when that day has a version already: `2026-12-01.2`. */
export function freeVersion(from: string, versions: readonly Pick<Definition, 'version'>[]): string {
  const taken = new Set(versions.map(({ version }) => version));
  if (!taken.has(from)) return from;
  for (let number = 2; ; number++) if (!taken.has(`${from}.${number}`)) return `${from}.${number}`;
}

function refuseFailing(form: Questionnaire, trials: readonly Trial[]): void {
  const failed = trials.map((trial) => runTrial(form, trial)).filter(({ passed }) => !passed);
  if (failed.length === 0) return;
  const names = failed.map(({ name }) => `"${name}"`).join(', ');
  throw new Failure(
    'business-rule',
    `Ca thử không đạt: ${names}. Sửa biểu mẫu, hoặc ghi lại kết quả mong đợi.`,
    {
      textEn: `Test cases failed: ${names}.`,
      details: { failed },
    },
  );
}
