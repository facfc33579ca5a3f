/** `yba config`: every setting with its meaning, its value, and where the value comes from. */
import { readSettings, SETTINGS } from '../settings.ts';
import { type Command, print } from './command.ts';

export const config: Command = {
  name: 'config',
  summary: 'prints every setting, its meaning and its value',
  options: {},
  help: 'yba config\n\nPrints every setting: name in yba.config.json, environment variable, meaning, value and where it comes from.\n',
  async run() {
    const { settings, sources } = readSettings(process.env, process.cwd());
    for (const { key, env, meaning, ...more } of SETTINGS) {
      const value = settings[key];
      const shown =
        'secret' in more && value !== null ? '(set)' : value === null ? '(not set)' : String(value);
      print(`${key} (${env}) = ${shown}   [${sources[key]}]\n    ${meaning}`);
    }
    return 0;
  },
};
