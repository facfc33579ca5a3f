/** `yba audit verify`: proves that no line of the audit was changed, removed or put in between. */
import { type Command, print, UsageError, withHouse } from './command.ts';

export const audit: Command = {
  name: 'audit',
  summary: 'verify: proves that nobody changed the audit',
  options: { anchor: { type: 'string', multiple: true } },
  help: `yba audit verify [--anchor <seal>:<hash> …]

Recomputes the chain of seals over the audit from its beginning. Prints the last seal: written down elsewhere and
given again with --anchor, it also proves that nothing was cut off at the end. Status 1 when the chain is broken.
`,
  async run({ anchor }, words) {
    if (words.join(' ') !== 'verify') throw new UsageError('yba audit takes one word: verify.');
    const anchors = new Map(((anchor as string[] | undefined) ?? []).map(readAnchor));
    return withHouse(async ({ kernel }) => {
      await kernel.store.sealAudit();
      const report = await kernel.store.verifyAudit({ anchors });
      for (const { text } of report.faults) print(text);
      print(
        `${report.lines} dòng nhật ký dưới ${report.seals} niêm phong: ${report.ok ? 'nguyên vẹn' : 'BỊ SỬA'}.`,
      );
      if (report.head !== null) print(`Niêm phong cuối: ${report.seals}:${report.head}`);
      return report.ok ? 0 : 1;
    });
  },
};

function readAnchor(text: string): [string, string] {
  const match = /^(\d+):([0-9a-f]{64})$/.exec(text);
  if (match) return [match[1]!, match[2]!];
  throw new UsageError(`--anchor "${text}" is not <seal>:<hash>.`);
}
