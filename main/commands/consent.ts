/** `yba consent`: makes the rules of persons' consent anew from the stored Consents. */
import { type Command, print, UsageError, withHouse } from './command.ts';

export const consent: Command = {
  name: 'consent',
  summary: "rules of persons' consent: rebuild them from the record",
  options: {},
  help: `yba consent rebuild

Makes the table of what persons permit and deny anew from the stored Consents, in one transaction: who asks meanwhile is
answered by the rules of before. Names every Consent of which a part cannot be carried out; its other parts count.
The program keeps the table with every write; this is for doubt, and after a restore.
`,
  async run(_values, [verb = '', ...more]) {
    if (verb !== 'rebuild' || more.length > 0) throw new UsageError('See "yba consent --help".');
    return withHouse(async ({ kernel }) => {
      const { consents, rules, faults } = await kernel.store.consentRules.rebuild();
      print(`${consents} Consent, ${rules} quy tắc.`);
      for (const { consent: id, issues } of faults) {
        for (const { expression, textEn } of issues)
          print(`Consent/${id} ${expression ?? ''}: ${textEn ?? ''}`);
      }
      return faults.length === 0 ? 0 : 1;
    });
  },
};
