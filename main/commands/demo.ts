/** `yba demo --people N`: builds a demo province of any size in an empty database, without starting the program. */
import { createDemo } from '../demo.ts';
import { modules } from '../modules.ts';
import { SettingError } from '../settings.ts';
import { type Command, print, tellOperator, UsageError, withHouse } from './command.ts';

export const demo: Command = {
  name: 'demo',
  summary: 'builds a demo province of any size',
  options: { people: { type: 'string' } },
  help: `yba demo --people N

Builds the demo province with N citizens in an empty data folder (YBA_DATA) or database (DATABASE_URL).
The same N gives the same people every time.
`,
  async run({ people }) {
    const number = typeof people === 'string' && /^[1-9]\d{0,6}$/.test(people) ? Number(people) : null;
    if (number === null) throw new UsageError('--people needs a number from 1 to 9999999.');
    return withHouse(async (house) => {
      if (!house.demo)
        throw new SettingError('This database holds a real province: set YBA_DATA to a new folder.');
      for (const module of modules) await module.start?.(house.kernel);
      const made = await createDemo(house, number, tellOperator);
      if (!made)
        throw new SettingError('This database has its demo province already: set YBA_DATA to a new folder.');
      await house.kernel.events.settled();
      print(`Đã dựng tỉnh mẫu với ${number} người dân.`);
      return 0;
    });
  },
};
