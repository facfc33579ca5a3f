/** `yba demo --people N`: builds a demo province of any size in an empty database, without starting the program. */
import { SettingError } from '../settings.ts';
import { type Command, print, UsageError, withHouse } from './command.ts';

export const demo: Command = {
  name: 'demo',
  summary: 'builds a demo province of any size',
  options: { people: { type: 'string' } },
  help: `yba demo --people N

Fills the demo province up to N citizens, in the data folder (YBA_DATA) or the database (DATABASE_URL). The same N gives
the same people every time; people who are there stay.
`,
  async run({ people }) {
    const number = typeof people === 'string' && /^[1-9]\d{0,6}$/.test(people) ? Number(people) : null;
    if (number === null) throw new UsageError('--people needs a number from 1 to 9999999.');
    return withHouse(async (house) => {
      if (!house.demo)
        throw new SettingError('This database holds a real province: set YBA_DATA to a new folder.');
      const { startFollowers } = await import('../house.ts');
      const { createDemo } = await import('../demo.ts');
      await startFollowers(house);
      const inProvince = await createDemo(house, number, print);
      await house.kernel.events.settled();
      print(`Tỉnh mẫu có ${inProvince} người dân.`);
      return 0;
    });
  },
};
